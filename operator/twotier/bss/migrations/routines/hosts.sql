-- What a request from outside is for.
set local role twotier_reader;

-- The organization whose storefront has an address, which is in lower case and without a port; null for none.
create function organization_of_host(p_host text) returns uuid
  stable security definer set search_path = twotier, pg_temp language sql as $$
  select a.organization_id from storefront_address a where a.host = p_host
$$;
revoke execute on function organization_of_host from public;
grant execute on function organization_of_host to twotier_api;

set local role twotier_owner;
