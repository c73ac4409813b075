/*
sentence:
  en: A surgical margin is given for a treatment that is no surgery.
  zh: 非手术治疗填写了切缘。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [procedure]
fields: [margin]
advice:
  en: Check the kind of the procedure and the margin.
  zh: 请核对治疗类型和切缘。
source: own
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'margin' as field,
    t.type_code <> 'surgery' as is_fault
from core.procedure as t
where t.margin_code is not null and t.type_code is not null
