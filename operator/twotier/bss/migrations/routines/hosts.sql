-- What a request from outside is for.
set local role twotier_reader;

-- The organization whose storefront has an address, which is in lower case and without a port; null for none.
create function organization_of_host(p_host text) returns uuid
  stable security definer set search_path = twotier, pg_temp language sql as $$
  select case when h.is_base_domain then s.organization_id else h.organization_id end
  from reserved_host h
  left join storefront s on h.is_base_domain and s.root_id = h.organization_id
    and s.alias = split_part(p_host, '.', 1) and s.alias || '.' || h.name = p_host
  where h.names @> (reverse(p_host) || '.')
$$;
revoke execute on function organization_of_host from public;
grant execute on function organization_of_host to twotier_api;

set local role twotier_owner;
