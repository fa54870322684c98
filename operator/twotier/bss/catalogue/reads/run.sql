select number, restored, price_list_id, revision, is_full, sell_prices, names, override_watermark, newest_override
from catalogue_update
where organization_id = :organization_id and number = :number
