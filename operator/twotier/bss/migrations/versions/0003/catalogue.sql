-- A value that a reseller sets on something inherited is an override, in every table alike.
alter table catalogue_update rename own_values_kept to overrides_kept;
alter table catalogue_plan rename own_values_kept to overrides_kept;
