/*
sentence:
  en: A laboratory value has no unit.
  zh: 化验值没有单位。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [biomarker]
fields: [unit]
advice:
  en: Give the unit.
  zh: 请提供单位。
source: own
*/
select t.centre, 'biomarker' as table_name, t.patient_id, t.record_key, 'unit' as field,
    t.unit is null as is_fault
from core.biomarker as t
where t.name_code in ('ldh', 'albumin', 'haemoglobin', 'tmb') and t.value_number is not null
