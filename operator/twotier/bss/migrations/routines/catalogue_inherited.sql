-- What came down from the distributor. The pins settle most rows by themselves; what they do not settle is looked up at
-- the pin, and what is not found there comes from the history, in functions that run only when they are reached.

-- What came down from the distributor, before the reseller's overrides. Collations are those of the tables: the planner
-- takes a row apart again only where they agree, and else builds it anew for every field.
create type inherited_offer as (
  sku text collate "C", unit text collate "C", name text collate "C", description text collate "C",
  category text collate "C", product_type text collate "C", charge_type text collate "C", kind text collate "C",
  cost numeric, tiers price_tier[], sell_price numeric, offer_active boolean, product_active boolean,
  discontinued boolean, list_name text collate "C"
);

-- The offers that arrived and are missing from the structure's revision: each with what the last updates that knew it
-- left behind. A product that lives on in another unit goes on changing.
create function inherited_gone(p catalogue_pins) returns setof inherited_offer stable language sql as $$
  select g.sku, g.unit, named.name, q.description, named.category, q.product_type, q.charge_type, q.kind,
         costed.cost, costed.tiers, sold.sell_price, seen.active, q.active, true, q.name
  from (
    select distinct x.sku, x.unit
    from offer x
    where p.structure_number > 1
      and x.price_list_id in (select e.price_list_id from runs_of(p) e where e.is_full)
      and not covers(x.price_list_id, x.from_revision, x.to_revision, p.structure_list, p.structure_revision)
      and not exists (select from offer s where s.sku = x.sku and s.unit = x.unit
                      and covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision))
      and exists (select from runs_of(p) e
                  where e.is_full and covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision))) g
  cross join lateral (
    select e.number, x.active
    from runs_of(p) e
    join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
    where e.is_full and x.sku = g.sku and x.unit = g.unit
    order by e.number desc limit 1) seen
  cross join lateral (
    select x.description, x.product_type, x.charge_type, x.kind, x.active, x.name
    from runs_of(p) e
    join product x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
    where e.is_full and x.sku = g.sku
    order by e.number desc limit 1) q
  cross join lateral cost_in_history(p, g.sku, g.unit, seen.number) costed
  cross join lateral sell_price_in_history(p, g.sku, g.unit) sold
  cross join lateral product_in_history(p, g.sku) named
$$;

-- Whether the structure's revision says it all: the pin is the structure's, and everything in it was known by then.
create function settled(p catalogue_pins, list integer, revision integer, known_list integer) returns boolean
  immutable language sql
  return (list, revision) = (p.structure_list, p.structure_revision) and known_list is null;

-- All that came down. The other pins' revisions are joined only for a tenant whose pins differ, and the history is read
-- only for rows that no pin settles.
create function inherited_catalogue(p catalogue_pins) returns setof inherited_offer stable language sql as $$
  select s.sku, s.unit,
         case when settled(p, p.names_list, p.names_revision, p.names_known_list) then q.name
              when n.sku is not null and (p.names_known_list is null or nk.sku is not null) then n.name
              else resolved.name end,
         q.description,
         case when settled(p, p.first_list, p.first_revision, null) then q.category
              when f.sku is not null then f.category
              else resolved.category end,
         q.product_type, q.charge_type, q.kind,
         case when settled(p, p.cost_list, p.cost_revision, null) then s.price
              when c.sku is not null then c.price
              else costed.cost end,
         case when settled(p, p.cost_list, p.cost_revision, null) then s.tiers
              when c.sku is not null then c.tiers
              else costed.tiers end,
         case when settled(p, p.sell_list, p.sell_revision, p.sell_known_list) then s.recommended_sell_price
              when x.sku is not null and (p.sell_known_list is null or xk.sku is not null) then x.recommended_sell_price
              else sold.sell_price end,
         s.active, q.active, false, q.name
  from offer s
  join product q on q.sku = s.sku
   and covers(q.price_list_id, q.from_revision, q.to_revision, p.structure_list, p.structure_revision)
  left join offer c on not settled(p, p.cost_list, p.cost_revision, null) and c.sku = s.sku and c.unit = s.unit
        and covers(c.price_list_id, c.from_revision, c.to_revision, p.cost_list, p.cost_revision)
  left join offer x on not settled(p, p.sell_list, p.sell_revision, p.sell_known_list) and x.sku = s.sku and x.unit = s.unit
        and covers(x.price_list_id, x.from_revision, x.to_revision, p.sell_list, p.sell_revision)
  left join offer xk on p.sell_known_list is not null and xk.sku = s.sku and xk.unit = s.unit
        and covers(xk.price_list_id, xk.from_revision, xk.to_revision, p.sell_known_list, p.sell_known_revision)
  left join product n on not settled(p, p.names_list, p.names_revision, p.names_known_list) and n.sku = s.sku
        and covers(n.price_list_id, n.from_revision, n.to_revision, p.names_list, p.names_revision)
  left join product nk on p.names_known_list is not null and nk.sku = s.sku
        and covers(nk.price_list_id, nk.from_revision, nk.to_revision, p.names_known_list, p.names_known_revision)
  left join product f on not settled(p, p.first_list, p.first_revision, null) and f.sku = s.sku
        and covers(f.price_list_id, f.from_revision, f.to_revision, p.first_list, p.first_revision)
  left join lateral (
    select h.cost, h.tiers from cost_in_history(p, s.sku, s.unit, p.structure_number) h
    where not settled(p, p.cost_list, p.cost_revision, null) and c.sku is null limit 1) costed on true
  left join lateral (
    select h.sell_price from sell_price_in_history(p, s.sku, s.unit) h
    where not settled(p, p.sell_list, p.sell_revision, p.sell_known_list)
      and (x.sku is null or p.sell_known_list is not null and xk.sku is null) limit 1) sold on true
  left join lateral (
    select h.name, h.category from product_in_history(p, s.sku) h
    where not settled(p, p.names_list, p.names_revision, p.names_known_list)
      and (n.sku is null or p.names_known_list is not null and nk.sku is null)
       or not settled(p, p.first_list, p.first_revision, null) and f.sku is null limit 1) resolved on true
  where covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision)
  union all
  select i.* from inherited_gone(p) i
$$;

-- The sell price that came down for an offer of the structure's revision, given by its version there.
create function inherited_sell_price(p catalogue_pins, p_sku text, p_unit text, p_list integer, p_from integer, p_to integer,
                                     p_recommended numeric) returns table (sell_price numeric) stable rows 1 language sql as $$
  select case when pinned(p_list, p_from, p_to, p.sell_list, p.sell_revision, p.sell_known_list, p.sell_known_revision)
              then p_recommended
              when sold.found then sold.recommended_sell_price
              else deferred_sell_price(p, p_sku, p_unit) end
  from (select) one_row
  left join lateral (
    select true as found, x.recommended_sell_price from offer x
    where not pinned(p_list, p_from, p_to, p.sell_list, p.sell_revision, p.sell_known_list, p.sell_known_revision)
      and x.sku = p_sku and x.unit = p_unit
      and covers(x.price_list_id, x.from_revision, x.to_revision, p.sell_list, p.sell_revision)
      and (p.sell_known_list is null or (
             select true from offer y where y.sku = p_sku and y.unit = p_unit
             and covers(y.price_list_id, y.from_revision, y.to_revision, p.sell_known_list, p.sell_known_revision) limit 1))
    limit 1) sold on true
$$;

-- What `inherited_catalogue` has for an offer of the structure's revision, found for that offer alone. Where the pins say
-- it all, which is nearly always, one test spares the look-ups.
create function inherited_present(p catalogue_pins, s offer) returns setof inherited_offer stable language sql as $$
  select s.sku, s.unit,
         case when pinned(q.price_list_id, q.from_revision, q.to_revision,
                          p.names_list, p.names_revision, p.names_known_list, p.names_known_revision) then q.name
              when rare.named is not null then rare.named
              else (deferred_product(p, s.sku)).name end,
         q.description,
         case when covers(q.price_list_id, q.from_revision, q.to_revision, p.first_list, p.first_revision) then q.category
              when rare.category_found then rare.category
              else (deferred_product(p, s.sku)).category end,
         q.product_type, q.charge_type, q.kind,
         case when covers(s.price_list_id, s.from_revision, s.to_revision, p.cost_list, p.cost_revision) then s.price
              when rare.cost_found then rare.cost
              else (deferred_cost(p, s.sku, s.unit)).cost end,
         case when covers(s.price_list_id, s.from_revision, s.to_revision, p.cost_list, p.cost_revision) then s.tiers
              when rare.cost_found then rare.tiers
              else (deferred_cost(p, s.sku, s.unit)).tiers end,
         case when pinned(s.price_list_id, s.from_revision, s.to_revision,
                          p.sell_list, p.sell_revision, p.sell_known_list, p.sell_known_revision) then s.recommended_sell_price
              else rare.sell_price end,
         s.active, q.active, false, q.name
  from (select q.* from product q
        where q.sku = s.sku
          and covers(q.price_list_id, q.from_revision, q.to_revision, p.structure_list, p.structure_revision)
        limit 1) q
  left join lateral (
    select costed.found as cost_found, costed.price as cost, costed.tiers, sold.sell_price, named.name as named,
           arrived.found as category_found, arrived.category
    from inherited_sell_price(p, s.sku, s.unit, s.price_list_id, s.from_revision, s.to_revision,
                              s.recommended_sell_price) sold
    left join lateral (
      select true as found, x.price, x.tiers from offer x
      where not covers(s.price_list_id, s.from_revision, s.to_revision, p.cost_list, p.cost_revision)
        and x.sku = s.sku and x.unit = s.unit
        and covers(x.price_list_id, x.from_revision, x.to_revision, p.cost_list, p.cost_revision)
      limit 1) costed on true
    left join lateral (
      select x.name from product x
      where not pinned(q.price_list_id, q.from_revision, q.to_revision,
                       p.names_list, p.names_revision, p.names_known_list, p.names_known_revision)
        and x.sku = s.sku
        and covers(x.price_list_id, x.from_revision, x.to_revision, p.names_list, p.names_revision)
        and (p.names_known_list is null or (
               select true from product y where y.sku = s.sku
               and covers(y.price_list_id, y.from_revision, y.to_revision, p.names_known_list, p.names_known_revision)
               limit 1))
      limit 1) named on true
    left join lateral (
      select true as found, x.category from product x
      where not covers(q.price_list_id, q.from_revision, q.to_revision, p.first_list, p.first_revision)
        and x.sku = s.sku
        and covers(x.price_list_id, x.from_revision, x.to_revision, p.first_list, p.first_revision)
      limit 1) arrived on true
    where not (covers(s.price_list_id, s.from_revision, s.to_revision, p.cost_list, p.cost_revision)
               and pinned(s.price_list_id, s.from_revision, s.to_revision,
                          p.sell_list, p.sell_revision, p.sell_known_list, p.sell_known_revision)
               and pinned(q.price_list_id, q.from_revision, q.to_revision,
                          p.names_list, p.names_revision, p.names_known_list, p.names_known_revision)
               and covers(q.price_list_id, q.from_revision, q.to_revision, p.first_list, p.first_revision))
    limit 1) rare on true
$$;

-- What came down of one offer, wherever the pins find it; null if it never arrived. It keeps its plan, also where who asks
-- is planned anew.
create function inherited_lookup(p catalogue_pins, p_sku text, p_unit text) returns inherited_offer
  stable language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  found_offer inherited_offer;
begin
  select i.* into found_offer
  from offer s
  cross join lateral inherited_present(p, s) i
  where s.sku = p_sku and s.unit = p_unit
    and covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision);
  if not found then
    select i.* into found_offer from inherited_gone(p) i where i.sku = p_sku and i.unit = p_unit;
  end if;
  return found_offer;
end $$;

grant execute on function settled, inherited_gone, inherited_catalogue, inherited_sell_price, inherited_present,
  inherited_lookup
to twotier_operator, twotier_viewer, twotier_reader;
