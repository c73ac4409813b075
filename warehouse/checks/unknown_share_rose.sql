/*
sentence:
  en: A field is said to be unknown or not done more often than in the last delivery, by more than 30 points.
  zh: 某字段标为“未知”或“未查”的比例较上次提交上升30个百分点以上。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: []
fields: []
advice:
  en: Check whether a default or a new form writes this in place of the value.
  zh: 请核对是否由默认值或新表单代替了实际值。
source: own; at least 20 records in both deliveries
*/
select b.centre, b.table_name, null as patient_id, null as record_key, b.field,
    10 * ((n.unknown + n.not_done) * b.judged - (b.unknown + b.not_done) * n.judged) > 3 * n.judged * b.judged as is_fault,
    round(100 * ((n.unknown + n.not_done) / n.judged - (b.unknown + b.not_done) / b.judged), 1) as measure
from staging.before_completeness as b
join quality.completeness as n using (centre, table_name, field)
where b.judged >= 20 and n.judged >= 20 and b.present > 0
