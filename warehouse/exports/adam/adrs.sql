-- grain: one row per patient and assessment (OVR), and per patient, criteria and kind of best response
with response as (
    select
        r.patient_id,
        'OVR' as PARAMCD,
        'Overall Response at One Assessment' as PARAM,
        a.assessor_code as PARCAT2,
        a.criteria_code as PARCAT3,
        a.overall_code as AVALC,
        a.assessed_on as ADT,
        a.day as days,
        flag(a.is_baseline) as ABLFL,
        case when a.day > 0 and a.overall_code is not null then 'Y' end as ANL01FL,
        flag(a.is_confirmed) as CONFFL,
        flag(a.has_new_lesion) as NEWLFL,
        a.target_sum_mm::double as TRGSUM,
        a.baseline_sum_mm::double as TRGBASE,
        a.change_from_baseline_pct::double as TRGPCHG,
        null::bigint as NASSESS,
        null::varchar as NEREASON,
        'response_assessment' as SRCDOM,
        'overall_code' as SRCVAR,
        r.record_key as SRCKEY,
        a.patient_id as subject,
        case
            when a.patient_id is null and r.patient_id not in (select patient_id from mart.cohort)
                then 'patient outside the cohort'
            when a.patient_id is null then 'before the baseline, after the cut-off, or without a whole date'
        end as left_out_because
    from core.response_assessment as r
    left join mart.assessment as a on a.assessed_at = r.centre and a.record_key = r.record_key

    union all by name

    select
        b.patient_id,
        kind.code as PARAMCD,
        kind.label as PARAM,
        b.criteria_code as PARCAT3,
        case when kind.is_confirmed then b.confirmed_code else b.best_code end as AVALC,
        case when kind.is_confirmed then b.confirmed_response_on else b.response_on end as ADT,
        date_diff('day', c.index_on, ADT) as days,
        case when AVALC is not null then 'Y' end as ANL01FL,
        b.n_assessments as NASSESS,
        b.not_evaluable_reason as NEREASON,
        'response_assessment' as SRCDOM,
        'overall_code' as SRCVAR,
        case when kind.is_confirmed then b.confirmed_response_record_key else b.response_record_key end as SRCKEY,
        b.patient_id as subject,
        null::varchar as left_out_because
    from mart.best_response as b
    join mart.cohort as c using (patient_id)
    join (
        values
            ('RECIST 1.1', false, 'BOR', 'Best Overall Response (confirmation not required)'),
            ('RECIST 1.1', true, 'CBOR', 'Confirmed Best Overall Response'),
            ('iRECIST', false, 'IBOR', 'Best Overall Response by iRECIST (confirmation not required)'),
            ('iRECIST', true, 'ICBOR', 'Confirmed Best Overall Response by iRECIST')
    ) as kind (criteria_code, is_confirmed, code, label) using (criteria_code)
)
select
    s.STUDYID,
    r.subject as USUBJID,
    s.SITEID,
    row_number() over (partition by r.subject order by r.PARAMCD, r.ADT, r.SRCKEY) as ASEQ,
    s.TRT01P as TRTP,
    s.TRT01A as TRTA,
    s.FASFL,
    r.PARAM, r.PARAMCD,
    'Tumor Response' as PARCAT1,
    r.PARCAT2, r.PARCAT3,
    case r.AVALC
        when 'CR' then 1 when 'PR' then 2 when 'SD' then 3 when 'NON-CR/NON-PD' then 4 when 'PD' then 5 when 'NE' then 6
        when 'iCR' then 11 when 'iPR' then 12 when 'iSD' then 13 when 'iUPD' then 14 when 'iCPD' then 15
        when 'CMR' then 21 when 'PMR' then 22 when 'SMD' then 23 when 'PMD' then 25
    end as AVAL,
    r.AVALC, r.ADT,
    r.days + (r.days >= 0)::int as ADY,
    r.ABLFL, r.ANL01FL, r.CONFFL, r.NEWLFL, r.TRGSUM, r.TRGBASE, r.TRGPCHG, r.NASSESS, r.NEREASON,
    r.SRCDOM, r.SRCVAR, r.SRCKEY, r.left_out_because
from response as r
left join adsl as s on s.USUBJID = r.subject
order by USUBJID, ASEQ
