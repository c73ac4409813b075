-- grain: one row per patient, reading and PARAMCD of the family progression; DOR of responders alone
-- First progression or death, else the last adequate assessment. The rule sets differ by their row of
-- reference.end_point alone: new therapy (2), missed assessments (3), a gap between visits (4) and a death long after
-- the last visit (5) censor where the row says so.
with
    started as (
        select
            subject.patient_id, reading.reading, rule."PARAMCD" as paramcd, rule.*, subject.assessment_interval_days,
            case when rule.starts_at_response then response.response_on else subject.index_on end as start_on
        from staging.subject as subject
        join reference.end_point as rule on rule.family = 'progression'
        cross join (values ('sent'), ('earliest'), ('latest')) as reading (reading)
        left join staging.first_response as response on response.patient_id = subject.patient_id
        where not rule.starts_at_response or response.response_on is not null
    ),

    progression as (
        select patient_id, reading, false as reads_irecist, day, record_key
        from staging.assessed
        where is_progression
        union all
        select patient_id, reading, true, day, record_key from staging.immune_progression
    ),

    first_progression as (
        select started.patient_id, started.reading, started.paramcd, progression.day, progression.record_key
        from started
        join progression using (patient_id, reading, reads_irecist)
        where progression.day > started.start_on
        qualify row_number() over (
            partition by started.patient_id, started.reading, started.paramcd
            order by progression.day, progression.record_key
        ) = 1
    ),

    first_therapy as (
        select started.patient_id, started.reading, started.paramcd, min(therapy.day) as day
        from started
        join staging.new_therapy as therapy using (patient_id, reading)
        where started.censors_at_new_therapy
            and (therapy.local_type is null and therapy.domain = 'drug_exposure'
                or list_contains(started.local_types, therapy.local_type))
        group by all
    ),

    candidate as (
        select
            started.*,
            death.day as death_on,
            death.record_key as death_key,
            death.is_partial,
            progression.record_key as progression_key,
            coalesce(progression.day <= death.day, progression.day is not null) as is_progression,
            least(progression.day, death.day) as event_on,
            therapy.day as therapy_on,
            coalesce(therapy.day < least(progression.day, death.day), therapy.day is not null) as is_therapy_first,
            -- the last assessment that counts is on the day of new therapy at the latest, and before the event
            case
                when is_therapy_first then therapy.day
                else coalesce(least(progression.day, death.day) - 1, date '9999-12-31')
            end as looked_until
        from started
        left join staging.death as death using (patient_id, reading)
        left join first_progression as progression using (patient_id, reading, paramcd)
        left join first_therapy as therapy using (patient_id, reading, paramcd)
    ),

    seen as (
        -- with the last adequate assessment before
        select candidate.*, assessed.day as assessed_on, assessed.record_key as assessed_key
        from candidate
        left join staging.assessed as assessed
            on assessed.patient_id = candidate.patient_id and assessed.reading = candidate.reading
            and assessed.is_adequate
            and assessed.day >= candidate.start_on and assessed.day <= candidate.looked_until
        qualify row_number() over (
            partition by candidate.patient_id, candidate.reading, candidate.paramcd
            order by assessed.day desc nulls last, assessed.record_key
        ) = 1
    ),

    judged as (
        select
            seen.*,
            chain.last_visit_on,
            chain.source as visit_source,
            case
                when is_therapy_first then 2
                when event_on is null then case when chain.has_visit_behind_gap then 4 else 1 end
                when missed_assessments is not null
                    and case
                        when not is_progression and assessed_on is null then event_on - start_on > unassessed_death_days
                        else event_on - coalesce(assessed_on, start_on)
                            > missed_assessments * assessment_interval_days + 2 * visit_window_days
                    end
                    then 3
                when visit_gap_days is not null and is_progression and event_on > chain.last_visit_on then 4
                when visit_gap_days is not null and not is_progression and assessed_on is not null
                    and event_on - chain.last_visit_on > death_window_days
                    then case when chain.has_visit_behind_gap then 4 else 5 end
                else 0
            end as cnsr
        from seen
        left join staging.visit_chain as chain using (patient_id, reading, paramcd)
    )

select
    patient_id, paramcd, reading, start_on, cnsr,
    case
        when cnsr = 0 and is_progression then 'Progression'
        when cnsr = 0 then 'Death'
        else 'No progression'
    end as evntdesc,
    case
        when cnsr = 0 then null
        when visit_gap_days is not null then
            case cnsr
                when 4 then 'Last visit before a gap'
                when 5 then 'Last visit, long before death'
                else case when visit_source is null then 'Time zero, no visit' else 'Last visit' end
            end
        when assessed_on is null then 'Time zero, no assessment'
        when cnsr = 2 then 'Last adequate assessment before new therapy'
        when cnsr = 3 then 'Last adequate assessment before missed ones'
        else 'Last adequate assessment'
    end as cnsdtdsc,
    case
        when cnsr = 0 then event_on
        when visit_gap_days is not null then last_visit_on
        else coalesce(assessed_on, start_on)
    end as adt,
    case
        when cnsr = 0 then case when is_progression then 'response_assessment' else 'follow_up' end
        when visit_gap_days is not null then visit_source.domain
        when assessed_on is not null then 'response_assessment'
    end as srcdom,
    case
        when cnsr = 0 then case when is_progression then 'assessed_on' else 'death_on' end
        when visit_gap_days is not null then visit_source.variable
        when assessed_on is not null then 'assessed_on'
    end as srcvar,
    case
        when cnsr = 0 then case when is_progression then progression_key else death_key end
        when visit_gap_days is not null then visit_source.record_key
        else assessed_key
    end as srcseq,
    cnsr = 0 and not is_progression and is_partial as is_imputed,
    -- a value about a later day changes nothing; null: any may
    case when is_therapy_first then therapy_on else event_on end as decided_on,
    not is_therapy_first and not is_progression as hangs_on_death,
    visit_gap_days is not null and cnsr <> 0 as hangs_on_life,
    missed_assessments is not null and assessment_interval_days is null as lacks_interval
from judged
