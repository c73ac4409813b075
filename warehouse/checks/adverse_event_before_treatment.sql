/*
sentence:
  en: The adverse event began before any drug was given.
  zh: 不良反应发生于任何用药之前。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [adverse_event, drug_exposure]
fields: [started_on]
advice:
  en: Check the day of the event, or send the earlier treatment.
  zh: 请核对不良反应日期，或补充更早的治疗记录。
source: own
*/
select e.centre, 'adverse_event' as table_name, e.patient_id, e.record_key, 'started_on' as field,
    e.started_on_latest < d.started_on as is_fault
from core.adverse_event as e
join (
    select patient_id, min(started_on_earliest) as started_on from core.drug_exposure group by patient_id
) as d using (patient_id)
where e.started_on_latest is not null and d.started_on is not null
