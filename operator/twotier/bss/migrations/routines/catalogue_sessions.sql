-- What tenants' sessions may use, for the organization of the transaction and with the rights of the reader. They see no
-- list, and no revision of one, that was never applied to them.
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

create function catalogue_bundle(p_sku text, p_unit text) returns table (sku text, quantity numeric, price numeric)
  stable security definer set search_path = twotier, pg_temp language sql as $$
  select b.* from catalogue_pins p cross join lateral bundle_components(p, p_sku, p_unit) b
  where p.organization_id = current_organization()
$$;

create view tenant_relations with (security_barrier) as
select r.kind, r.sku, r.related_sku, r.quantity
from catalogue_assignment a
join catalogue_update u on u.organization_id = a.organization_id and u.number = a.current
join product_relation r on covers(r.price_list_id, r.from_revision, r.to_revision, u.structure_list, u.structure_revision)
where a.organization_id = (select current_organization());

-- The tenant's offers that the list's source lacks at present, and that are sold until they are discontinued.
create view tenant_suspects with (security_barrier) as
select s.sku, s.unit
from catalogue_assignment a
join catalogue_update u on u.organization_id = a.organization_id and u.number = a.current
join suspect_offer s on s.price_list_id = u.structure_list
join offer o on o.sku = s.sku and o.unit = s.unit
 and covers(o.price_list_id, o.from_revision, o.to_revision, u.structure_list, u.structure_revision)
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

-- Whether the tenant ever got it: what its reseller may set overrides of. Without a unit: in any.
create function catalogue_has(p_sku text, p_unit text) returns boolean
  stable security definer set search_path = twotier, pg_temp language sql as $$
  select exists (
    select from catalogue_update e
    join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
    where e.organization_id = current_organization() and e.in_force and e.is_full
      and x.sku = p_sku and x.unit = coalesce(p_unit, x.unit))
$$;

revoke execute on function tenant_catalogue_rows, catalogue_lookup, catalogue_page_by_sku, catalogue_page_by_name,
  catalogue_bundle, catalogue_has from public;
grant execute on function tenant_catalogue_rows, catalogue_lookup, catalogue_page_by_sku, catalogue_page_by_name,
  catalogue_bundle, catalogue_has to twotier_api;
grant execute on function catalogue_has to twotier_writer;
grant select on tenant_catalogue, tenant_relations, tenant_suspects, tenant_price_history to twotier_api;

set local role twotier_owner;
