/*
sentence:
  en: The kind of local treatment is not given.
  zh: 未填写局部治疗类型。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [procedure]
fields: [type]
advice:
  en: Say surgery, radiotherapy, ablation or embolisation.
  zh: 请填写手术、放疗、消融或栓塞。
source: own
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'type' as field,
    t.type_source is null as is_fault
from core.procedure as t
