-- Names of hosts as texts that sort by their labels from the right, so that a domain and all below it are one range:
-- shop.example is elpmaxe.pohs., and what is below it comes before elpmaxe.pohs/, since / follows the dot.
create type host_range as range (subtype = text, collation = "C");

-- What an organization has of the names in DNS, and no other one: a distributor its base domain and all below it, a
-- tenant a host of its own. It stays until it is given up or the tenant is erased.
create table reserved_host (
  organization_id uuid primary key references organization,
  name            text collate "C" not null check (
    length(name) <= 253 and name ~ '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$'
  ),
  is_base_domain  boolean not null,
  proved_at       timestamptz,                             -- of a tenant's host: when DNS showed that it is the tenant's
  names           host_range not null generated always as (
    case when is_base_domain then host_range(reverse(name) || '.', reverse(name) || '/')
         else host_range(reverse(name) || '.', reverse(name) || '.', '[]') end
  ) stored,
  exclude using gist (names with &&)
);
call isolate('reserved_host');
grant select, insert, update, delete on reserved_host to twotier_operator;
grant select on reserved_host to twotier_viewer;

-- The key of the tokens by which tenants prove that hosts are theirs.
alter table distributor add column host_key uuid not null default gen_random_uuid();

-- An alias is below the base domain of the tenant's distributor, whichever that is, so it is reserved in that one alone.
alter table storefront
  add column root_id uuid references organization,
  add column alias   text collate "C" check (alias ~ '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$');
update storefront s set root_id = o.root_id from organization o where o.id = s.organization_id;
update storefront s
set alias = split_part(a.host, '.', 1)
from storefront_address a, distributor d
where a.organization_id = s.organization_id and d.organization_id = s.root_id
  and a.host = split_part(a.host, '.', 1) || '.' || d.storefront_domain;
alter table storefront
  alter column root_id set not null,
  add unique (root_id, alias);

-- Who has a name keeps it, base domains before hosts, older organizations before younger ones. Whoever does not get it
-- is told by the status of its resource, which still declares it.
insert into reserved_host (organization_id, name, is_base_domain)
select o.id, d.storefront_domain, true
from distributor d
join organization o on o.id = d.organization_id
where length(d.storefront_domain) <= 253
  and d.storefront_domain ~ '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$'
order by o.created_at, o.id
on conflict do nothing;

insert into reserved_host (organization_id, name, is_base_domain)
select o.id, a.host, false
from storefront_address a
join organization o on o.id = a.organization_id
where not exists (select from storefront s where s.organization_id = o.id and s.alias is not null)
  and length(a.host) <= 253
  and a.host ~ '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$'
order by o.created_at, o.id
on conflict do nothing;

drop table storefront_address;
alter table distributor drop column storefront_domain;
