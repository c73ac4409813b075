-- grain: one row per patient of the cohort and PARAMCD
-- OS: death from any cause, else last known alive. PFSEMA: first progression or death, else last adequate assessment;
-- neither new therapy nor a missed visit censors. Both end at the centre's cut-off and start at time zero.
-- The outcome is the evidence of all centres that know the person (equal link tokens).
with
    cohort as (
        select patient_id, centre, index_on, cut_off_on from mart.cohort
    ),

    known_as as (
        select patient_id, patient_id as evidence_id from cohort
        union
        select cohort.patient_id, elsewhere.patient_id
        from cohort
        join core.patient as here using (patient_id)
        join core.patient as elsewhere on elsewhere.link_token = here.link_token
        -- who withdrew at one centre is no witness there
        where coalesce(elsewhere.withdrawal_scope_code, '') not in ('no_further_use', 'erase')
    ),

    death as (
        select
            cohort.patient_id,
            record_key,
            death_on
        from core.follow_up
        join known_as on known_as.evidence_id = follow_up.patient_id
        join cohort on cohort.patient_id = known_as.patient_id
        where death_on is not null and death_on <= cut_off_on
        qualify row_number() over (partition by cohort.patient_id order by death_on, record_key) = 1
    ),

    sign_of_life as (
        select patient_id, 'follow_up' as domain, 'contact_on' as variable, record_key, contact_on as seen_on
        from core.follow_up
        left join reference.contact_type as kind on kind.code = contact_type_code
        where (status_code = 'alive' or status_source is null) and coalesce(kind.is_evidence_of_life, true)
        union all
        select patient_id, 'drug_exposure', 'started_on', record_key, started_on
        from core.drug_exposure where is_administered is distinct from false
        union all
        select patient_id, 'drug_exposure', 'stopped_on', record_key, stopped_on
        from core.drug_exposure where is_administered is distinct from false
        union all
        select patient_id, 'response_assessment', 'assessed_on', record_key, assessed_on
        from core.response_assessment
        union all
        select patient_id, 'procedure', 'started_on', record_key, started_on from core.procedure
    ),

    last_alive as (
        select sign_of_life.* replace (cohort.patient_id as patient_id)
        from sign_of_life
        join known_as on known_as.evidence_id = sign_of_life.patient_id
        join cohort on cohort.patient_id = known_as.patient_id
        where seen_on > index_on and seen_on <= cut_off_on
        qualify row_number() over (
            partition by cohort.patient_id order by seen_on desc, domain, variable, record_key
        ) = 1
    ),

    assessment as (
        select
            cohort.patient_id, assessed.record_key, assessed.assessed_on, assessed.overall_code,
            coalesce(response.is_progression, false) as is_progression
        from core.response_assessment as assessed
        join known_as on known_as.evidence_id = assessed.patient_id
        join cohort on cohort.patient_id = known_as.patient_id
        left join reference.response as response on response.code = assessed.overall_code
        where assessed.assessed_on > index_on and assessed.assessed_on <= cut_off_on
    ),

    progression as (
        select *
        from assessment
        where is_progression
        qualify row_number() over (partition by patient_id order by assessed_on, record_key) = 1
    ),

    last_assessment as (
        select *
        from assessment
        where overall_code is not null and overall_code <> 'NE'
        qualify row_number() over (partition by patient_id order by assessed_on desc, record_key) = 1
    ),

    os as (
        select
            cohort.*,
            'OS' as paramcd,
            'Overall survival' as param,
            death.death_on is null as is_censored,
            case when death.death_on is not null then 'Death' else 'Alive' end as evntdesc,
            case
                when death.death_on is not null then null
                when last_alive.seen_on is null then 'Time zero, no follow-up'
                else 'Last known alive'
            end as cnsdtdsc,
            coalesce(death.death_on, last_alive.seen_on, index_on) as adt,
            case when death.death_on is not null then 'follow_up' else last_alive.domain end as srcdom,
            case when death.death_on is not null then 'death_on' else last_alive.variable end as srcvar,
            coalesce(death.record_key, last_alive.record_key) as srcseq
        from cohort
        left join death using (patient_id)
        left join last_alive using (patient_id)
    ),

    pfs as (
        select
            cohort.*,
            'PFSEMA' as paramcd,
            'Progression-free survival, EMA rule set' as param,
            progression.assessed_on is null and death.death_on is null as is_censored,
            case
                when progression.assessed_on is not null
                    and progression.assessed_on <= coalesce(death.death_on, progression.assessed_on) then 'Progression'
                when death.death_on is not null then 'Death'
                else 'No progression'
            end as evntdesc,
            case
                when progression.assessed_on is not null or death.death_on is not null then null
                when last_assessment.assessed_on is null then 'Time zero, no assessment'
                else 'Last adequate assessment'
            end as cnsdtdsc,
            coalesce(
                least(progression.assessed_on, death.death_on), last_assessment.assessed_on, index_on
            ) as adt,
            case
                when evntdesc = 'Death' then 'follow_up'
                when progression.assessed_on is not null or last_assessment.assessed_on is not null
                    then 'response_assessment'
            end as srcdom,
            case
                when evntdesc = 'Death' then 'death_on'
                when srcdom is not null then 'assessed_on'
            end as srcvar,
            case
                when evntdesc = 'Death' then death.record_key
                when evntdesc = 'Progression' then progression.record_key
                else last_assessment.record_key
            end as srcseq
        from cohort
        left join progression using (patient_id)
        left join death using (patient_id)
        left join last_assessment using (patient_id)
    ),

    end_point as (
        select * from os
        union all by name
        select * from pfs
    ),

    raised as (
        -- a rejected or unread value that could decide the end point, or an end before its beginning
        select end_point.patient_id, end_point.paramcd, doubt.reason
        from end_point
        join known_as using (patient_id)
        join staging.doubt as doubt on doubt.patient_id = known_as.evidence_id
        where (doubt.domain = 'index' and coalesce(doubt.earliest < index_on, true))
            or (doubt.domain = 'death' and not (end_point.paramcd = 'PFSEMA' and evntdesc = 'Progression'))
            or (doubt.domain = 'undated_death' and evntdesc <> 'Progression'
                and (is_censored or doubt.latest < adt))
            or (doubt.domain = 'life' and end_point.paramcd = 'OS' and is_censored
                and coalesce(doubt.latest >= adt, true))
            or (doubt.domain = 'assessment' and end_point.paramcd = 'PFSEMA'
                and coalesce(doubt.latest > index_on, true)
                and (is_censored or coalesce(doubt.earliest < adt, true)))
        union all
        select patient_id, paramcd, 'before time zero: follow_up.death_on'
        from end_point
        where adt < index_on
    ),

    doubt as (
        -- the first reason by name
        select patient_id, paramcd, min(reason) as nereason from raised group by all
    )

select
    (select study_id from meta.refresh) as "STUDYID",
    end_point.patient_id as "USUBJID",
    end_point.paramcd as "PARAMCD",
    end_point.param as "PARAM",
    case when doubt.nereason is null then end_point.adt - end_point.index_on end as "AVAL",
    'DAYS' as "AVALU",
    case when doubt.nereason is null then end_point.is_censored::int end as "CNSR",
    end_point.evntdesc as "EVNTDESC",
    end_point.cnsdtdsc as "CNSDTDSC",
    end_point.index_on as "STARTDT",
    case when doubt.nereason is null then end_point.adt end as "ADT",
    end_point.srcdom as "SRCDOM",
    end_point.srcvar as "SRCVAR",
    end_point.srcseq as "SRCSEQ",
    doubt.nereason as "NEREASON",
    end_point.patient_id,
    end_point.centre
from end_point
left join doubt using (patient_id, paramcd)
