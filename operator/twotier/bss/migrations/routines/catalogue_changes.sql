-- What a run would change or has changed, one row an offer. Counted is what comes down: the reseller's overrides hide
-- some of it, and those that are displaced or come back are counted apart.

create type catalogue_target as (
  price_list_id integer, revision integer, is_full boolean, sell_prices boolean, names boolean, watermark integer
);

create type catalogue_change as (
  sku text collate "C", unit text collate "C",
  kind text collate "C",           -- added, returned, discontinued, changed, or removed by an undo
  cost boolean, tiers boolean, sell_price boolean, name boolean, description boolean, activity boolean,
  product_type boolean, charge_type boolean, product_kind boolean,
  below_cost boolean,              -- it is offered afterwards, and has a sell price that is below its cost
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

-- What an update changes, for all ways to find what to compare: an offer as it came down (i, without a SKU for one that
-- arrives), and the versions of the offer and of the product in the revision to come (n and m, without one if there is
-- none). Callers write rows, not variables of composite types: the planner takes a row apart and never builds it.
create function change_of(p catalogue_pins, t catalogue_target, i inherited_offer, n listed_offer, m listed_product)
  returns setof catalogue_change stable rows 1 language sql as $$
  select c.sku, c.unit, c.kind, c.cost, c.tiers, c.sell_price, c.name, c.description, c.activity,
         c.product_type, c.charge_type, c.product_kind,
         n.sku is not null and (t.is_full or not i.discontinued)
           and is_priced(c.new_sell_price, own.sell_price, own.margin_percent)
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
             and m.product_type is distinct from i.product_type as product_type,
           i.sku is not null and m.sku is not null and t.is_full and m.charge_type <> i.charge_type as charge_type,
           i.sku is not null and m.sku is not null and t.is_full and m.kind <> i.kind as product_kind,
           case when i.sku is null or t.sell_prices then n.recommended_sell_price else i.sell_price end as new_sell_price) c
  left join lateral own_price(p, c.sku, c.unit,
    case when t.sell_prices then greatest(p.sell_watermark, t.watermark) else p.sell_watermark end) own on true
  where c.cost or c.tiers or c.sell_price or c.name or c.description or c.activity
     or c.product_type or c.charge_type or c.product_kind or c.kind <> 'changed'
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
  where other >= revision and o.price_list_id = list and o.to_revision < open_end()
    and o.to_revision > revision and o.to_revision <= other and o.from_revision <= revision
  union all
  select o.* from offer o
  where other < revision and o.price_list_id = list
    and o.from_revision > other and o.from_revision <= revision and o.to_revision > revision
$$;

create function products_only_in(list integer, revision integer, other integer) returns setof product stable language sql as $$
  select q.* from product q
  where other >= revision and q.price_list_id = list and q.to_revision < open_end()
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

-- What an undo changes: everything there is (p) against everything as it was (q). What arrived since is there no more,
-- as if it had never come; what the reseller set since stays.
create function changes_of_undo(p catalogue_pins, q catalogue_pins) returns setof catalogue_change stable language sql as $$
  select c.sku, c.unit, c.kind, c.cost, c.tiers, c.sell_price, c.name, c.description, c.activity,
         c.product_type, c.charge_type, c.product_kind,
         c.offered and is_priced(c.new_sell_price, own.sell_price, own.margin_percent)
           and effective_sell_price(c.new_cost, c.new_sell_price, own.sell_price, own.margin_percent) < c.new_cost,
         c.kind = 'returned' and not is_priced(c.new_sell_price, own.sell_price, own.margin_percent)
  from (
    select i.sku, i.unit, j.cost as new_cost, j.sell_price as new_sell_price,
           j.sku is not null and not j.discontinued as offered,
           case when j.sku is null then 'removed'
                when i.discontinued and not j.discontinued then 'returned'
                when j.discontinued and not i.discontinued then 'discontinued' else 'changed' end as kind,
           j.cost <> i.cost as cost, j.tiers <> i.tiers as tiers,
           j.sku is not null and j.sell_price is distinct from i.sell_price as sell_price, j.name <> i.name as name,
           j.sku is not null and j.description is distinct from i.description as description,
           (j.offer_active and j.product_active) <> (i.offer_active and i.product_active) as activity,
           j.sku is not null and j.product_type is distinct from i.product_type as product_type,
           j.charge_type <> i.charge_type as charge_type, j.kind <> i.kind as product_kind
    from inherited_catalogue(p) i
    left join inherited_catalogue(q) j on j.sku = i.sku and j.unit = i.unit) c
  left join lateral own_price(p, c.sku, c.unit, q.sell_watermark) own on true
  where c.kind <> 'changed' or c.cost or c.tiers or c.sell_price or c.name or c.description or c.activity
     or c.product_type or c.charge_type or c.product_kind
$$;

grant execute on function
  change_of, had_arrived, changes_of_all, offers_only_in, products_only_in, products_changed, changes_between,
  pins_are_settled, catalogue_changes, changes_of_undo
to twotier_operator, twotier_viewer;
