-- grain: one row per patient, criteria and assessment that counts for the best response by them
-- code: CR, PR, SD, NON-CR/NON-PD, UPD (unconfirmed), PD, NE. Both criteria read one series: on a day without an
-- assessment of its own RECIST 1.1 takes iUPD for PD, iRECIST takes PD for iUPD. It ends with the first PD (iCPD) and
-- before new anticancer therapy.
with
    assessed as (
        select
            *,
            overall_code like 'i%' or coalesce(overall_code = 'NE' and criteria_code = 'iRECIST', false) as is_immune
        from staging.assessed
        where reading = 'sent'
            and overall_code in ('CR', 'PR', 'SD', 'NON-CR/NON-PD', 'PD', 'NE', 'iCR', 'iPR', 'iSD', 'iUPD', 'iCPD')
    ),

    person as (
        select patient_id, bool_or(overall_code like 'i%') as has_irecist from assessed group by patient_id
    ),

    read_by as (
        select
            assessed.patient_id,
            criteria.criteria_code,
            assessed.record_key,
            assessed.day,
            case
                when assessed.overall_code = 'iUPD' or (criteria.criteria_code = 'iRECIST' and assessed.overall_code = 'PD')
                    then if(criteria.criteria_code = 'iRECIST', 'UPD', 'PD')
                when assessed.overall_code = 'iCPD' then 'PD'
                else ltrim(assessed.overall_code, 'i')
            end as code
        from assessed
        cross join (values ('RECIST 1.1', false), ('iRECIST', true)) as criteria (criteria_code, is_own_immune)
        join person using (patient_id)
        where criteria.criteria_code = 'RECIST 1.1' or person.has_irecist
        -- its own assessment of the day, where there is one
        qualify assessed.is_immune = criteria.is_own_immune or not bool_or(assessed.is_immune = criteria.is_own_immune)
            over (partition by assessed.patient_id, criteria.criteria_code, assessed.day)
    ),

    limits as (
        select patient_id, min(day) as therapy_on
        from staging.new_therapy
        where reading = 'sent' and domain = 'drug_exposure'
        group by patient_id
    )

select read_by.*, read_by.day - subject.index_on as day_number
from read_by
join staging.subject as subject using (patient_id)
left join limits using (patient_id)
where read_by.day <= coalesce(limits.therapy_on, read_by.day)
qualify read_by.day <= coalesce(
    min(read_by.day) filter (read_by.code = 'PD') over (partition by read_by.patient_id, read_by.criteria_code),
    read_by.day
)
