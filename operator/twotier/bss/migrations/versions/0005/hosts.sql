-- Whose a host is has to be known before it is known for whom a session acts; only organization_of_host reads it so.
create policy every_host on storefront_address for select to twotier_reader using (true);
grant select on storefront_address to twotier_reader;
