-- Whatever leaves a database and names a list, such as the id of a plan, names it by a key that it has in any other, too.
-- The number stays what rows of this database refer to.
alter table price_list add column key uuid not null default uuidv7();
alter table price_list alter column key drop default, add unique (key);
