-- grain: one row per patient whose end points are derived and criteria
-- Stable disease counts from the day the registry sets; a response not confirmed is stable disease at best.
with
    rank as (
        from (values ('CR', 1), ('PR', 2), ('SD', 3), ('NON-CR/NON-PD', 4), ('PD', 5), ('UPD', 6), ('NE', 7))
            as rank (code, place)
    ),

    course as (
        select
            course.*,
            case
                when course.code in ('SD', 'NON-CR/NON-PD') and course.day_number < setting.stable_disease_days then 'NE'
                else course.code
            end as counted_code,
            case
                when counted_code in ('CR', 'PR')
                    then if(course.day_number >= setting.stable_disease_days, 'SD', 'NE')
                else counted_code
            end as unconfirmed_code
        from staging.response_course as course
        cross join staging.end_point_setting as setting
    ),

    best as (
        select
            course.patient_id,
            course.criteria_code,
            arg_min(course.counted_code, rank.place) as best_code,
            arg_min(course.unconfirmed_code, beside.place) as best_unconfirmed_code,
            min(course.day) filter (course.code in ('CR', 'PR')) as response_on,
            arg_min(course.record_key, (course.day, course.record_key)) filter (course.code in ('CR', 'PR')) as response_key,
            count(*) as n_assessments,
            bool_or(course.code in ('SD', 'NON-CR/NON-PD') and course.counted_code = 'NE') as has_early_stable
        from course
        join rank on rank.code = course.counted_code
        join rank as beside on beside.code = course.unconfirmed_code
        group by all
    ),

    confirmed as (
        select
            patient_id, criteria_code,
            min(code) as code,  -- CR before PR
            min(day) as response_on,
            arg_min(record_key, (day, record_key)) as response_key
        from staging.confirmed_response
        group by all
    ),

    in_doubt as (
        select evidence.patient_id, min(doubt.reason) as reason
        from staging.doubt as doubt
        join staging.evidence as evidence on evidence.evidence_id = doubt.patient_id
        join staging.subject as subject on subject.patient_id = evidence.patient_id
        where (doubt.domain = 'assessment' and coalesce(doubt.latest > subject.index_on, true))
            or (doubt.domain = 'index' and coalesce(doubt.earliest < subject.index_on, true))
        group by evidence.patient_id
    ),

    named as (
        select
            subject.patient_id,
            subject.centre,
            subject.is_doubtful,
            subject.index_on,
            criteria.criteria_code,
            best.n_assessments,
            best.best_code,
            coalesce(confirmed.code, best.best_unconfirmed_code) as confirmed_code,
            best.response_on, best.response_key,
            confirmed.response_on as confirmed_response_on, confirmed.response_key as confirmed_response_key,
            case
                when in_doubt.reason is not null and best.best_code is distinct from 'CR' then in_doubt.reason
                when best.best_code is null and criteria.criteria_code = 'iRECIST' then 'no assessment by iRECIST'
                when best.best_code is null then 'no assessment after time zero'
            end as missing_reason,
            case
                when best.best_code = 'NE' and best.has_early_stable then 'stable disease too early'
                when best.best_code = 'NE' then 'no evaluable assessment'
            end as ne_reason
        from staging.subject as subject
        cross join (values ('RECIST 1.1'), ('iRECIST')) as criteria (criteria_code)
        left join best using (patient_id, criteria_code)
        left join confirmed using (patient_id, criteria_code)
        left join in_doubt using (patient_id)
    ),

    label as (
        -- iRECIST has names of its own
        select code, 'RECIST 1.1' as criteria_code, code as name from rank
        union all
        select code, 'iRECIST', case code
            when 'UPD' then 'iUPD' when 'PD' then 'iCPD' when 'NE' then 'NE' when 'NON-CR/NON-PD' then code
            else 'i' || code end
        from rank
    )

select
    named.patient_id,
    named.centre,
    named.is_doubtful,
    named.criteria_code,
    case when missing_reason is null then by_best.name end as best_code,
    case when missing_reason is null then by_confirmed.name end as confirmed_code,
    case when missing_reason is null then response_on end as response_on,
    case when missing_reason is null then confirmed_response_on end as confirmed_response_on,
    case when missing_reason is null then response_on - index_on end as response_days,
    case when missing_reason is null then response_key end as response_record_key,
    case when missing_reason is null then confirmed_response_key end as confirmed_response_record_key,
    coalesce(n_assessments, 0) as n_assessments,
    coalesce(missing_reason, ne_reason) as not_evaluable_reason
from named
left join label as by_best on by_best.code = named.best_code and by_best.criteria_code = named.criteria_code
left join label as by_confirmed
    on by_confirmed.code = named.confirmed_code and by_confirmed.criteria_code = named.criteria_code
