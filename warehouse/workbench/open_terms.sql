-- grain: one row per list, centre and delivered text that waits for a human
-- cell: list, centre, patient_id, table_name, source_rows, text, is_asked of every coded cell of core.
-- A morphology code beside a diagnosis in words is not asked about: the words decide. What a map says is decided.
with
    cell as ({cells})

select
    term.list,
    term.centre,
    term.text,
    case
        when term.code is not null or term.entity_code is not null then 'asked'
        when term.rule = 'none' then 'unmapped'
        else 'doubtful'
    end as state,
    term.reason,
    coalesce(term.entity_code, term.code) as code,
    term.candidates,
    list_sort(list(distinct cell.patient_id)) as patient_ids,
    count(distinct struct_pack(cell.table_name, cell.source_rows)) as records
from reference.term_map as term
join cell on cell.list = term.list and cell.centre = term.centre and cell.text = term.text
where term.needs_query and term.rule not in ('centre_map', 'registry_map') and cell.is_asked
group by all
order by all
