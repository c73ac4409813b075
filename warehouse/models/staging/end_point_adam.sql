-- grain: one row per patient whose end points are derived and PARAMCD, with ADaM's names
select
    (select study_id from meta.refresh) as "STUDYID",
    end_point.patient_id as "USUBJID",
    end_point.paramcd as "PARAMCD",
    rule."PARAM",
    case when nereason is null then adt - start_on end as "AVAL",
    'DAYS' as "AVALU",
    case when nereason is null then cnsr end as "CNSR",
    evntdesc as "EVNTDESC",
    cnsdtdsc as "CNSDTDSC",
    start_on as "STARTDT",
    case when nereason is null then adt end as "ADT",
    case when nereason is null and is_imputed then 'D' end as "ADTF",
    early_on as "ADTEARLY",
    early_cnsr as "CNSREARLY",
    late_on as "ADTLATE",
    late_cnsr as "CNSRLATE",
    srcdom as "SRCDOM",
    srcvar as "SRCVAR",
    srcseq as "SRCSEQ",
    subject.cut_off_on as "CUTOFFDT",
    nereason as "NEREASON",
    end_point.patient_id,
    subject.centre,
    subject.is_doubtful
from staging.end_point as end_point
join staging.subject as subject using (patient_id)
join reference.end_point as rule on rule."PARAMCD" = end_point.paramcd
