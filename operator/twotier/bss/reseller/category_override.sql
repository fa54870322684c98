insert into category_override (organization_id, category, version, name, recorded_at)
values (:organization_id, :category, :version, :name, :now)
