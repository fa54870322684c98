-- Cells with several entries, taken apart: "OFFICE;OFFICE-PLUS", and "OFFICE*1;BACKUP*5" for components.
insert into read_relation
select part, line, relations.kind, btrim(sku, :blank),
       case when relations.kind = 'component' then btrim(regexp_replace(entry, '[*][^*]*$', ''), :blank) else entry end,
       case when relations.kind = 'component' and entry ~ '[*] *[0-9]{1,9} *$' then substring(entry from '([0-9]+) *$')::numeric end,
       entry
from staged_row
cross join lateral (values ('add-on', add_on_of), ('upgrade', upgrade_to), ('component', components)) relations(kind, entries)
cross join lateral (select btrim(entry, :blank) as entry from string_to_table(entries, ';') entry) entries
where (add_on_of is not null or upgrade_to is not null or components is not null) and entry <> ''
