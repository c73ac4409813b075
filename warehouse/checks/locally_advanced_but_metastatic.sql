/*
sentence:
  en: The disease is called unresectable without metastases, but has a day of metastasis.
  zh: 填写为仅局部晚期，却有转移日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [is_locally_advanced_only]
advice:
  en: Say whether there are distant metastases, and since when.
  zh: 请说明是否有远处转移及其日期。
source: own; it decides who is in the cohort
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'is_locally_advanced_only' as field,
    t.metastatic_on_earliest is not null as is_fault
from core.tumour as t
where t.is_locally_advanced_only
