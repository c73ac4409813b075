/*
sentence:
  en: A marker is named, but has no result.
  zh: 填写了标志物，但没有结果。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [biomarker]
fields: [value_text]
advice:
  en: Give the result, or remove the row.
  zh: 请提供结果，或删除该行。
source: own
*/
select t.centre, 'biomarker' as table_name, t.patient_id, t.record_key, 'value_text' as field,
    t.value_number is null and t.value_text is null and len(t.missing) = 0 as is_fault
from core.biomarker as t
where t.name_code is not null
