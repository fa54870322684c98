-- What is the reseller's own beside the values it sets on inherited products: names of categories, and products.

-- What it calls a category, append-only and numbered with its other values. A category is known by the name that it came
-- down with or was made with; a version without a name takes its name away.
create table category_override (
  organization_id uuid not null references catalogue_assignment on delete cascade,
  category        text collate "C" not null,
  version         integer not null,
  name            text collate "C",
  recorded_at     timestamptz not null,
  primary key (organization_id, category, version)
);
call isolate('category_override');

alter table offer_override
  add check (sell_price < 'infinity' and scale(sell_price) <= 18),
  add check (margin_percent > '-infinity' and scale(margin_percent) <= 18);

-- Products that the distributor knows nothing of. They have tables of their own, so no key of theirs can meet one that
-- came down, and no update reads or writes them.

create table own_product_type (
  organization_id uuid not null references organization,
  name            text collate "C" not null,
  primary key (organization_id, name)
);
call isolate('own_product_type');

create table own_product (
  organization_id uuid not null,
  sku             text collate "C" not null,
  name            text collate "C" not null,
  description     text collate "C",
  image           text collate "C",
  category        text collate "C",
  product_type    text collate "C" not null,
  charge_type     text collate "C" not null check (charge_type in ('recurring', 'one-off', 'usage')),
  published       boolean not null,
  changed_at      timestamptz not null,
  primary key (organization_id, sku),
  foreign key (organization_id, product_type) references own_product_type
);
call isolate('own_product');

create table own_offer (
  organization_id uuid not null,
  sku             text collate "C" not null,
  unit            text collate "C" not null,
  sell_price      numeric not null check (sell_price >= 0 and sell_price < 'infinity' and scale(sell_price) <= 18),
  cost            numeric check (cost >= 0 and cost < 'infinity' and scale(cost) <= 18),   -- what it pays others, if it tells
  changed_at      timestamptz not null,
  primary key (organization_id, sku, unit),
  foreign key (organization_id, sku) references own_product on delete cascade
);
call isolate('own_offer');

grant select, insert on category_override to twotier_api;
grant select, insert, delete on own_product_type, own_product, own_offer to twotier_api;
grant update (name, description, image, category, charge_type, published, changed_at) on own_product to twotier_api;
grant update (sell_price, cost, changed_at) on own_offer to twotier_api;
grant select on category_override to twotier_reader;
grant select, delete on category_override to twotier_operator;
grant select, delete on own_product_type, own_product, own_offer to twotier_operator;
grant select on category_override, own_product_type, own_product, own_offer to twotier_viewer, twotier_worker;
