-- The tenant's catalogue, defined once: what came down, with what the reseller set himself over it.

-- The reseller's price for an offer of a given cost: his own value if he has one, else the inherited price.
-- A margin is a part of the sell price, rounded to the decimals of the cost and never to fewer than two.
create function effective_sell_price(cost numeric, inherited numeric, own_price numeric, margin_percent numeric)
  returns numeric immutable language sql
  return case when margin_percent is null then coalesce(own_price, inherited)
              else round(cost / (1 - margin_percent / 100), greatest(2, scale(trim_scale(cost)))) end;

-- An inherited price of zero is none (lists are full of zeros); one that the reseller set himself is meant.
create function is_priced(inherited numeric, own_price numeric, margin_percent numeric) returns boolean immutable language sql
  return coalesce(inherited, 0) <> 0 or own_price is not null or margin_percent is not null;

-- The value that the reseller set for an offer, unless an update up to the watermark displaced it or he took it away.
create function own_price(p catalogue_pins, p_sku text, p_unit text, p_watermark integer)
  returns table (sell_price numeric, margin_percent numeric) stable rows 1 language sql as $$
  select o.sell_price, o.margin_percent
  from (select v.sell_price, v.margin_percent, v.version from offer_override v
        where p.last_override > p_watermark
          and v.organization_id = p.organization_id and v.sku = p_sku and v.unit = p_unit and v.version <= p.last_override
        order by v.version desc limit 1) o
  where o.version > p_watermark and num_nonnulls(o.sell_price, o.margin_percent) > 0
$$;

-- What the reseller calls a category, which is known by the name that it came down with or was made with.
create function category_name(p catalogue_pins, p_category text) returns text stable language sql
  return coalesce((select v.name from category_override v
                   where v.organization_id = p.organization_id and v.category = p_category and v.version <= p.last_override
                   order by v.version desc limit 1), p_category);

-- One row an offer of the tenant's catalogue, as his customers and his staff see it.
create type catalogue_offer as (
  sku text collate "C", unit text collate "C", name text collate "C", description text collate "C",
  image text collate "C", category text collate "C",
  product_type text collate "C", charge_type text collate "C", kind text collate "C",
  cost numeric, tiers price_tier[], sell_price numeric,
  active boolean,                  -- by the distributor: offer and product
  discontinued boolean,            -- it arrived once and is not in the list any more
  published boolean,               -- active, not discontinued, priced, and not hidden by the reseller
  needs_review boolean,            -- arrived without a sell price, and the reseller has set none
  inherited_name text collate "C", inherited_description text collate "C", inherited_category text collate "C",
  inherited_sell_price numeric,
  list_name text collate "C"                   -- by the structure's revision; what pages by name are sorted by
);

create function with_overrides(p catalogue_pins, i inherited_offer) returns setof catalogue_offer stable language sql as $$
  select i.sku, i.unit, coalesce(own.name, i.name), coalesce(own.description, i.description), own.image,
         case when p.last_override > 0 then category_name(p, coalesce(own.category, i.category)) else i.category end,
         i.product_type, i.charge_type, i.kind, i.cost, i.tiers,
         effective_sell_price(i.cost, i.sell_price, price.sell_price, price.margin_percent),
         i.offer_active and i.product_active, i.discontinued,
         i.offer_active and i.product_active and not i.discontinued
           and coalesce(own.publication, 'published') = 'published'
           and is_priced(i.sell_price, price.sell_price, price.margin_percent),
         not is_priced(i.sell_price, price.sell_price, price.margin_percent),
         i.name, i.description, i.category, i.sell_price, i.list_name
  from (select) one_row
  left join lateral own_price(p, i.sku, i.unit, p.sell_watermark) price on true
  left join lateral (
    select texts.*
    from (select max(o.value) filter (where o.field = 'name' and o.version > p.names_watermark) as name,
                 max(o.value) filter (where o.field = 'description') as description,
                 max(o.value) filter (where o.field = 'image') as image,
                 max(o.value) filter (where o.field = 'category') as category,
                 max(o.value) filter (where o.field = 'publication') as publication
          from (select distinct on (v.field) v.field, v.version, v.value from product_override v
                where v.organization_id = p.organization_id and v.sku = i.sku and v.version <= p.last_override
                order by v.field, v.version desc) o) texts
    where p.last_override > 0) own on true
$$;

-- The one definition of correctness.
create function catalogue_of(p catalogue_pins) returns setof catalogue_offer stable language sql as $$
  select c.* from inherited_catalogue(p) i cross join lateral with_overrides(p, i) c
$$;

grant execute on function effective_sell_price, is_priced, own_price, category_name, with_overrides, catalogue_of
to twotier_operator, twotier_viewer, twotier_reader;
