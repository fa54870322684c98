-- The tenant's catalogue, defined once: what came down, with the reseller's overrides.

-- The reseller's price for an offer of a given cost: its override if there is one, else the inherited price.
-- A margin is a part of the sell price, rounded to the decimals of the cost and never to fewer than two.
create function effective_sell_price(cost numeric, inherited numeric, own_price numeric, margin_percent numeric)
  returns numeric immutable language sql
  return case when margin_percent is null then coalesce(own_price, inherited)
              else round(cost / (1 - margin_percent / 100), greatest(2, scale(trim_scale(cost)))) end;

-- An inherited price of zero is none (lists are full of zeros); one that the reseller set is meant.
create function is_priced(inherited numeric, own_price numeric, margin_percent numeric) returns boolean immutable language sql
  return coalesce(inherited, 0) <> 0 or own_price is not null or margin_percent is not null;

-- The reseller's override for an offer, unless an update up to the watermark displaced it or the reseller removed it.
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

-- One row an offer of the tenant's catalogue, as its customers and its staff see it.
create type catalogue_offer as (
  sku text collate "C", unit text collate "C", name text collate "C", description text collate "C",
  image text collate "C", category text collate "C",
  product_type text collate "C", charge_type text collate "C", kind text collate "C",
  cost numeric, tiers price_tier[], sell_price numeric,
  active boolean,                  -- by the distributor: offer and product
  discontinued boolean,            -- it arrived once and is not in the list any more
  published boolean,               -- active, not discontinued, priced, not hidden by the reseller; of a bundle, also all in it
  needs_review boolean,            -- arrived without a sell price, and the reseller has set none
  inherited_name text collate "C", inherited_description text collate "C", inherited_category text collate "C",
  inherited_sell_price numeric,
  list_name text collate "C"                   -- by the structure's revision; what pages by name are sorted by
);

-- Published here as if it were no bundle.
create function with_overridden_fields(p catalogue_pins, i inherited_offer) returns setof catalogue_offer stable language sql as $$
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

-- Whether all that is in a bundle is published: a component in the bundle's unit or, where the list does not offer it in
-- that, in any. What is in a component is in the bundle, too. Reached for bundles alone.
create function components_published(p catalogue_pins, p_sku text, p_unit text) returns boolean
  stable language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  return not exists (
    with recursive component(sku) as (
      select r.related_sku from product_relation r
      where r.kind = 'component' and r.sku = p_sku
        and covers(r.price_list_id, r.from_revision, r.to_revision, p.structure_list, p.structure_revision)
      union
      select r.related_sku from component inside
      join product_relation r on r.kind = 'component' and r.sku = inside.sku
       and covers(r.price_list_id, r.from_revision, r.to_revision, p.structure_list, p.structure_revision)
    )
    select from component
    where not exists (
      select
      from (select s.*, rank() over (order by s.unit <> p_unit) as choice from offer s
            where s.sku = component.sku
              and covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision)) s
      cross join lateral inherited_present(p, row(s.price_list_id, s.sku, s.unit, s.from_revision, s.to_revision, s.price,
                                                  s.recommended_sell_price, s.tiers, s.active)::offer) i
      cross join lateral with_overridden_fields(p, row(i.*)::inherited_offer) c
      where s.choice = 1 and c.published));
end $$;

create function with_overrides(p catalogue_pins, i inherited_offer) returns setof catalogue_offer stable language sql as $$
  select c.sku, c.unit, c.name, c.description, c.image, c.category, c.product_type, c.charge_type, c.kind, c.cost, c.tiers,
         c.sell_price, c.active, c.discontinued,
         c.published and (c.kind <> 'bundle' or components_published(p, c.sku, c.unit)), c.needs_review,
         c.inherited_name, c.inherited_description, c.inherited_category, c.inherited_sell_price, c.list_name
  from with_overridden_fields(p, i) c
$$;

-- The one definition of correctness.
create function catalogue_of(p catalogue_pins) returns setof catalogue_offer stable language sql as $$
  select c.* from inherited_catalogue(p) i cross join lateral with_overrides(p, i) c
$$;

-- What is in a bundle, each with its part of the bundle's sell price: in the ratio of what the distributor takes for the
-- components in the bundle's unit. The parts add up to the price; without a price for every component there are none.
create function bundle_components(p catalogue_pins, p_sku text, p_unit text)
  returns table (sku text, quantity numeric, price numeric)
  stable language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  bundle catalogue_offer;
begin
  select c.* into bundle from inherited_lookup(p, p_sku, p_unit) i cross join lateral with_overrides(p, i) c;
  return query
    select part.sku, part.quantity,
           round(bundle.sell_price * part.up_to / part.total, part.decimals)
             - round(bundle.sell_price * (part.up_to - part.amount) / part.total, part.decimals)
    from (
      select r.related_sku as sku, r.quantity, r.quantity * i.cost as amount,
             sum(r.quantity * i.cost) over (order by r.related_sku) as up_to,
             case when every(i.cost is not null) over () then nullif(sum(r.quantity * i.cost) over (), 0) end as total,
             greatest(2, scale(trim_scale(bundle.sell_price))) as decimals
      from product_relation r
      left join lateral inherited_lookup(p, r.related_sku, p_unit) i on true
      where r.kind = 'component' and r.sku = p_sku
        and covers(r.price_list_id, r.from_revision, r.to_revision, p.structure_list, p.structure_revision)) part
    order by part.sku;
end $$;

-- A page of it for the distributor's own people, discontinued offers included; without a size, all of it.
create function catalogue_page_at(p catalogue_pins, p_after_sku text, p_after_unit text, p_size integer)
  returns setof catalogue_offer stable language plpgsql set plan_cache_mode = force_custom_plan as $$
begin
  if p_size is null then
    return query
      select c.* from catalogue_of(p) c where (c.sku, c.unit) > (p_after_sku, p_after_unit) order by c.sku, c.unit;
  else
    return query
      select c.*
      from (select i.*
            from (select s.* from offer s
                  where covers(s.price_list_id, s.from_revision, s.to_revision, p.structure_list, p.structure_revision)
                    and (s.sku, s.unit) > (p_after_sku, p_after_unit)
                  order by s.sku, s.unit limit p_size) k
            cross join lateral inherited_present(p, row(k.*)::offer) i
            union all
            select g.* from inherited_gone(p) g where (g.sku, g.unit) > (p_after_sku, p_after_unit)
            order by sku, unit limit p_size) i
      cross join lateral with_overrides(p, row(i.*)::inherited_offer) c
      order by c.sku, c.unit;
  end if;
end $$;

grant execute on function effective_sell_price, is_priced, own_price, category_name, with_overridden_fields, components_published, with_overrides, catalogue_of,
  bundle_components, catalogue_page_at
to twotier_operator, twotier_viewer, twotier_reader;
