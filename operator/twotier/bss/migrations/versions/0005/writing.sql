-- Who set something and when is not for a session to say: a row takes both by itself, and nobody is granted the columns.

-- Who of the organization's staff the transaction acts for; null for nobody. Staff of another one is refused by the keys.
create function current_staff() returns uuid stable parallel safe language sql
  return nullif(current_setting('twotier.staff', true), '')::uuid;
grant execute on function current_staff to twotier_writer;

do $$
declare
  written record;
begin
  for written in
    select * from (values ('product_override', 'recorded'), ('offer_override', 'recorded'),
                          ('category_override', 'recorded'), ('own_product', 'changed'), ('own_offer', 'changed'))
      as written (relation, done)
  loop
    execute format('alter table %I alter %I set default clock_timestamp(), add %3$I uuid, '
                   'add foreign key (organization_id, %3$I) references staff on delete set null (%3$I)',
                   written.relation, written.done || '_at', written.done || '_by');
    execute format('alter table %I alter %I set default current_staff()', written.relation, written.done || '_by');
  end loop;
end
$$;

revoke insert, update on
  catalogue_assignment, product_override, offer_override, category_override, own_product_type, own_product, own_offer
from twotier_api;
revoke insert on product_override, offer_override from twotier_operator;

grant select, update (last_override) on catalogue_assignment to twotier_writer;
grant insert (organization_id, sku, field, version, value) on product_override to twotier_writer;
grant insert (organization_id, sku, unit, version, sell_price, margin_percent) on offer_override to twotier_writer;
grant insert (organization_id, category, version, name) on category_override to twotier_writer;
grant insert on own_product_type to twotier_writer;
grant select,
  insert (organization_id, sku, name, description, image, category, product_type, charge_type, published),
  update (name, description, image, category, charge_type, published, changed_at, changed_by)
on own_product to twotier_writer;
grant select, insert (organization_id, sku, unit, sell_price, cost), update (sell_price, cost, changed_at, changed_by)
on own_offer to twotier_writer;
