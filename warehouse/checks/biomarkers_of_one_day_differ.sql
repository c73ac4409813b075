/*
sentence:
  en: The same marker of the same specimen has two different results.
  zh: 同一标本同一标志物有两个不同结果。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [biomarker]
fields: [value_text]
advice:
  en: Say which of the two holds, or name the assay.
  zh: 请确认哪一个有效，或注明检测方法。
source: own
*/
select t.centre, 'biomarker' as table_name, t.patient_id, t.record_key, 'value_text' as field,
    min(t.value_number) over same <> max(t.value_number) over same as is_fault
from core.biomarker as t
where t.name_code is not null and t.specimen_on is not null and t.value_number is not null
window same as (partition by t.patient_id, t.name_code, t.specimen_on, t.assay, t.unit)
