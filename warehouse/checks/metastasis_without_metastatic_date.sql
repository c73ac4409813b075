/*
sentence:
  en: A metastasis is recorded, but no day since when the disease is metastatic.
  zh: 有转移灶记录，但未提供首次转移日期。
severity: error
action: report_only
channel: report
kahn: completeness
scope: table
tables: [metastasis, tumour]
fields: [metastatic_on]
advice:
  en: Give the day metastases were first shown.
  zh: 请提供首次发现转移的日期。
source: own; it decides who is in the cohort
*/
select t.centre, 'metastasis' as table_name, t.patient_id, t.record_key, 'site' as field,
    not coalesce(bool_or(d.metastatic_on_source is not null), false) as is_fault
from core.metastasis as t
join core.tumour as d using (patient_id)
group by t.centre, t.patient_id, t.record_key
