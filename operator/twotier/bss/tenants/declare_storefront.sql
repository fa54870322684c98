-- How a tenant's storefront looks.
insert into storefront (organization_id, branding)
select cast(:organization_id as uuid), cast(:branding as jsonb)
except
select organization_id, branding from storefront where organization_id = :organization_id
on conflict (organization_id) do update set branding = excluded.branding
