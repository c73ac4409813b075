/*
sentence:
  en: The centre reports adverse events per treated person at less than a fifth of the other centres' rate.
  zh: 该中心每位用药患者的不良反应报告数不到其他中心的五分之一。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: cross_centre
tables: [adverse_event]
fields: []
advice:
  en: Say whether adverse events are recorded, and send them.
  zh: 请说明是否记录不良反应并提交。
source: own; chance alone does it at less than 1 of 100 centres (Poisson, eight events due); no alarm in ten clean demonstrations
*/
with
    treated as (select centre, count(distinct patient_id) as n from staging.drug_exposure group by centre),

    event as (select centre, count(*) as events from staging.adverse_event group by centre),

    compared as (
        select treated.centre, n, coalesce(events, 0) as events,
            (sum(n) over () - n)::bigint as n_there, (sum(coalesce(events, 0)) over () - coalesce(events, 0))::bigint as events_there
        from treated
        left join event using (centre)
    )

select centre, 'adverse_event' as table_name, null as patient_id, null as record_key, null as field,
    events * n_there * 5 < events_there * n as is_fault
from compared
where n >= 10 and n_there >= 10 and events_there * n >= 8 * n_there
