-- grain: one row per patient of the cohort and end point
select
    a.STUDYID, a.USUBJID, s.SITEID,
    row_number() over (partition by a.USUBJID order by a.PARAMCD) as ASEQ,
    s.AGE, s.SEX, s.ARM,
    s.TRT01P as TRTP,
    s.TRT01A as TRTA,
    s.FASFL,
    a.PARAM, a.PARAMCD, a.AVAL, a.AVALU, a.STARTDT, a.ADT, a.ADTF, a.CNSR, a.EVNTDESC, a.CNSDTDSC,
    a.ADTEARLY,
    a.CNSREARLY as CNSREARL,
    a.ADTLATE, a.CNSRLATE, a.NEREASON, a.CUTOFFDT, a.SRCDOM, a.SRCVAR,
    a.SRCSEQ as SRCKEY,
    null::varchar as left_out_because
from mart.adtte as a
join adsl as s on s.USUBJID = a.USUBJID
order by a.USUBJID, ASEQ
