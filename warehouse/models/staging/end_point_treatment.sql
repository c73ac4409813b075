-- grain: one row per patient, reading and PARAMCD of the family treatment
-- TTNT: the next systemic treatment (local ones as the rule says), else death as the rule says, else last known alive.
-- TTD: the last dose of the index inhibitors, or death while they are given, else last known alive.
with
    next_treatment as (
        select
            therapy.patient_id, therapy.reading, rule."PARAMCD" as paramcd,
            therapy.day, therapy.domain, therapy.variable, therapy.record_key
        from staging.new_therapy as therapy
        join reference.end_point as rule on rule.family = 'treatment' and rule.is_death_event is not null
        where not therapy.is_added
            and (therapy.domain = 'drug_exposure' or list_contains(rule.local_types, therapy.local_type))
        qualify row_number() over (
            partition by therapy.patient_id, therapy.reading, rule."PARAMCD"
            order by therapy.day, therapy.domain, therapy.record_key
        ) = 1
    ),

    known as (
        select
            subject.patient_id, reading.reading, subject.index_on as start_on, subject.cut_off_on,
            death.day as death_on, death.record_key as death_key, coalesce(death.is_partial, false) as is_partial,
            alive.day as alive_on, alive.domain as alive_domain, alive.variable as alive_variable,
            alive.record_key as alive_key
        from staging.subject as subject
        cross join (values ('sent'), ('earliest'), ('latest')) as reading (reading)
        left join staging.death as death on death.patient_id = subject.patient_id and death.reading = reading.reading
        left join staging.last_alive as alive on alive.patient_id = subject.patient_id and alive.reading = reading.reading
    ),

    ttnt as (
        select
            known.*,
            rule."PARAMCD" as paramcd,
            case when next.day is null and death_on is null then 'alive' when next.day is null then 'death' else 'event' end
                as ending,
            case when ending = 'event' then 0 when ending = 'death' then case when rule.is_death_event then 0 else 6 end
                else 1 end as cnsr,
            'Next treatment' as event_name, next.day as event_on,
            next.domain as event_domain, next.variable as event_variable, next.record_key as event_key,
            false as lacks_stop
        from known
        join reference.end_point as rule on rule.family = 'treatment' and rule.is_death_event is not null
        left join next_treatment as next
            on next.patient_id = known.patient_id and next.reading = known.reading and next.paramcd = rule."PARAMCD"
    ),

    ttd as (
        select
            known.*,
            rule."PARAMCD" as paramcd,
            case
                when treatment.is_stop_unknown or (treatment.stopped_on is null and not treatment.is_ongoing)
                    then 'unknown'
                when treatment.is_ongoing or treatment.stopped_on > cut_off_on
                    then case when death_on is null then 'alive' else 'death' end
                when death_on < treatment.stopped_on then 'death'
                else 'event'
            end as ending,
            case when ending in ('event', 'death') then 0 else 1 end as cnsr,
            'Discontinuation' as event_name,
            case when ending = 'unknown' then treatment.last_started_on else treatment.stopped_on end as event_on,
            'drug_exposure' as event_domain,
            case when ending = 'unknown' then 'started_on' else 'stopped_on' end as event_variable,
            case when ending = 'unknown' then treatment.last_record_key else treatment.stop_record_key end as event_key,
            treatment.is_stop_unknown and (death_on is not null or exists (
                select 1
                from staging.new_therapy as therapy
                where therapy.patient_id = known.patient_id and therapy.reading = known.reading
                    and therapy.domain = 'drug_exposure' and therapy.day > treatment.last_started_on
            )) as lacks_stop
        from known
        join reference.end_point as rule on rule.family = 'treatment' and rule.is_death_event is null
        left join staging.index_treatment as treatment using (patient_id, reading)
    ),

    end_point as (
        select * from ttnt
        union all by name
        select * from ttd
    )

select
    patient_id, paramcd, reading, start_on, cnsr,
    case
        when ending = 'event' then event_name
        when ending = 'death' then 'Death'
        when ending = 'unknown' then 'Stop not known'
        when paramcd = 'TTD' then 'Still treated'
        else 'No next treatment'
    end as evntdesc,
    case
        when cnsr = 0 then null
        when cnsr = 6 then 'Death before the next treatment'
        when ending = 'unknown' then 'Last known dose'
        when alive_on is null then 'Time zero, no follow-up'
        else 'Last known alive'
    end as cnsdtdsc,
    case
        when ending in ('event', 'unknown') then event_on
        when ending = 'death' then death_on
        else coalesce(alive_on, start_on)
    end as adt,
    case
        when ending in ('event', 'unknown') then event_domain
        when ending = 'death' then 'follow_up'
        else alive_domain
    end as srcdom,
    case
        when ending in ('event', 'unknown') then event_variable
        when ending = 'death' then 'death_on'
        else alive_variable
    end as srcvar,
    case
        when ending in ('event', 'unknown') then event_key
        when ending = 'death' then death_key
        else alive_key
    end as srcseq,
    ending = 'death' and is_partial as is_imputed,
    case when ending = 'event' then event_on when ending = 'death' then death_on end as decided_on,
    ending in ('alive', 'death') as hangs_on_death,
    ending = 'alive' as hangs_on_life,
    lacks_stop
from end_point
