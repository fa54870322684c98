-- The tenant's catalogue, defined once. The pins settle most rows by themselves; what they do not settle is looked up at
-- the pin, and what is not found there comes from the history, in functions that run only when they are reached.
-- Internal functions run with the rights of their caller and take the pins as an argument; what tenants may call is
-- at the end of this file and runs as twotier_reader, for the organization of the transaction.

create function covers(of_list integer, of_from integer, of_to integer, list integer, revision integer) returns boolean
  immutable language sql
  return of_list = list and of_from <= revision and revision < of_to;

-- The version is what an update with an option saw, and the tenant had it by then.
create function pinned(of_list integer, of_from integer, of_to integer, list integer, revision integer,
                       known_list integer, known_revision integer) returns boolean
  immutable language sql
  return of_list = list and of_from <= revision and revision < of_to
     and (known_list is null or of_list = known_list and of_from <= known_revision and known_revision < of_to);

-- What came down from the distributor, before the reseller's own values. Collations are those of the tables: the planner
-- takes a row apart again only where they agree, and else builds it anew for every field.
create type inherited_offer as (
  sku text collate "C", unit text collate "C", name text collate "C", description text collate "C",
  category text collate "C", product_type text collate "C", charge_type text collate "C", kind text collate "C",
  cost numeric, tiers price_tier[], sell_price numeric, offer_active boolean, product_active boolean,
  discontinued boolean, list_name text collate "C"
);

-- What an update saw of an offer, update by update, those that count.
-- The three rules over it are exact for every row; the pins only spare most rows the history.

-- The last update that contained the offer wrote its cost, whether it was full or not. Since: a full update that did.
create function cost_in_history(p catalogue_pins, p_sku text, p_unit text, p_since integer)
  returns table (cost numeric, tiers price_tier[]) stable rows 1 language sql as $$
  select x.price, x.tiers
  from catalogue_update e
  join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
  where x.sku = p_sku and x.unit = p_unit
    and e.organization_id = p.organization_id and e.in_force and e.number >= p_since
  order by e.number desc limit 1
$$;

-- An offer arrives with the first full update that contains it. The arrival writes everything, the option what follows.
create function sell_price_in_history(p catalogue_pins, p_sku text, p_unit text)
  returns table (sell_price numeric) stable rows 1 language sql as $$
  select w.recommended_sell_price
  from (select e.number, e.sell_prices, x.recommended_sell_price,
               min(e.number) filter (where e.is_full) over () as arrival
        from catalogue_update e
        join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
        where x.sku = p_sku and x.unit = p_unit and e.organization_id = p.organization_id and e.in_force) w
  where w.number = w.arrival or w.number > w.arrival and w.sell_prices
  order by w.number desc limit 1
$$;

-- The name by the arrival and by the option, the category by the arrival alone.
create function product_in_history(p catalogue_pins, p_sku text)
  returns table (name text, category text) stable rows 1 language sql as $$
  select w.name, w.category
  from (select e.number, e.names, q.name, first_value(q.category) over (order by e.is_full desc, e.number) as category,
               min(e.number) filter (where e.is_full) over () as arrival
        from catalogue_update e
        join product q on covers(q.price_list_id, q.from_revision, q.to_revision, e.price_list_id, e.revision)
        where q.sku = p_sku and e.organization_id = p.organization_id and e.in_force) w
  where w.number = w.arrival or w.number > w.arrival and w.names
  order by w.number desc limit 1
$$;

-- The offers that arrived and are missing from the structure's revision: each with what the last updates that knew it
-- left behind. A product that lives on in another unit goes on changing.
create function inherited_gone(p catalogue_pins) returns setof inherited_offer stable language sql as $$
  select g.sku, g.unit, named.name, q.description, named.category, q.product_type, q.charge_type, q.kind,
         costed.cost, costed.tiers, sold.sell_price, seen.active, q.active, true, q.name
  from (
    select distinct x.sku, x.unit
    from offer x
    where p.structure_number > 1
      and x.price_list_id in (select e.price_list_id from catalogue_update e
                              where e.organization_id = p.organization_id and e.in_force and e.is_full)
      and not covers(x.price_list_id, x.from_revision, x.to_revision, p.structure_list, p.structure_revision)
      and not exists (select from offer s where s.sku = x.sku and s.unit = x.unit
                      and covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision))
      and exists (select from catalogue_update e
                  where e.organization_id = p.organization_id and e.in_force and e.is_full
                    and covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision))) g
  cross join lateral (
    select e.number, x.active
    from catalogue_update e
    join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
    where e.organization_id = p.organization_id and e.in_force and e.is_full and x.sku = g.sku and x.unit = g.unit
    order by e.number desc limit 1) seen
  cross join lateral (
    select x.description, x.product_type, x.charge_type, x.kind, x.active, x.name
    from catalogue_update e
    join product x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
    where e.organization_id = p.organization_id and e.in_force and e.is_full and x.sku = g.sku
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

-- The history for single offers, planned and started only when they are reached, which is rarely.
create function deferred_cost(p catalogue_pins, p_sku text, p_unit text, out cost numeric, out tiers price_tier[])
  stable language plpgsql as $$
begin
  select h.cost, h.tiers into cost, tiers from cost_in_history(p, p_sku, p_unit, p.structure_number) h;
end $$;

create function deferred_sell_price(p catalogue_pins, p_sku text, p_unit text) returns numeric stable language plpgsql as $$
begin
  return (select h.sell_price from sell_price_in_history(p, p_sku, p_unit) h);
end $$;

create function deferred_product(p catalogue_pins, p_sku text, out name text, out category text)
  stable language plpgsql as $$
begin
  select h.name, h.category into name, category from product_in_history(p, p_sku) h;
end $$;

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
          and v.organization_id = p.organization_id and v.sku = p_sku and v.unit = p_unit
        order by v.version desc limit 1) o
  where o.version > p_watermark and num_nonnulls(o.sell_price, o.margin_percent) > 0
$$;

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
         coalesce(own.category, i.category), i.product_type, i.charge_type, i.kind, i.cost, i.tiers,
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
                where v.organization_id = p.organization_id and v.sku = i.sku
                order by v.field, v.version desc) o) texts
    where p.last_override > 0) own on true
$$;

-- The one definition of correctness.
create function catalogue_of(p catalogue_pins) returns setof catalogue_offer stable language sql as $$
  select c.* from inherited_catalogue(p) i cross join lateral with_overrides(p, i) c
$$;

grant execute on function
  covers, pinned, settled, cost_in_history, sell_price_in_history, product_in_history, deferred_cost, deferred_sell_price,
  deferred_product, inherited_present, inherited_gone,
  inherited_catalogue, inherited_sell_price, effective_sell_price, is_priced, own_price, with_overrides, catalogue_of
to twotier_operator, twotier_reader;
grant execute on function covers to twotier_api;   -- the views below call it as their user does

-- What tenants' sessions may use. They see no list, and no revision of one, that was never applied to them.
set local role twotier_reader;

-- Planned anew each time, because only the values of the pins say how much there is to join.
create function tenant_catalogue_rows() returns setof catalogue_offer
  stable security definer set search_path = twotier, pg_temp set plan_cache_mode = force_custom_plan language plpgsql as $$
declare
  p catalogue_pins;
begin
  select * into p from catalogue_pins where organization_id = current_organization();
  return query select c.* from catalogue_of(p) c;
end $$;

create view tenant_catalogue with (security_barrier) as select * from tenant_catalogue_rows();

-- Reads of few rows cost less than to plan them: their plans hold for all pins, and are made once a session. What came
-- down is computed once a row (offset 0), although several columns of the result need it.

-- An offer that is in the structure's revision ends the search: the history of discontinued ones is dear.
create function catalogue_lookup(p_sku text, p_unit text) returns setof catalogue_offer
  stable security definer set search_path = twotier, pg_temp set plan_cache_mode = force_generic_plan rows 1
  language plpgsql as $$
declare
  p catalogue_pins;
begin
  select * into p from catalogue_pins where organization_id = current_organization();
  return query
    select c.*
    from offer s
    cross join lateral (select i.* from inherited_present(p, s) i offset 0) i
    cross join lateral with_overrides(p, row(i.*)::inherited_offer) c
    where s.sku = p_sku and s.unit = p_unit
      and covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision)
    limit 1;
  if not found then
    return query
      select c.* from inherited_gone(p) i cross join lateral with_overrides(p, i) c
      where i.sku = p_sku and i.unit = p_unit;
  end if;
end $$;

-- Pages show what the list still offers, discontinued offers not. The rows are chosen first, inside, by an index.
create function catalogue_page_by_sku(p_after_sku text, p_after_unit text, p_limit integer) returns setof catalogue_offer
  stable security definer set search_path = twotier, pg_temp set plan_cache_mode = force_generic_plan rows 50
  language plpgsql as $$
declare
  p catalogue_pins;
begin
  select * into p from catalogue_pins where organization_id = current_organization();
  return query
    select c.*
    from (select s.* from offer s
          where covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision)
            and (s.sku, s.unit) > (p_after_sku, p_after_unit)
          order by s.sku, s.unit limit p_limit) k
    cross join lateral (select i.* from inherited_present(p, row(k.*)::offer) i offset 0) i
    cross join lateral with_overrides(p, row(i.*)::inherited_offer) c
    order by c.sku, c.unit;
end $$;

-- By the name in the list: the tenant's own name is shown, but the page is sorted by the name at the structure's pin.
create function catalogue_page_by_name(p_after_name text, p_after_sku text, p_after_unit text, p_limit integer)
  returns setof catalogue_offer
  stable security definer set search_path = twotier, pg_temp set plan_cache_mode = force_generic_plan rows 50
  language plpgsql as $$
declare
  p catalogue_pins;
begin
  select * into p from catalogue_pins where organization_id = current_organization();
  return query
    select c.*
    from (select o.*
          from (select q.name, q.sku from product q
                where covers(q.price_list_id, q.from_revision, q.to_revision, p.structure_list, p.structure_revision)
                  and (q.name, q.sku) >= (p_after_name, p_after_sku)
                order by q.name, q.sku) named
          cross join lateral (
            select s.* from offer s
            where s.sku = named.sku
              and covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision)
              and (named.name, named.sku, s.unit) > (p_after_name, p_after_sku, p_after_unit)
            order by s.unit) o
          order by named.name, named.sku, o.unit limit p_limit) k
    cross join lateral (select i.* from inherited_present(p, row(k.*)::offer) i offset 0) i
    cross join lateral with_overrides(p, row(i.*)::inherited_offer) c
    order by c.list_name, c.sku, c.unit;
end $$;

create view tenant_relations with (security_barrier) as
select r.kind, r.sku, r.related_sku, r.quantity
from catalogue_assignment a
join catalogue_update u on u.organization_id = a.organization_id and u.number = a.current
join product_relation r on covers(r.price_list_id, r.from_revision, r.to_revision, u.structure_list, u.structure_revision)
where a.organization_id = (select current_organization());

-- What the tenant paid for an offer, run by run, from its arrival on.
create view tenant_price_history with (security_barrier) as
select h.sku, h.unit, h.number, h.requested_at, h.cost, h.tiers
from (select x.sku, x.unit, e.number, e.requested_at, x.price as cost, x.tiers,
             min(e.number) filter (where e.is_full) over same_offer as arrival
      from catalogue_update e
      join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
      where e.organization_id = (select current_organization()) and e.in_force
      window same_offer as (partition by x.sku, x.unit)) h
where h.number >= h.arrival;

-- Whether the tenant ever got it: what he may set values of his own for. Without a unit: in any.
create function catalogue_has(p_sku text, p_unit text) returns boolean
  stable security definer set search_path = twotier, pg_temp language sql as $$
  select exists (
    select from catalogue_update e
    join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
    where e.organization_id = current_organization() and e.in_force and e.is_full
      and x.sku = p_sku and x.unit = coalesce(p_unit, x.unit))
$$;

revoke execute on function tenant_catalogue_rows, catalogue_lookup, catalogue_page_by_sku, catalogue_page_by_name,
  catalogue_has from public;
grant execute on function tenant_catalogue_rows, catalogue_lookup, catalogue_page_by_sku, catalogue_page_by_name,
  catalogue_has to twotier_api;
grant select on tenant_catalogue, tenant_relations, tenant_price_history to twotier_api;

set local role twotier_owner;
