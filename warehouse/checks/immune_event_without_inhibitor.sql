/*
sentence:
  en: An adverse event is called immune-related, but no immunotherapy is recorded.
  zh: 填写为免疫相关不良反应，但无免疫治疗记录。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [adverse_event, drug_exposure]
fields: [is_immune_related]
advice:
  en: Send the immunotherapy, or correct the flag.
  zh: 请补充免疫治疗记录，或更正该选项。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'is_immune_related' as field,
    count(d.patient_id) filter (d.component_code is null or d.component_code = 'immunotherapy') = 0 as is_fault
from core.adverse_event as t
join core.drug_exposure as d using (patient_id)
where t.is_immune_related
group by t.centre, t.patient_id, t.record_key
