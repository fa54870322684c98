-- What a reseller sets in a tenant's session, for the organization of the transaction and with the rights of the writer.
-- A session says what it sets; version, time and who set it are not its to say. Rows of another organization are refused.
set local role twotier_writer;

-- The next version of the reseller's overrides, and with it the lock that keeps two of its changes apart.
create function next_override(p_organization uuid) returns integer language sql as $$
  update catalogue_assignment set last_override = last_override + 1
  where organization_id = p_organization
  returning last_override
$$;

-- Takes that lock, for a change that looks before it writes; false where there is no catalogue yet.
create function lock_overrides(p_organization uuid) returns boolean
  security definer set search_path = twotier, pg_temp language plpgsql as $$
begin
  perform from catalogue_assignment where organization_id = p_organization for update;
  return found;
end $$;

-- Returns the version; null for a product that never arrived.
create function set_product_override(p_organization uuid, p_sku text, p_field text, p_value text) returns integer
  security definer set search_path = twotier, pg_temp language plpgsql as $$
declare
  version constant integer := case when catalogue_has(p_sku, null) then next_override(p_organization) end;
begin
  if version is not null then
    insert into product_override (organization_id, sku, field, version, value)
    values (p_organization, p_sku, p_field, version, p_value);
  end if;
  return version;
end $$;

-- Returns the version; null for an offer that never arrived.
create function set_offer_override(
  p_organization uuid, p_sku text, p_unit text, p_sell_price numeric, p_margin_percent numeric
) returns integer
  security definer set search_path = twotier, pg_temp language plpgsql as $$
declare
  version constant integer := case when catalogue_has(p_sku, p_unit) then next_override(p_organization) end;
begin
  if version is not null then
    insert into offer_override (organization_id, sku, unit, version, sell_price, margin_percent)
    values (p_organization, p_sku, p_unit, version, p_sell_price, p_margin_percent);
  end if;
  return version;
end $$;

create function set_category_name(p_organization uuid, p_category text, p_name text) returns integer
  security definer set search_path = twotier, pg_temp language plpgsql as $$
declare
  version constant integer := next_override(p_organization);
begin
  insert into category_override (organization_id, category, version, name)
  values (p_organization, p_category, version, p_name);
  return version;
end $$;

-- Of the functions below, each returns whether there was something to do.

create function create_own_product_type(p_organization uuid, p_name text) returns boolean
  security definer set search_path = twotier, pg_temp language plpgsql as $$
begin
  insert into own_product_type (organization_id, name) values (p_organization, p_name) on conflict do nothing;
  return found;
end $$;

create function create_own_product(
  p_organization uuid, p_sku text, p_name text, p_description text, p_image text, p_category text, p_product_type text,
  p_charge_type text, p_published boolean
) returns boolean
  security definer set search_path = twotier, pg_temp language plpgsql as $$
begin
  insert into own_product
    (organization_id, sku, name, description, image, category, product_type, charge_type, published)
  values
    (p_organization, p_sku, p_name, p_description, p_image, p_category, p_product_type, p_charge_type, p_published)
  on conflict do nothing;
  return found;
end $$;

-- Code and type stay.
create function change_own_product(
  p_organization uuid, p_sku text, p_name text, p_description text, p_image text, p_category text, p_product_type text,
  p_charge_type text, p_published boolean
) returns boolean
  security definer set search_path = twotier, pg_temp language plpgsql as $$
begin
  update own_product
  set name = p_name, description = p_description, image = p_image, category = p_category, charge_type = p_charge_type,
      published = p_published, changed_at = default, changed_by = default
  where organization_id = p_organization and sku = p_sku and product_type = p_product_type;
  return found;
end $$;

create function publish_own_product(p_organization uuid, p_sku text, p_published boolean) returns boolean
  security definer set search_path = twotier, pg_temp language plpgsql as $$
begin
  update own_product set published = p_published, changed_at = default, changed_by = default
  where organization_id = p_organization and sku = p_sku;
  return found;
end $$;

create function put_own_offer(p_organization uuid, p_sku text, p_unit text, p_sell_price numeric, p_cost numeric)
  returns boolean
  security definer set search_path = twotier, pg_temp language plpgsql as $$
begin
  insert into own_offer (organization_id, sku, unit, sell_price, cost)
  select organization_id, sku, p_unit, p_sell_price, p_cost from own_product
  where organization_id = p_organization and sku = p_sku
  on conflict (organization_id, sku, unit) do update
  set sell_price = excluded.sell_price, cost = excluded.cost, changed_at = default, changed_by = default;
  return found;
end $$;

revoke execute on function
  next_override, lock_overrides, set_product_override, set_offer_override, set_category_name, create_own_product_type,
  create_own_product, change_own_product, publish_own_product, put_own_offer
from public;
grant execute on function
  lock_overrides, set_product_override, set_offer_override, set_category_name, create_own_product_type,
  create_own_product, change_own_product, publish_own_product, put_own_offer
to twotier_api;

set local role twotier_owner;
