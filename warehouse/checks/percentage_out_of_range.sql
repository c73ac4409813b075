/*
sentence:
  en: A marker that is a percentage is not between 0 and 100.
  zh: 以百分比表示的标志物不在0至100之间。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [biomarker]
fields: [value_number]
advice:
  en: Give the percentage of cells.
  zh: 请提供细胞百分比。
source: own
*/
select t.centre, 'biomarker' as table_name, t.patient_id, t.record_key, 'value_number' as field,
    not t.value_number between 0 and 100 as is_fault,
    t.value_number as measure
from core.biomarker as t
where t.name_code in ('ki_67', 'tils') and t.value_number is not null
