-- What a run would change or has changed, one row an offer: the catalogue as it comes down before and after.
-- The reseller's own values hide some of it; those that are displaced or come back are counted apart.

create type catalogue_target as (
  price_list_id integer, revision integer, is_full boolean, sell_prices boolean, names boolean, watermark integer
);

create type catalogue_change as (
  sku text collate "C", unit text collate "C",
  kind text collate "C",           -- added, returned, discontinued, changed, or removed by an undo
  cost boolean, tiers boolean, sell_price boolean, name boolean, description boolean, activity boolean, other boolean,
  below_cost boolean,              -- it is offered afterwards, and has a sell price that is below its cost
  unpriced boolean,                -- it arrives or returns without a sell price
  old inherited_offer, new inherited_offer   -- of a product that does not change, perhaps without what is the product's
);

-- What a comparison needs of the versions in the revision to come.
create type listed_offer as (
  sku text collate "C", unit text collate "C", price numeric, tiers price_tier[], recommended_sell_price numeric,
  active boolean
);
create type listed_product as (
  sku text collate "C", name text collate "C", description text collate "C", category text collate "C",
  product_type text collate "C", charge_type text collate "C", kind text collate "C", active boolean
);

-- The comparison, for all that changes catalogues: an offer as it came down before and after, either without a SKU where
-- it is not there. Callers write rows, not variables of composite types: the planner takes a row apart and never builds
-- it unless somebody looks at it. The reseller's own prices up to the watermark count no more afterwards.
create function difference(p catalogue_pins, watermark integer, o inherited_offer, n inherited_offer)
  returns setof catalogue_change stable rows 1 language sql as $$
  select c.sku, c.unit, c.kind, c.cost, c.tiers, c.sell_price, c.name, c.description, c.activity, c.other,
         n.sku is not null and not n.discontinued and is_priced(n.sell_price, own.sell_price, own.margin_percent)
           and effective_sell_price(n.cost, n.sell_price, own.sell_price, own.margin_percent) < n.cost,
         c.kind in ('added', 'returned') and not is_priced(n.sell_price, own.sell_price, own.margin_percent),
         o, n
  from (
    select coalesce(o.sku, n.sku) as sku, coalesce(o.unit, n.unit) as unit,
           case when o.sku is null then 'added' when n.sku is null then 'removed'
                when o.discontinued and not n.discontinued then 'returned'
                when n.discontinued and not o.discontinued then 'discontinued' else 'changed' end as kind,
           had.both and n.cost <> o.cost as cost,
           had.both and n.tiers <> o.tiers as tiers,
           had.both and n.sell_price is distinct from o.sell_price as sell_price,
           had.both and n.name is distinct from o.name as name,
           had.both and n.description is distinct from o.description as description,
           had.both and (n.offer_active and n.product_active) <> (o.offer_active and o.product_active) as activity,
           had.both and (n.product_type is distinct from o.product_type or n.charge_type is distinct from o.charge_type
                         or n.kind is distinct from o.kind) as other
    from (select o.sku is not null and n.sku is not null as both) had) c
  left join lateral own_price(p, c.sku, c.unit, watermark) own on true
  where c.cost or c.tiers or c.sell_price or c.name or c.description or c.activity or c.other or c.kind <> 'changed'
$$;

-- What an update changes, for all ways to find what to compare: an offer as it came down (i, without a SKU for one that
-- arrives), and the versions of the offer and of the product in the revision to come (n and m, without one if there is
-- none).
create function change_of(p catalogue_pins, t catalogue_target, i inherited_offer, n listed_offer, m listed_product)
  returns setof catalogue_change stable rows 1 language sql as $$
  select d.*
  from (select i.sku is null as arrives, m.sku is not null and (i.sku is null or t.is_full) as of_product,
               n.sku is not null and (i.sku is null or t.sell_prices) as of_sell_price,
               m.sku is not null and (i.sku is null or t.names) as of_name) writes
  cross join lateral difference(
    p, case when t.sell_prices then greatest(p.sell_watermark, t.watermark) else p.sell_watermark end, i,
    row(coalesce(i.sku, n.sku), coalesce(i.unit, n.unit),
        case when writes.of_name then m.name else i.name end,
        case when writes.of_product then m.description else i.description end,
        case when writes.arrives then m.category else i.category end,
        case when writes.of_product then m.product_type else i.product_type end,
        case when writes.of_product then m.charge_type else i.charge_type end,
        case when writes.of_product then m.kind else i.kind end,
        coalesce(n.price, i.cost), coalesce(n.tiers, i.tiers),
        case when writes.of_sell_price then n.recommended_sell_price else i.sell_price end,
        case when t.is_full then coalesce(n.active, i.offer_active) else i.offer_active end,
        case when writes.of_product then coalesce(m.active, i.product_active) else i.product_active end,
        case when t.is_full then n.sku is null else i.discontinued end,
        case when writes.of_product then m.name else i.list_name end)::inherited_offer) d
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
    row(m.sku, m.name, m.description, m.category, m.product_type, m.charge_type, m.kind, m.active)::listed_product) c
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
                 old_active boolean, name text, description text, category text, product_type text, charge_type text,
                 kind text, active boolean) stable language sql as $$
  select o.sku, o.name, o.description, o.product_type, o.charge_type, o.kind, o.active,
         n.name, n.description, n.category, n.product_type, n.charge_type, n.kind, n.active
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
    row(q.sku, q.name, q.description, q.category, q.product_type, q.charge_type, q.kind, q.active)::listed_product) c
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
    row(q.sku, q.name, q.description, q.category, q.product_type, q.charge_type, q.kind, q.active)::listed_product) c
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
    row(m.sku, m.name, m.description, m.category, m.product_type, m.charge_type, m.kind, m.active)::listed_product) c
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
-- as if it had never come; what the reseller set himself since stays.
create function changes_of_undo(p catalogue_pins, q catalogue_pins) returns setof catalogue_change stable language sql as $$
  select c.*
  from inherited_catalogue(p) i
  full join inherited_catalogue(q) j on j.sku = i.sku and j.unit = i.unit
  cross join lateral difference(p, q.sell_watermark,
    row(i.sku, i.unit, i.name, i.description, i.category, i.product_type, i.charge_type, i.kind, i.cost, i.tiers,
        i.sell_price, i.offer_active, i.product_active, i.discontinued, i.list_name)::inherited_offer,
    row(j.sku, j.unit, j.name, j.description, j.category, j.product_type, j.charge_type, j.kind, j.cost, j.tiers,
        j.sell_price, j.offer_active, j.product_active, j.discontinued, j.list_name)::inherited_offer) c
$$;

grant execute on function
  difference, change_of, had_arrived, changes_of_all, offers_only_in, products_only_in, products_changed, changes_between,
  pins_are_settled, catalogue_changes, changes_of_undo
to twotier_operator, twotier_viewer;
