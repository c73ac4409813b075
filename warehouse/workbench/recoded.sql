-- grain: one row per text that both warehouses code, and differently, and patient who has it
-- cell: list, centre, patient_id, text of every coded cell of the later warehouse. A code with '?' is asked about;
-- '?' alone is a question without a code, 'ignored' no value.
with
    cell as ({cells}),

    told as (
        select
            was.list, was.centre, was.text,
            {was} as code_before, {now} as code_after,
            was.rule as rule_before, now.rule as rule_after,
            was.list_version as version_before, now.list_version as version_after
        from before.reference.term_map as was
        join after.reference.term_map as now using (list, centre, text)
    )

select distinct told.*, cell.patient_id
from told
left join cell using (list, centre, text)
where code_before <> code_after
order by all
