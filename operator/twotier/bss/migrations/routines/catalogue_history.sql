-- What the runs of a tenant saw, run by run: exact for every row. Pins only spare most rows this history.
-- Internal functions run with the rights of their caller and take the pins as an argument, those of an earlier run as well.

-- The updates that count for what is looked at: no undos, none that was undone by then, and no later ones.
create function runs_of(p catalogue_pins) returns setof catalogue_update stable language sql as $$
  select u.*
  from catalogue_update u
  where u.organization_id = p.organization_id and u.restored is null and u.number <= p.as_of
    and (u.undone_by is null or u.undone_by > p.as_of)
$$;

create function covers(of_list integer, of_from integer, of_to integer, list integer, revision integer) returns boolean
  immutable language sql
  return of_list = list and of_from <= revision and revision < of_to;

-- The version is what an update with an option saw, and the tenant had it by then.
create function pinned(of_list integer, of_from integer, of_to integer, list integer, revision integer,
                       known_list integer, known_revision integer) returns boolean
  immutable language sql
  return of_list = list and of_from <= revision and revision < of_to
     and (known_list is null or of_list = known_list and of_from <= known_revision and known_revision < of_to);

-- The last update that contained the offer wrote its cost, whether it was full or not. Since: a full update that did.
create function cost_in_history(p catalogue_pins, p_sku text, p_unit text, p_since integer)
  returns table (cost numeric, tiers price_tier[]) stable rows 1 language sql as $$
  select x.price, x.tiers
  from runs_of(p) e
  join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
  where x.sku = p_sku and x.unit = p_unit and e.number >= p_since
  order by e.number desc limit 1
$$;

-- An offer arrives with the first full update that contains it. The arrival writes everything, the option what follows.
create function sell_price_in_history(p catalogue_pins, p_sku text, p_unit text)
  returns table (sell_price numeric) stable rows 1 language sql as $$
  select w.recommended_sell_price
  from (select e.number, e.sell_prices, x.recommended_sell_price,
               min(e.number) filter (where e.is_full) over () as arrival
        from runs_of(p) e
        join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
        where x.sku = p_sku and x.unit = p_unit) w
  where w.number = w.arrival or w.number > w.arrival and w.sell_prices
  order by w.number desc limit 1
$$;

-- The name by the arrival and by the option, the category by the arrival alone.
create function product_in_history(p catalogue_pins, p_sku text)
  returns table (name text, category text) stable rows 1 language sql as $$
  select w.name, w.category
  from (select e.number, e.names, q.name, first_value(q.category) over (order by e.is_full desc, e.number) as category,
               min(e.number) filter (where e.is_full) over () as arrival
        from runs_of(p) e
        join product q on covers(q.price_list_id, q.from_revision, q.to_revision, e.price_list_id, e.revision)
        where q.sku = p_sku) w
  where w.number = w.arrival or w.number > w.arrival and w.names
  order by w.number desc limit 1
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

grant execute on function
  runs_of, covers, pinned, cost_in_history, sell_price_in_history, product_in_history, deferred_cost, deferred_sell_price,
  deferred_product
to twotier_operator, twotier_viewer, twotier_reader;
grant execute on function covers to twotier_api;   -- tenants' views call it as their user does
