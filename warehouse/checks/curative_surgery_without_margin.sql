/*
sentence:
  en: Surgery with curative intent has no margin.
  zh: 根治性手术未提供切缘。
severity: info
action: report_only
channel: report
kahn: completeness
scope: row
tables: [procedure]
fields: [margin]
advice:
  en: Give the margin of the report of the pathologist, or RX.
  zh: 请按病理报告提供切缘，或填写RX。
source: own; the margin decides on local treatment after surgery
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'margin' as field,
    t.margin_code is null and t.margin_source is null and len(list_filter(t.missing, lambda word: starts_with(word, 'margin='))) = 0 as is_fault
from core.procedure as t
where t.type_code = 'surgery' and t.intent_code = 'curative'
