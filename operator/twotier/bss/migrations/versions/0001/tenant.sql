-- The reseller's account in the books of the distributor, which stays whatever becomes of the tenant.

create table account (
  organization_id  uuid not null references organization,  -- the distributor
  number           text collate "C" not null,
  name             text not null,
  email            text,
  street           text,
  city             text,
  state            text,
  postal_code      text,
  country          char(2),                                -- of the billing address; decides whether taxes are copied
  ordering_enabled boolean not null,
  primary key (organization_id, number)
);
call isolate('account');

create table account_link (
  organization_id uuid not null,
  account_number  text collate "C" not null,
  platform        text collate "C" not null,
  reference       text not null,                           -- what the reseller is called on the platform
  primary key (organization_id, account_number, platform),
  foreign key (organization_id, account_number) references account on delete cascade
);
call isolate('account_link');
grant select, insert, update, delete on account, account_link to twotier_operator;

-- A tenant and what is declared of it.

create table tenant (
  organization_id   uuid primary key references organization,
  phase             text collate "C" not null check (phase in ('InProgress', 'Active', 'Suspended', 'MarkedAsDeleted')),
  edition           text collate "C" not null check (edition in ('Basic', 'Premium')),
  language          text collate "C" not null,             -- BCP 47; the default of the BSS and of the storefront
  date_format       text not null,
  separate_invoices boolean not null,                      -- at the distributor: an invoice for each customer
  billing_day       smallint not null check (billing_day between 1 and 31),
  activated_at      timestamptz                            -- null until the first catalogue stands
);
call isolate('tenant');
grant select, insert, update, delete on tenant to twotier_operator;
grant select on tenant to twotier_worker, twotier_api;

-- An address leads to one tenant in the whole installation, and stays taken until the tenant is erased.
create table storefront_address (
  host            text collate "C" primary key,
  organization_id uuid not null unique references organization
);
call isolate('storefront_address');

create table storefront (
  organization_id uuid primary key references organization,
  branding        jsonb not null
);
call isolate('storefront');
grant select, insert, update, delete on storefront_address, storefront to twotier_operator;
grant select on storefront_address, storefront to twotier_api;

-- Who works in an organization, and what each person may do.

create table staff_group (
  organization_id uuid not null references organization,
  name            text collate "C" not null,
  is_default      boolean not null,
  primary key (organization_id, name)
);
create unique index staff_group_one_default on staff_group (organization_id) where is_default;
call isolate('staff_group');

create table permission_rule (
  organization_id uuid not null,
  name            text collate "C" not null,
  staff_group     text collate "C" not null,
  module          text collate "C",                        -- null: every module
  access          text collate "C" not null check (access in ('full', 'read')),
  primary key (organization_id, name),
  foreign key (organization_id, staff_group) references staff_group on delete cascade
);
call isolate('permission_rule');

create table staff (
  organization_id  uuid not null,
  id               uuid not null,
  email            text not null,
  first_name       text,
  last_name        text,
  staff_group      text collate "C" not null,
  is_administrator boolean not null,                       -- the one who is declared with the tenant
  primary key (organization_id, id),
  foreign key (organization_id, staff_group) references staff_group
);
create unique index staff_by_email on staff (organization_id, lower(email));
create unique index staff_one_administrator on staff (organization_id) where is_administrator;
call isolate('staff');

create table staff_credential (
  organization_id uuid not null,
  staff_id        uuid not null,
  password_hash   text collate "C" not null,               -- with the parameters it was made with
  rotation        text,                                    -- what was declared when it was made
  primary key (organization_id, staff_id),
  foreign key (organization_id, staff_id) references staff on delete cascade
);
call isolate('staff_credential');
grant select, insert, update, delete on staff_group, permission_rule, staff, staff_credential to twotier_operator;
grant select on staff_group, permission_rule, staff, staff_credential to twotier_api;

-- The user who answers for automatic invoices is one of the distributor's in a root, one of the staff in a tenant.
create table automatic_invoicing (
  organization_id      uuid primary key references organization,
  enabled              boolean not null,
  send_by_email        boolean not null,
  responsible_user     text,
  responsible_staff_id uuid,
  check (num_nonnulls(responsible_user, responsible_staff_id) <= 1),
  foreign key (organization_id, responsible_staff_id) references staff
);
call isolate('automatic_invoicing');
grant select, insert, update, delete on automatic_invoicing to twotier_operator;
grant select on automatic_invoicing to twotier_api;

-- What a tenant's price list brings beside products.

create index product_by_type on product (price_list_id, product_type, to_revision);

-- The product types whose taxes were looked at: what the reseller changed or removed since is not copied again.
create table tax_coverage (
  organization_id uuid not null references organization,
  product_type    text collate "C",                        -- null: the rules for all product types
  unique nulls not distinct (organization_id, product_type)
);
call isolate('tax_coverage');
grant select, insert, delete on tax_coverage to twotier_operator;

-- A tenant's own part of a connection; everything else is read from the root's platform when it is used.
create table platform_connection (
  organization_id uuid not null references organization,
  platform        text collate "C" not null,
  system_name     text not null,
  reference       text,                                    -- what the reseller is called on the platform
  primary key (organization_id, platform)
);
call isolate('platform_connection');
grant select, insert, delete on platform_connection to twotier_operator;
grant select on platform_connection to twotier_api;
