select count(*) filter (where change = 'added') as added,
       count(*) filter (where change = 'removed') as removed,
       count(*) filter (where change = 'price') as price_changed,
       count(*) filter (where change = 'other') as other_changed
from offer_differences(:price_list_id, :old, :new)
