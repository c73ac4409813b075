/*
sentence:
  en: The centre knows of deaths per person-year at less than a quarter of the other centres' rate.
  zh: 该中心每人年已知死亡率不到其他中心的四分之一。
severity: error
action: report_only
channel: report
kahn: completeness
scope: cross_centre
tables: [follow_up]
fields: [death_on]
advice:
  en: Compare the living with the death registry, and send the deaths.
  zh: 请与死因登记比对存活患者并补报死亡。
source: own; chance alone does it at less than 1 of 100 centres (Poisson, eight deaths due); no alarm in ten clean demonstrations
*/
-- Person-time in days from the first dose to death or last news; asked where at least eight deaths were due.
with
    person as (
        select d.centre, d.patient_id, min(d.started_on_earliest) as first_day, any_value(f.day) as last_day, any_value(f.is_dead) as is_dead
        from staging.drug_exposure as d
        join (
            select patient_id, max(greatest(contact_on_latest, death_on_latest)) as day,
                coalesce(bool_or(status_code = 'dead' or death_on_earliest is not null), false) as is_dead
            from staging.follow_up
            group by patient_id
        ) as f using (patient_id)
        where d.started_on_earliest is not null and f.day > d.started_on_earliest
        group by d.centre, d.patient_id
    ),

    centre_rate as (
        select centre, count(*) filter (is_dead) as deaths, sum(last_day - first_day)::bigint as days
        from person
        group by centre
    ),

    compared as (
        select *, (sum(deaths) over () - deaths)::bigint as deaths_there, (sum(days) over () - days)::bigint as days_there
        from centre_rate
    )

select centre, 'follow_up' as table_name, null as patient_id, null as record_key, 'death_on' as field,
    deaths::double * days_there * 4 < deaths_there::double * days as is_fault
from compared
where days_there > 0 and deaths_there::double * days >= 8 * days_there::double
