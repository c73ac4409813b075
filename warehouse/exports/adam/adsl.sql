-- grain: one row per person of the registry; FASFL tells who is in the cohort
select
    refresh.study_id as STUDYID,
    t.patient_id as USUBJID,
    substr(t.patient_id, length(t.centre) + 1) as SUBJID,
    t.centre as SITEID,
    t.age_years as AGE,
    case when t.age_years is not null then 'YEARS' end as AGEU,
    case when t.age_years < 18 then '<18' when t.age_years < 65 then '18-64' when t.age_years >= 65 then '>=65' end
        as AGEGR1,
    case when t.age_years < 18 then 1 when t.age_years < 65 then 2 when t.age_years >= 65 then 3 end as AGEGR1N,
    coalesce(t.sex_code, 'U') as SEX,
    'NOT REPORTED' as RACE,
    regimen.label_en as ARM,
    regimen.label_en as TRT01P,
    regimen.label_en as TRT01A,
    coalesce(t.index_agent_code, 'class:' || t.index_class_code) as TRT01AGT,
    t.index_on as TRTSDT,
    case when c.patient_id is null then 'N' else 'Y' end as FASFL,
    case when c.patient_id is null then 'N' else 'Y' end as SAFFL,
    case when best.n_assessments > 0 then 'Y' else 'N' end as RSPEVFL,
    e.first_reason_code as EXCLRSN,
    array_to_string(e.all_reason_codes, ', ') as EXCLALL,
    t.entity_code as HISTCD,
    c.histology_group as HISTGR1,
    h.morphology_code as MORPHCD,
    t.topography_code as SITECD,
    t.diagnosed_on as DIAGDT,
    t.metastatic_on as METDT,
    t.line_min as LINEMIN,
    t.line_max as LINEMAX,
    c.line_group as LINEGR1,
    t.line_basis_code as LINEBAS,
    t.ecog as ECOGBL,
    case when os.CNSR = 0 then 'Y' end as DTHFL,
    case when os.CNSR = 0 then os.ADT end as DTHDT,
    case when os.CNSR = 0 then os.ADTF end as DTHDTF,
    case when os.CNSR > 0 then os.ADT end as LSTALVDT,
    t.cut_off_on as CUTOFFDT,
    null::varchar as left_out_because
from mart.time_zero as t
cross join meta.refresh as refresh
left join mart.cohort as c using (patient_id)
left join mart.exclusion as e using (patient_id)
left join mart.best_response as best
    on best.patient_id = t.patient_id and best.criteria_code = 'RECIST 1.1'
left join mart.adtte as os
    on os.patient_id = t.patient_id and os.PARAMCD = 'OS'
left join reference.histology as h on h.entity_code = t.entity_code
left join reference.code as regimen on regimen.list = 'regimen_group' and regimen.code = c.regimen_group
order by USUBJID
