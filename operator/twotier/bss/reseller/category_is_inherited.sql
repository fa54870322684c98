select exists (select from tenant_categories where category = :category)
