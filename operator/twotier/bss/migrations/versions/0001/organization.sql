-- A root organization is a distributor; the tenants of its resellers are its children.
create table organization (
  id             uuid primary key,
  root_id        uuid references organization,          -- null for a root
  namespace      text collate "C",                      -- of the Distributor resource; roots only
  name           text collate "C",                      -- of the Distributor resource; roots only
  account_number text collate "C",                      -- of the reseller in the root; tenants only
  display_name   text not null,
  country        char(2) not null,                      -- ISO 3166-1 alpha-2
  time_zone      text not null,                         -- IANA
  currency       char(3) not null,                      -- ISO 4217
  created_at     timestamptz not null,
  check (root_id is null and namespace is not null and name is not null and account_number is null
      or root_id is not null and namespace is null and name is null and account_number is not null),
  unique (namespace, name),
  unique (root_id, account_number)
);
call isolate('organization', 'id');
grant select, insert, update, delete on organization to twotier_operator;
grant select on organization to twotier_worker, twotier_api;
