-- Which routines are loaded, and by whom. `twotier database migrate` writes it, and every program reads it before it
-- works here.
create table loaded_routines (
  digest    text collate "C" not null,                      -- of the files, see Release.digest
  program   text collate "C" not null,                      -- version of the program that they came with
  loaded_at timestamptz not null default now()
);
create unique index loaded_routines_is_one_row on loaded_routines ((true));
grant select on alembic_version, loaded_routines to twotier_operator, twotier_worker, twotier_api, twotier_viewer;
