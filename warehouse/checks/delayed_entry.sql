/*
sentence:
  en: Half or more of the centre's cohort was registered more than 90 days after time zero.
  zh: 本中心入组患者半数以上在时间零点90天后才登记。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [patient]
fields: [registered_on]
advice:
  en: Say whether those who died before they could be registered are in the export.
  zh: 请说明登记前已死亡的患者是否包含在导出中。
source: own; survival gate. Who enters late has survived until then (left truncation); no alarm in ten clean demonstrations
*/
with entry as (
    select c.centre, p.registered_on_earliest - c.index_on > 90 as is_late
    from mart.cohort as c
    join core.patient as p using (patient_id)
    where p.registered_on_earliest is not null
)

select centre, 'patient' as table_name, null as patient_id, null as record_key, 'registered_on' as field,
    2 * count(*) filter (is_late) >= count(*) as is_fault,
    round(100 * count(*) filter (is_late) / count(*), 1) as measure
from entry
group by centre
having count(*) >= 10
