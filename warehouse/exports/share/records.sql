-- grain: one row per patient of the cohort; nothing of the calendar
select
    c.patient_id,
    c.age_years,
    c.sex_code,
    c.centre,
    c.histology_group,
    c.line_group,
    c.regimen_group,
    c.ecog,
    null::varchar as left_out_because
from mart.cohort as c
order by c.patient_id
