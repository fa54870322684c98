-- The product types a list has at a revision, skipping from one type to the next in the index.
create function product_types(list integer, at_revision integer) returns setof text stable language sql
begin atomic
  with recursive known(product_type) as (
    select min(product_type) from product where price_list_id = list
    union all
    select (select min(p.product_type) from product p where p.price_list_id = list and p.product_type > k.product_type)
    from known k
    where k.product_type is not null
  )
  select k.product_type
  from known k
  where exists (
    select from product p
    where p.price_list_id = list and p.product_type = k.product_type
      and p.from_revision <= at_revision and p.to_revision > at_revision
  );
end;
grant execute on function product_types to twotier_operator;
