/*
sentence:
  en: A field is filled less often than in the last delivery, by more than 30 points.
  zh: 某字段的填写率较上次提交下降30个百分点以上。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: last_delivery
tables: []
fields: []
advice:
  en: Check the export; a part of the source may be missing.
  zh: 请核对导出；可能缺少部分来源。
source: own; at least 20 records in both deliveries
*/
-- What is said to be unknown counts as told; a field that holds nothing any more is the rule column_emptied.
select b.centre, b.table_name, null as patient_id, null as record_key, b.field,
    10 * (n.not_delivered * b.judged - b.not_delivered * n.judged) > 3 * n.judged * b.judged as is_fault,
    round(100 * (n.not_delivered / n.judged - b.not_delivered / b.judged), 1) as measure
from staging.before_completeness as b
join quality.completeness as n using (centre, table_name, field)
where b.judged >= 20 and n.judged >= 20 and n.present > 0
