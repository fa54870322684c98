select id, name, currency, active, valid_from, valid_until
from price_list
where organization_id = :distributor_id and name = :name
