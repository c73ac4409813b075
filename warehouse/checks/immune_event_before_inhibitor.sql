/*
sentence:
  en: An immune-related event began before the first immunotherapy.
  zh: 免疫相关不良反应早于首次免疫治疗。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [adverse_event, drug_exposure]
fields: [started_on]
explained_by: [adverse_event_before_treatment]
advice:
  en: Check the day of the event and the first dose.
  zh: 请核对不良反应日期和首次用药日期。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'started_on' as field,
    t.started_on_latest < d.started_on as is_fault,
    t.started_on_latest - d.started_on as measure
from core.adverse_event as t
join (
    select patient_id, min(started_on_earliest) as started_on
    from core.drug_exposure
    where component_code is null or component_code = 'immunotherapy'
    group by patient_id
) as d using (patient_id)
where t.is_immune_related and t.started_on_latest is not null and d.started_on is not null
