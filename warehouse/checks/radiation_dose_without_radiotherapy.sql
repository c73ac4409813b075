/*
sentence:
  en: A radiation dose is given for a treatment that is no radiotherapy.
  zh: 非放疗记录填写了放疗剂量。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [procedure]
fields: [dose_gy]
advice:
  en: Check the kind of the procedure and the dose.
  zh: 请核对治疗类型和剂量。
source: own
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'dose_gy' as field,
    t.type_code not in ('radiotherapy', 'embolisation') as is_fault
from core.procedure as t
where t.dose_gy is not null and t.type_code is not null
