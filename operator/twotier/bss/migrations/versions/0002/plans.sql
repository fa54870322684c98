-- Plans that people look at and approve, and the whole Update Tenant Log: what was applied, and what was not and why.

-- One small row a plan that was shown. What it would change is read anew from the revisions whenever somebody looks closer.
create table catalogue_plan (
  organization_id uuid not null references catalogue_assignment on delete cascade,
  id              text collate "C" not null,      -- a digest of all that the result depends on
  newest          integer not null,               -- the tenant's newest run then; good until there is a newer one
  watermark       integer not null,               -- the options displace own values up to it
  price_list_id   integer not null,
  revision        integer not null,
  target_digest   text collate "C" not null,      -- of the revision's content
  is_full         boolean not null,
  sell_prices     boolean not null,
  names           boolean not null,
  restored        integer,                        -- a return to this run, which was the update beside it
  changes         jsonb not null,                 -- counts by kind of change, those that are not zero
  below_cost      integer not null,
  unpriced        integer not null,
  own_values_kept integer not null,               -- by a return to an earlier run
  planned_at      timestamptz not null,
  primary key (organization_id, id),
  foreign key (price_list_id, revision) references price_list_revision
);
call isolate('catalogue_plan');
create index catalogue_plan_by_id on catalogue_plan (id);  -- whether an unknown id is another tenant's

alter table catalogue_update
  add plan_id         text collate "C",           -- the stored plan that was approved
  add asked_by        text,                       -- who set the approval or the run to restore: a field manager
  add asked_at        timestamptz,
  add own_values_kept integer not null default 0, -- by an undo
  add finished_at     timestamptz;
update catalogue_update set finished_at = requested_at;
alter table catalogue_update alter finished_at set not null;

-- What a person asked for and did not get. It stands in the log after the run that was the newest then.
create table catalogue_attempt (
  organization_id uuid not null references catalogue_assignment on delete cascade,
  newest          integer not null,
  attempt         integer not null,               -- counted anew after each run
  outcome         text collate "C" not null check (outcome in ('refused', 'failed')),
  reason          text not null,                  -- a word that programs match on
  message         text not null,
  price_list_id   integer,                        -- what it would have led to, as far as that is known
  revision        integer,
  is_full         boolean,
  sell_prices     boolean,
  names           boolean,
  restored        integer,                        -- the run that was to be restored
  plan_id         text collate "C",               -- the plan that was to be applied
  requested_by    text not null,
  requested_at    timestamptz not null,
  asked_by        text,
  asked_at        timestamptz,
  finished_at     timestamptz not null,
  primary key (organization_id, newest, attempt),
  foreign key (price_list_id, revision) references price_list_revision
);
call isolate('catalogue_attempt');

grant select, insert, delete on catalogue_plan, catalogue_attempt to twotier_operator;
grant select on catalogue_plan, catalogue_attempt to twotier_viewer;
