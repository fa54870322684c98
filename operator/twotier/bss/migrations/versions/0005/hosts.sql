-- Whose a host is has to be known before it is known for whom a session acts; only organization_of_host reads it so.
create policy every_host on reserved_host for select to twotier_reader using (true);
create policy every_alias on storefront for select to twotier_reader using (true);
grant select on reserved_host to twotier_reader;
grant select on storefront to twotier_reader;
