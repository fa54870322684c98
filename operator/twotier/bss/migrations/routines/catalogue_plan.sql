-- What an update would change, one row an offer. Read by the operator alone.
-- Counted is what comes down: the reseller's own values hide some of it, and those that would be displaced are counted apart.

create type catalogue_target as (
  price_list_id integer, revision integer, is_full boolean, sell_prices boolean, names boolean, watermark integer
);

create type catalogue_change as (
  sku text collate "C", unit text collate "C",
  kind text collate "C",           -- added, returned, discontinued or changed
  cost boolean, tiers boolean, sell_price boolean, name boolean, description boolean, activity boolean, other boolean,
  old_cost numeric, new_cost numeric,
  below_cost boolean,              -- it has a sell price, and one below its cost afterwards
  unpriced boolean                 -- it arrives or returns without a sell price
);

-- What a comparison needs of the versions in the revision to come.
create type listed_offer as (
  sku text collate "C", unit text collate "C", price numeric, tiers price_tier[], recommended_sell_price numeric,
  active boolean
);
create type listed_product as (
  sku text collate "C", name text collate "C", description text collate "C", product_type text collate "C",
  charge_type text collate "C", kind text collate "C", active boolean
);

-- The comparison, for all ways to find what to compare: an offer as it came down (i, without a SKU for one that
-- arrives), and the versions of the offer and of the product in the revision to come (n and m, without one if there is
-- none). Callers write rows, not variables of composite types: the planner takes a row apart and never builds it.
create function change_of(p catalogue_pins, t catalogue_target, i inherited_offer, n listed_offer, m listed_product)
  returns setof catalogue_change stable rows 1 language sql as $$
  select c.sku, c.unit, c.kind, c.cost, c.tiers, c.sell_price, c.name, c.description, c.activity, c.other, c.old_cost, c.new_cost,
         n.sku is not null and is_priced(c.new_sell_price, own.sell_price, own.margin_percent)
           and effective_sell_price(n.price, c.new_sell_price, own.sell_price, own.margin_percent) < n.price,
         c.kind in ('added', 'returned') and not is_priced(c.new_sell_price, own.sell_price, own.margin_percent)
  from (
    select coalesce(i.sku, n.sku) as sku, coalesce(i.unit, n.unit) as unit,
           case when i.sku is null then 'added'
                when t.is_full and i.discontinued and n.sku is not null then 'returned'
                when t.is_full and not i.discontinued and n.sku is null then 'discontinued'
                else 'changed' end as kind,
           i.sku is not null and n.sku is not null and n.price <> i.cost as cost,
           i.sku is not null and n.sku is not null and n.tiers <> i.tiers as tiers,
           i.sku is not null and n.sku is not null and t.sell_prices
             and n.recommended_sell_price is distinct from i.sell_price as sell_price,
           i.sku is not null and m.sku is not null and t.names and m.name <> i.name as name,
           i.sku is not null and m.sku is not null and t.is_full
             and m.description is distinct from i.description as description,
           i.sku is not null and t.is_full
             and (i.offer_active and i.product_active)
              <> (coalesce(n.active, i.offer_active) and coalesce(m.active, i.product_active)) as activity,
           i.sku is not null and m.sku is not null and t.is_full
             and (m.product_type is distinct from i.product_type or m.charge_type <> i.charge_type or m.kind <> i.kind) as other,
           i.cost as old_cost, n.price as new_cost,
           case when i.sku is null or t.sell_prices then n.recommended_sell_price else i.sell_price end as new_sell_price) c
  left join lateral own_price(p, c.sku, c.unit,
    case when t.sell_prices then greatest(p.sell_watermark, t.watermark) else p.sell_watermark end) own on true
  where c.cost or c.tiers or c.sell_price or c.name or c.description or c.activity or c.other or c.kind <> 'changed'
$$;

-- The exact way: everything the tenant has against everything there is to come.
create function changes_of_all(p catalogue_pins, t catalogue_target) returns setof catalogue_change stable language sql as $$
  select c.*
  from inherited_catalogue(p) i
  full join (select o.* from offer o
             where covers(o.price_list_id, o.from_revision, o.to_revision, t.price_list_id, t.revision)) n
         on n.sku = i.sku and n.unit = i.unit
  left join product m on m.sku = i.sku
        and covers(m.price_list_id, m.from_revision, m.to_revision, t.price_list_id, t.revision)
  cross join lateral change_of(p, t,
    row(i.sku, i.unit, i.name, i.description, i.category, i.product_type, i.charge_type, i.kind, i.cost, i.tiers,
        i.sell_price, i.offer_active, i.product_active, i.discontinued, i.list_name)::inherited_offer,
    row(n.sku, n.unit, n.price, n.tiers, n.recommended_sell_price, n.active)::listed_offer,
    row(m.sku, m.name, m.description, m.product_type, m.charge_type, m.kind, m.active)::listed_product) c
  where i.sku is not null or t.is_full
$$;

-- The versions that are in one revision of a list and not in the other: one range of an index.
create function offers_only_in(list integer, revision integer, other integer) returns setof offer stable language sql as $$
  select o.* from offer o
  where other >= revision and o.price_list_id = list and o.to_revision < 2147483647
    and o.to_revision > revision and o.to_revision <= other and o.from_revision <= revision
  union all
  select o.* from offer o
  where other < revision and o.price_list_id = list
    and o.from_revision > other and o.from_revision <= revision and o.to_revision > revision
$$;

create function products_only_in(list integer, revision integer, other integer) returns setof product stable language sql as $$
  select q.* from product q
  where other >= revision and q.price_list_id = list and q.to_revision < 2147483647
    and q.to_revision > revision and q.to_revision <= other and q.from_revision <= revision
  union all
  select q.* from product q
  where other < revision and q.price_list_id = list
    and q.from_revision > other and q.from_revision <= revision and q.to_revision > revision
$$;

-- The products that are in both revisions and differ, as they were and as they will be.
create function products_changed(list integer, revision integer, next integer)
  returns table (sku text, old_name text, old_description text, old_product_type text, old_charge_type text, old_kind text,
                 old_active boolean, name text, description text, product_type text, charge_type text, kind text,
                 active boolean) stable language sql as $$
  select o.sku, o.name, o.description, o.product_type, o.charge_type, o.kind, o.active,
         n.name, n.description, n.product_type, n.charge_type, n.kind, n.active
  from products_only_in(list, revision, next) o
  join products_only_in(list, next, revision) n on n.sku = o.sku
$$;

-- Whether an offer was in the catalogue before: some full update contained it.
create function had_arrived(p catalogue_pins, p_sku text, p_unit text) returns boolean stable language plpgsql as $$
begin
  return exists (
    select from runs_of(p) e
    join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
    where e.is_full and x.sku = p_sku and x.unit = p_unit);
end $$;

-- The short way, for a tenant whose pins are the structure's as far as the update touches them, and a revision of the
-- same list: ranges of changed versions instead of two whole catalogues.
create function changes_between(p catalogue_pins, t catalogue_target) returns setof catalogue_change stable language sql as $$
  -- offers whose own version changes, and perhaps their product's
  select c.*
  from offers_only_in(p.structure_list, p.structure_revision, t.revision) o
  full join offers_only_in(p.structure_list, t.revision, p.structure_revision) n on n.sku = o.sku and n.unit = o.unit
  left join products_changed(p.structure_list, p.structure_revision, t.revision) q on q.sku = coalesce(o.sku, n.sku)
  left join lateral (
    select s.sell_price
    from inherited_sell_price(p, o.sku, o.unit, o.price_list_id, o.from_revision, o.to_revision,
                              o.recommended_sell_price) s
    where o.sku is not null) sold on true
  -- a product that does not change matters only where the activity of its offer does
  left join lateral (
    select x.active from product x
    where q.sku is null and o.active <> n.active and x.sku = o.sku
      and covers(x.price_list_id, x.from_revision, x.to_revision, p.structure_list, p.structure_revision)
    limit 1) unchanged on true
  cross join lateral change_of(p, t,
    row(o.sku, o.unit, q.old_name, q.old_description, null, q.old_product_type, q.old_charge_type, q.old_kind, o.price,
        o.tiers, sold.sell_price, o.active, coalesce(q.old_active, unchanged.active, true), false, null)::inherited_offer,
    row(n.sku, n.unit, n.price, n.tiers, n.recommended_sell_price, n.active)::listed_offer,
    row(q.sku, q.name, q.description, q.product_type, q.charge_type, q.kind, q.active)::listed_product) c
  where o.sku is not null or t.is_full and not (p.structure_number > 1 and had_arrived(p, n.sku, n.unit))
  union all
  -- offers that change with their product alone
  select c.*
  from products_changed(p.structure_list, p.structure_revision, t.revision) q
  join offer o on o.sku = q.sku
   and covers(o.price_list_id, o.from_revision, o.to_revision, p.structure_list, p.structure_revision)
   and covers(o.price_list_id, o.from_revision, o.to_revision, p.structure_list, t.revision)
  cross join lateral inherited_sell_price(p, o.sku, o.unit, o.price_list_id, o.from_revision, o.to_revision,
                                          o.recommended_sell_price) sold
  cross join lateral change_of(p, t,
    row(o.sku, o.unit, q.old_name, q.old_description, null, q.old_product_type, q.old_charge_type, q.old_kind, o.price,
        o.tiers, sold.sell_price, o.active, q.old_active, false, null)::inherited_offer,
    row(o.sku, o.unit, o.price, o.tiers, o.recommended_sell_price, o.active)::listed_offer,
    row(q.sku, q.name, q.description, q.product_type, q.charge_type, q.kind, q.active)::listed_product) c
  union all
  select c.*
  from inherited_gone(p) i
  left join offer n on n.sku = i.sku and n.unit = i.unit
        and covers(n.price_list_id, n.from_revision, n.to_revision, t.price_list_id, t.revision)
  left join product m on m.sku = i.sku
        and covers(m.price_list_id, m.from_revision, m.to_revision, t.price_list_id, t.revision)
  cross join lateral change_of(p, t,
    row(i.sku, i.unit, i.name, i.description, i.category, i.product_type, i.charge_type, i.kind, i.cost, i.tiers,
        i.sell_price, i.offer_active, i.product_active, i.discontinued, i.list_name)::inherited_offer,
    row(n.sku, n.unit, n.price, n.tiers, n.recommended_sell_price, n.active)::listed_offer,
    row(m.sku, m.name, m.description, m.product_type, m.charge_type, m.kind, m.active)::listed_product) c
$$;

create function pins_are_settled(p catalogue_pins, t catalogue_target) returns boolean immutable language sql
  return t.price_list_id = p.structure_list
     and (p.cost_list, p.cost_revision) = (p.structure_list, p.structure_revision)
     and (not t.sell_prices or (p.sell_list, p.sell_revision) = (p.structure_list, p.structure_revision))
     and (not t.names or (p.names_list, p.names_revision) = (p.structure_list, p.structure_revision));

create function catalogue_changes(p catalogue_pins, t catalogue_target) returns setof catalogue_change stable language sql as $$
  select c.* from changes_between(p, t) c where pins_are_settled(p, t)
  union all
  select c.* from changes_of_all(p, t) c where not pins_are_settled(p, t)
$$;

-- What people are shown first. Both are planned anew each time: the values of the pins say which way to take, which
-- joins to leave out and how much there is to join.
create type catalogue_change_counts as (
  added bigint, returned bigint, discontinued bigint, changed bigint, cost bigint, tiers bigint, sell_price bigint,
  name bigint, description bigint, activity bigint, other bigint, below_cost bigint, unpriced bigint
);

create function count_changes(p catalogue_pins, t catalogue_target) returns catalogue_change_counts
  stable language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  counts catalogue_change_counts;
begin
  select count(*) filter (where c.kind = 'added'), count(*) filter (where c.kind = 'returned'),
         count(*) filter (where c.kind = 'discontinued'), count(*) filter (where c.kind = 'changed'),
         count(*) filter (where c.cost), count(*) filter (where c.tiers), count(*) filter (where c.sell_price),
         count(*) filter (where c.name), count(*) filter (where c.description), count(*) filter (where c.activity),
         count(*) filter (where c.other), count(*) filter (where c.below_cost), count(*) filter (where c.unpriced)
    into counts
  from catalogue_changes(p, t) c;
  return counts;
end $$;

create function first_changes(p catalogue_pins, t catalogue_target, p_limit integer) returns setof catalogue_change
  stable language plpgsql set plan_cache_mode = force_custom_plan as $$
begin
  return query select c.* from catalogue_changes(p, t) c order by c.sku, c.unit limit p_limit;
end $$;

-- Relations added, removed or changed in quantity; full updates alone write them.
create function relations_changed(p catalogue_pins, t catalogue_target) returns bigint stable language sql as $$
  select count(*)
  from (select r.* from product_relation r
        where t.is_full and covers(r.price_list_id, r.from_revision, r.to_revision, p.structure_list, p.structure_revision)
          and not covers(r.price_list_id, r.from_revision, r.to_revision, t.price_list_id, t.revision)) o
  full join (select r.* from product_relation r
             where t.is_full and covers(r.price_list_id, r.from_revision, r.to_revision, t.price_list_id, t.revision)
               and not covers(r.price_list_id, r.from_revision, r.to_revision, p.structure_list, p.structure_revision)) n
    on n.kind = o.kind and n.sku = o.sku and n.related_sku = o.related_sku
  where o.sku is null or n.sku is null or o.quantity is distinct from n.quantity
$$;

-- Values of the reseller's own that are in force and that the options would displace.
create function sell_prices_displaced(p catalogue_pins, t catalogue_target) returns bigint stable language sql as $$
  select count(*)
  from (select distinct on (v.sku, v.unit) v.version, v.sell_price, v.margin_percent
        from offer_override v
        where t.sell_prices and v.organization_id = p.organization_id and v.version <= p.last_override
        order by v.sku, v.unit, v.version desc) o
  where o.version > p.sell_watermark and o.version <= t.watermark and num_nonnulls(o.sell_price, o.margin_percent) > 0
$$;

create function names_displaced(p catalogue_pins, t catalogue_target) returns bigint stable language sql as $$
  select count(*)
  from (select distinct on (v.sku) v.version, v.value
        from product_override v
        where t.names and v.organization_id = p.organization_id and v.field = 'name' and v.version <= p.last_override
        order by v.sku, v.version desc) o
  where o.version > p.names_watermark and o.version <= t.watermark and o.value is not null
$$;

grant execute on function
  change_of, had_arrived, changes_of_all, offers_only_in, products_only_in, products_changed, changes_between, pins_are_settled,
  catalogue_changes, count_changes, first_changes, relations_changed, sell_prices_displaced, names_displaced
to twotier_operator, twotier_viewer;
