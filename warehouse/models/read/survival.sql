-- grain: one row per patient of the cohort and end point
select
    adtte.patient_id,
    adtte.centre,
    adtte."PARAMCD" as end_point_code,
    adtte."PARAM" as end_point,
    adtte."AVAL" is not null as is_evaluable,
    adtte."NEREASON" as not_evaluable_reason,
    adtte."AVAL" as days,
    (adtte."AVAL" * 10000)::decimal(18, 0) / 304375 as months,
    case when adtte."AVAL" is not null then adtte."CNSR" = 0 end as is_event,
    coalesce(adtte."CNSDTDSC", adtte."EVNTDESC") as ending,
    adtte."CNSR" as censoring_code,
    adtte."STARTDT" as started_on,
    adtte."ADT" as ended_on,
    adtte."CUTOFFDT" as cut_off_on,
    adtte."SRCDOM" as source_table,
    adtte."SRCSEQ" as source_record_key,
    cohort.sex_code,
    cohort.age_years,
    cohort.entity_code,
    cohort.histology_group,
    cohort.regimen_group,
    cohort.line_group
from mart.adtte as adtte
join mart.cohort as cohort using (patient_id)
