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
  currency       char(3) not null,                      -- ISO 4217; a tenant has the one of its first price list
  created_at     timestamptz not null,
  check (root_id is null and namespace is not null and name is not null and account_number is null
      or root_id is not null and namespace is null and name is null and account_number is not null),
  unique (namespace, name),
  unique (root_id, account_number)
);
call isolate('organization', 'id');
grant select, insert, update, delete on organization to twotier_operator;
grant select on organization to twotier_worker, twotier_api, twotier_reader;

-- The root of the organization that the transaction acts for; the root itself when it acts for one.
create function current_root() returns uuid stable parallel safe language sql
  return (select coalesce(root_id, id) from organization where id = current_organization());
grant execute on function current_root to twotier_api, twotier_reader;

-- What only a root has.

create table distributor (
  organization_id        uuid primary key references organization,
  storefront_domain      text collate "C",              -- tenants' storefronts are aliases below it
  record_owner           text,                          -- the distributor's user who owns machine-made records
  record_permission_rule text                           -- says who may see them
);
call isolate('distributor');
grant select, insert, update, delete on distributor to twotier_operator;

-- The countries that tenants may have customers in; none: all. Referred to by tenants, not copied.
create table distributor_country (
  organization_id uuid not null references organization,
  country         char(2) not null references country,
  primary key (organization_id, country)
);
call isolate('distributor_country');
create policy of_the_root on distributor_country for select to twotier_api
  using (organization_id = (select current_root()));
grant select, insert, update, delete on distributor_country to twotier_operator;
grant select on distributor_country to twotier_api;

-- A system that provisions services, such as a vendor's portal.
create table platform (
  organization_id uuid not null references organization,
  name            text collate "C" not null,
  link_required   boolean not null,                     -- a reseller must be registered with it before it sells its products
  primary key (organization_id, name)
);
call isolate('platform');

create table platform_product_type (
  organization_id uuid not null,
  product_type    text collate "C" not null,
  platform        text collate "C" not null,
  primary key (organization_id, product_type),
  foreign key (organization_id, platform) references platform on delete cascade
);
call isolate('platform_product_type');
grant select, insert, update, delete on platform, platform_product_type to twotier_operator;

-- What a root has, and a tenant starts with a part of.

create table tax (
  organization_id uuid not null references organization,
  name            text collate "C" not null,
  percent         numeric not null,
  primary key (organization_id, name)
);
call isolate('tax');

create table tax_rule (
  organization_id uuid not null,
  tax             text collate "C" not null,
  product_type    text collate "C",                     -- null: applies to all product types
  unique nulls not distinct (organization_id, tax, product_type),
  foreign key (organization_id, tax) references tax on delete cascade
);
call isolate('tax_rule');

create table payment_method (
  organization_id uuid not null references organization,
  name            text collate "C" not null,
  gateway         text collate "C",                     -- null: not tied to one
  primary key (organization_id, name)
);
call isolate('payment_method');
grant select, insert, update, delete on tax, tax_rule, payment_method to twotier_operator;
grant select on tax, tax_rule, payment_method to twotier_api;
