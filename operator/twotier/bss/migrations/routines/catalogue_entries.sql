-- The rows behind the counts of a plan or a run, for those who look closer: derived whenever somebody does.

create type catalogue_entry as (
  sku text collate "C", unit text collate "C",                  -- the unit is empty for a relation
  relation text collate "C", related_sku text collate "C",      -- empty for an offer
  kind text collate "C",           -- as in catalogue_change, or override; relation-added, -removed or -changed
  fields text[],                   -- that change, of an offer that is there before and after
  below_cost boolean, unpriced boolean, old_quantity numeric, new_quantity numeric,
  own_sell_price numeric, own_margin_percent numeric, own_name text   -- what an update displaces or an undo brings back
);

-- Which entries are wanted: null where it does not matter, and those behind a key.
create type entry_page as (
  kind text, field text, sku text, after_sku text, after_unit text, after_relation text, after_related_sku text,
  size integer
);

create type entry_shown as (
  entry catalogue_entry,
  name text collate "C",           -- in the list, for people
  old inherited_offer, new inherited_offer
);

-- The reseller's overrides for offers that arrived, between two watermarks each; see price_overrides_between.
create function overrides_between(p catalogue_pins, prices_above integer, prices_up_to integer,
                                   names_above integer, names_up_to integer)
  returns table (sku text, unit text, sell_price numeric, margin_percent numeric, name text) stable language sql as $$
  select v.sku, v.unit, max(v.sell_price), max(v.margin_percent), max(v.name)
  from (select o.sku, o.unit, o.sell_price, o.margin_percent, null as name
        from price_overrides_between(p, prices_above, prices_up_to) o
        where had_arrived(p, o.sku, o.unit)
        union all
        select n.sku, arrived.unit, null, null, n.name
        from name_overrides_between(p, names_above, names_up_to) n
        cross join lateral (
          select distinct x.unit from runs_of(p) e
          join offer x on covers(x.price_list_id, x.from_revision, x.to_revision, e.price_list_id, e.revision)
          where e.is_full and x.sku = n.sku) arrived) v
  group by v.sku, v.unit
$$;

create function fields_of(c catalogue_change) returns text[] immutable language sql
  return array_remove(array[
    case when c.cost then 'cost' end, case when c.tiers then 'tiers' end, case when c.sell_price then 'sell_price' end,
    case when c.name then 'name' end, case when c.description then 'description' end,
    case when c.activity then 'activity' end, case when c.product_type then 'product_type' end,
    case when c.charge_type then 'charge_type' end, case when c.product_kind then 'kind' end], null);

create function relation_entries(old_list integer, old_revision integer, new_list integer, new_revision integer)
  returns setof catalogue_entry stable language sql as $$
  select r.sku, '', r.kind, r.related_sku, 'relation-' || r.change, '{}'::text[], false, false,
         r.old_quantity, r.new_quantity, null::numeric, null::numeric, null::text
  from relations_changed(old_list, old_revision, new_list, new_revision) r
$$;

create function update_entries(p catalogue_pins, t catalogue_target) returns setof catalogue_entry stable language sql as $$
  select coalesce(c.sku, v.sku), coalesce(c.unit, v.unit), '', '', coalesce(c.kind, 'override'), fields_of(c),
         coalesce(c.below_cost, false), coalesce(c.unpriced, false), null::numeric, null::numeric,
         v.sell_price, v.margin_percent, v.name
  from catalogue_changes(p, t) c
  full join overrides_between(p, p.sell_watermark, case when t.sell_prices then t.watermark else 0 end,
                               p.names_watermark, case when t.names then t.watermark else 0 end) v
    on v.sku = c.sku and v.unit = c.unit
  union all
  select r.* from relation_entries(p.structure_list, p.structure_revision, t.price_list_id, t.revision) r where t.is_full
$$;

create function undo_entries(p catalogue_pins, q catalogue_pins) returns setof catalogue_entry stable language sql as $$
  select coalesce(c.sku, v.sku), coalesce(c.unit, v.unit), '', '', coalesce(c.kind, 'override'), fields_of(c),
         coalesce(c.below_cost, false), coalesce(c.unpriced, false), null::numeric, null::numeric,
         v.sell_price, v.margin_percent, v.name
  from changes_of_undo(p, q) c
  full join overrides_between(q, q.sell_watermark, p.sell_watermark, q.names_watermark, p.names_watermark) v
    on v.sku = c.sku and v.unit = c.unit
  union all
  select r.*
  from relation_entries(p.structure_list, p.structure_revision, q.structure_list, q.structure_revision) r
$$;

-- With a tenant's first run everything arrives.
create function first_entries(q catalogue_pins) returns setof catalogue_entry stable language sql as $$
  select i.sku, i.unit, '', '', 'added', '{}'::text[], coalesce(i.sell_price <> 0 and i.sell_price < i.cost, false),
         not is_priced(i.sell_price, null, null), null::numeric, null::numeric, null::numeric, null::numeric, null::text
  from inherited_catalogue(q) i
  union all
  select r.* from relation_entries(null, null, q.structure_list, q.structure_revision) r
$$;

create function is_wanted(e catalogue_entry, g entry_page) returns boolean immutable language sql
  return (g.kind is null or e.kind = g.kind) and (g.sku is null or e.sku = g.sku)
     and (g.field is null or g.field = any(e.fields)
          or g.field = 'sell_price' and num_nonnulls(e.own_sell_price, e.own_margin_percent) > 0
          or g.field = 'name' and e.own_name is not null)
     and (e.sku, e.unit, e.relation, e.related_sku)
       > (g.after_sku, g.after_unit, g.after_relation, g.after_related_sku);

-- What comes down of one offer with an update: the rule that change_of compares by. The product as the tenant has it in
-- other units (known) gives an offer that arrives its name and its category.
create function inherited_after(t catalogue_target, e catalogue_entry, i inherited_offer, n offer, m product,
                                known_name text, known_category text) returns inherited_offer immutable language sql
  return row(
    e.sku, e.unit,
    case when m.sku is not null and (t.names or i.sku is null and known_name is null) then m.name
         else coalesce(i.name, known_name) end,
    case when t.is_full and m.sku is not null then m.description else i.description end,
    case when i.sku is not null then i.category when known_name is not null then known_category else m.category end,
    case when t.is_full and m.sku is not null then m.product_type else i.product_type end,
    case when t.is_full and m.sku is not null then m.charge_type else i.charge_type end,
    case when t.is_full and m.sku is not null then m.kind else i.kind end,
    coalesce(n.price, i.cost), coalesce(n.tiers, i.tiers),
    case when n.sku is not null and (i.sku is null or t.sell_prices) then n.recommended_sell_price else i.sell_price end,
    case when t.is_full then coalesce(n.active, i.offer_active) else i.offer_active end,
    case when t.is_full and m.sku is not null then m.active else i.product_active end,
    case when t.is_full then n.sku is null else i.discontinued end,
    case when t.is_full and m.sku is not null then m.name else i.list_name end)::inherited_offer;

create function product_name(p_sku text, list integer, revision integer) returns text stable language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  return (select q.name from product q
          where q.sku = p_sku and covers(q.price_list_id, q.from_revision, q.to_revision, list, revision));
end $$;

-- Entries of an update (p and t), of an undo (p and q) or of a first run (q alone), in the order of their keys. Values are
-- looked up for the rows of a page alone; where all are wanted, whole catalogues are joined instead.
create function catalogue_entries(p catalogue_pins, t catalogue_target, q catalogue_pins, g entry_page)
  returns setof entry_shown stable language plpgsql set plan_cache_mode = force_custom_plan as $$
begin
  if q.organization_id is null then
    return query
      select row(e.*)::catalogue_entry,
             coalesce(m.name, product_name(e.sku, p.structure_list, p.structure_revision), (i.old).list_name),
             i.old,
             case when e.unit <> '' then inherited_after(t, row(e.*)::catalogue_entry, i.old, n, m, known.name, known.category)
             end
      from (select e.* from update_entries(p, t) e where is_wanted(e, g)
            order by e.sku, e.unit, e.relation, e.related_sku limit g.size) e
      left join inherited_catalogue(p) whole on g.size is null and whole.sku = e.sku and whole.unit = e.unit
      cross join lateral (
        select case when e.unit = '' or e.kind = 'added' then null
                    when g.size is null then whole::inherited_offer
                    else inherited_lookup(p, e.sku, e.unit) end as old offset 0) i
      left join offer n on n.sku = e.sku and n.unit = e.unit
            and covers(n.price_list_id, n.from_revision, n.to_revision, t.price_list_id, t.revision)
      left join product m on m.sku = e.sku
            and covers(m.price_list_id, m.from_revision, m.to_revision, t.price_list_id, t.revision)
      left join lateral (
        select h.name, h.category
        from (select where e.kind = 'added' offset 0) arrives   -- the history is not read for the others
        cross join lateral deferred_product(p, e.sku) h) known on true
      order by e.sku, e.unit, e.relation, e.related_sku;
  else
    return query
      select row(e.*)::catalogue_entry,
             coalesce((i.new).list_name, (i.old).list_name, product_name(e.sku, q.structure_list, q.structure_revision),
                      product_name(e.sku, p.structure_list, p.structure_revision)),
             i.old, i.new
      from (select e.*
            from (select u.* from undo_entries(p, q) u where p.organization_id is not null
                  union all
                  select f.* from first_entries(q) f where p.organization_id is null) e
            where is_wanted(row(e.*)::catalogue_entry, g)
            order by e.sku, e.unit, e.relation, e.related_sku limit g.size) e
      left join inherited_catalogue(p) was on g.size is null and was.sku = e.sku and was.unit = e.unit
      left join inherited_catalogue(q) becomes on g.size is null and becomes.sku = e.sku and becomes.unit = e.unit
      cross join lateral (
        select case when e.unit = '' or e.kind = 'added' then null
                    when g.size is null then was::inherited_offer
                    else inherited_lookup(p, e.sku, e.unit) end as old,
               case when e.unit = '' or e.kind = 'removed' then null
                    when g.size is null then becomes::inherited_offer
                    else inherited_lookup(q, e.sku, e.unit) end as new
        offset 0) i
      order by e.sku, e.unit, e.relation, e.related_sku;
  end if;
end $$;

grant execute on function
  overrides_between, fields_of, relation_entries, update_entries, undo_entries, first_entries, is_wanted,
  inherited_after, product_name, catalogue_entries
to twotier_operator, twotier_viewer;
