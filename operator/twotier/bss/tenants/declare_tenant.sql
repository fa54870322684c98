-- What is declared of a tenant. A new one is in progress.
insert into tenant (organization_id, phase, edition, language, date_format, separate_invoices, billing_day)
select :organization_id, 'InProgress', d.*
from (values (cast(:edition as text), cast(:language as text), cast(:date_format as text),
              cast(:separate_invoices as boolean), cast(:billing_day as smallint)))
     as d (edition, language, date_format, separate_invoices, billing_day)
where not exists (
  select from tenant t
  where t.organization_id = :organization_id
    and (t.edition, t.language, t.date_format, t.separate_invoices, t.billing_day)
        = (d.edition, d.language, d.date_format, d.separate_invoices, d.billing_day)
)
on conflict (organization_id) do update
set edition = excluded.edition, language = excluded.language, date_format = excluded.date_format,
    separate_invoices = excluded.separate_invoices, billing_day = excluded.billing_day
