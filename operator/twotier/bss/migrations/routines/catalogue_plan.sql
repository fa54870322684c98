-- What people are shown first of what a run would change: counts. Both ways are planned anew each time: the values of the
-- pins say which way to take, which joins to leave out and how much there is to join.

create type catalogue_change_counts as (
  added bigint, returned bigint, discontinued bigint, removed bigint, changed bigint, cost bigint, tiers bigint,
  sell_price bigint, name bigint, description bigint, activity bigint, other bigint, below_cost bigint, unpriced bigint
);

create function count_changes(p catalogue_pins, t catalogue_target) returns catalogue_change_counts
  stable language plpgsql set plan_cache_mode = force_custom_plan as $$
declare
  counts catalogue_change_counts;
begin
  select count(*) filter (where c.kind = 'added'), count(*) filter (where c.kind = 'returned'),
         count(*) filter (where c.kind = 'discontinued'), 0, count(*) filter (where c.kind = 'changed'),
         count(*) filter (where c.cost), count(*) filter (where c.tiers), count(*) filter (where c.sell_price),
         count(*) filter (where c.name), count(*) filter (where c.description), count(*) filter (where c.activity),
         count(*) filter (where c.product_type or c.charge_type or c.product_kind),
         count(*) filter (where c.below_cost), count(*) filter (where c.unpriced)
    into counts
  from catalogue_changes(p, t) c;
  return counts;
end $$;

-- Two whole catalogues are joined. Of a list that was imported a moment ago the planner knows no sizes, and would look up
-- each offer of one in all of the other.
create function count_undone(p catalogue_pins, q catalogue_pins) returns catalogue_change_counts
  stable language plpgsql set plan_cache_mode = force_custom_plan set enable_nestloop = off as $$
declare
  counts catalogue_change_counts;
begin
  select 0, count(*) filter (where c.kind = 'returned'), count(*) filter (where c.kind = 'discontinued'),
         count(*) filter (where c.kind = 'removed'), count(*) filter (where c.kind = 'changed'),
         count(*) filter (where c.cost), count(*) filter (where c.tiers), count(*) filter (where c.sell_price),
         count(*) filter (where c.name), count(*) filter (where c.description), count(*) filter (where c.activity),
         count(*) filter (where c.product_type or c.charge_type or c.product_kind),
         count(*) filter (where c.below_cost), count(*) filter (where c.unpriced)
    into counts
  from changes_of_undo(p, q) c;
  return counts;
end $$;

-- Relations that differ between two structures: added, removed, or changed in quantity.
create function relations_changed(old_list integer, old_revision integer, new_list integer, new_revision integer)
  returns table (kind text, sku text, related_sku text, change text, old_quantity numeric, new_quantity numeric)
  stable language sql as $$
  select coalesce(o.kind, n.kind), coalesce(o.sku, n.sku), coalesce(o.related_sku, n.related_sku),
         case when o.sku is null then 'added' when n.sku is null then 'removed' else 'changed' end, o.quantity, n.quantity
  from (select r.* from product_relation r
        where covers(r.price_list_id, r.from_revision, r.to_revision, old_list, old_revision)
          and not covers(r.price_list_id, r.from_revision, r.to_revision, new_list, new_revision)) o
  full join (select r.* from product_relation r
             where covers(r.price_list_id, r.from_revision, r.to_revision, new_list, new_revision)
               and not covers(r.price_list_id, r.from_revision, r.to_revision, old_list, old_revision)) n
    on n.kind = o.kind and n.sku = o.sku and n.related_sku = o.related_sku
  where o.sku is null or n.sku is null or o.quantity is distinct from n.quantity
$$;

-- Values of the reseller's own, each the newest of its kind, with a version behind one watermark and up to another: what
-- the option displaces that raises the mark, and what an undo brings back that lowers it.
create function price_overrides_between(p catalogue_pins, above integer, up_to integer)
  returns table (sku text, unit text, sell_price numeric, margin_percent numeric) stable language sql as $$
  select o.sku, o.unit, o.sell_price, o.margin_percent
  from (select distinct on (v.sku, v.unit) v.sku, v.unit, v.version, v.sell_price, v.margin_percent
        from offer_override v
        where above < up_to and v.organization_id = p.organization_id and v.version <= p.last_override
        order by v.sku, v.unit, v.version desc) o
  where o.version > above and o.version <= up_to and num_nonnulls(o.sell_price, o.margin_percent) > 0
$$;

create function name_overrides_between(p catalogue_pins, above integer, up_to integer) returns table (sku text, name text)
  stable language sql as $$
  select o.sku, o.value
  from (select distinct on (v.sku) v.sku, v.version, v.value
        from product_override v
        where above < up_to and v.organization_id = p.organization_id and v.field = 'name' and v.version <= p.last_override
        order by v.sku, v.version desc) o
  where o.version > above and o.version <= up_to and o.value is not null
$$;

-- Fields of products, offers and categories of which the reseller set or removed an override since a version.
create function overrides_since(p catalogue_pins, since integer) returns bigint stable language sql as $$
  select (select count(distinct (v.sku, v.field)) from product_override v
          where v.organization_id = p.organization_id and v.version > since and v.version <= p.last_override)
       + (select count(distinct (v.sku, v.unit)) from offer_override v
          where v.organization_id = p.organization_id and v.version > since and v.version <= p.last_override)
       + (select count(distinct v.category) from category_override v
          where v.organization_id = p.organization_id and v.version > since and v.version <= p.last_override)
$$;

grant execute on function
  count_changes, count_undone, relations_changed, price_overrides_between, name_overrides_between, overrides_since
to twotier_operator, twotier_viewer;
