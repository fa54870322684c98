-- A catalogue can be read as of every run: with it stands which of the reseller's own values there were by then.

alter table catalogue_update add newest_override integer;   -- version of the newest own value when the run was written
update catalogue_update u
set newest_override = greatest(u.override_watermark, coalesce((
  select max(o.version)
  from (select v.version, v.recorded_at from product_override v where v.organization_id = u.organization_id
        union all
        select v.version, v.recorded_at from offer_override v where v.organization_id = u.organization_id) o
  where o.recorded_at <= u.requested_at), 0));
alter table catalogue_update alter newest_override set not null;
