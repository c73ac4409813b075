-- grain: one row per patient, reading and PARAMCD of the family survival
-- Death from any cause, else last known alive. OSDISCH takes a discharge to die, with no sign of life after it, for a
-- death some days later.
with
    discharge as (
        select dated.patient_id, dated.reading, dated.record_key, dated.day, dated.cut_off_on
        from staging.dated as dated
        where dated.variable = 'contact_on' and dated.code = 'discharge_against_advice'
            and dated.day >= dated.index_on and dated.day <= dated.cut_off_on
            and not exists (
                select 1
                from staging.dated as later
                where later.patient_id = dated.patient_id and later.reading = dated.reading
                    and later.is_life and later.day > dated.day
            )
        qualify row_number() over (
            partition by dated.patient_id, dated.reading order by dated.day desc, dated.record_key
        ) = 1
    ),

    end_point as (
        select
            subject.patient_id,
            rule."PARAMCD" as paramcd,
            reading.reading,
            subject.index_on as start_on,
            death.day is not null as has_died,
            not has_died and rule.discharge_death_days is not null and discharge.day is not null as is_discharged,
            least(discharge.day + rule.discharge_death_days::int, discharge.cut_off_on) as discharge_death_on,
            death.day as death_on, death.record_key as death_key, death.is_partial as is_partial,
            discharge.record_key as discharge_key, discharge.day + rule.discharge_death_days::int > discharge.cut_off_on
                as is_after_cut_off,
            alive.day as alive_on, alive.domain, alive.variable, alive.record_key
        from staging.subject as subject
        join reference.end_point as rule on rule.family = 'survival'
        cross join (values ('sent'), ('earliest'), ('latest')) as reading (reading)
        left join staging.death as death on death.patient_id = subject.patient_id and death.reading = reading.reading
        left join staging.last_alive as alive on alive.patient_id = subject.patient_id and alive.reading = reading.reading
        left join discharge on discharge.patient_id = subject.patient_id and discharge.reading = reading.reading
    )

select
    patient_id, paramcd, reading, start_on,
    case when has_died or (is_discharged and not is_after_cut_off) then 0 else 1 end as cnsr,
    case
        when has_died then 'Death'
        when cnsr = 0 then 'Discharge to die'
        else 'Alive'
    end as evntdesc,
    case
        when cnsr = 0 then null
        when alive_on is null then 'Time zero, no follow-up'
        else 'Last known alive'
    end as cnsdtdsc,
    case
        when has_died then death_on
        when cnsr = 0 then discharge_death_on
        else coalesce(alive_on, start_on)
    end as adt,
    case when cnsr = 0 then 'follow_up' else domain end as srcdom,
    case when has_died then 'death_on' when cnsr = 0 then 'contact_on' else variable end as srcvar,
    case when has_died then death_key when cnsr = 0 then discharge_key else record_key end as srcseq,
    has_died and is_partial as is_imputed,
    adt as decided_on,
    true as hangs_on_death,
    cnsr = 1 as hangs_on_life
from end_point
