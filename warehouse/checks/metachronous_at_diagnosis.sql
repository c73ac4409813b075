/*
sentence:
  en: Metastases are called later ones, but were shown on the day of the diagnosis or before.
  zh: 填写为非同时性转移，但转移日期不晚于诊断日期。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [is_synchronous]
explained_by: [metastatic_before_diagnosis]
advice:
  en: Check the flag and both dates.
  zh: 请核对该选项和两个日期。
source: own
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'is_synchronous' as field,
    t.metastatic_on_latest <= t.diagnosed_on_earliest as is_fault
from core.tumour as t
where not t.is_synchronous and t.metastatic_on_latest is not null and t.diagnosed_on_earliest is not null
