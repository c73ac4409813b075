/*
sentence:
  en: Metastases are called synchronous, but were shown more than 180 days after the diagnosis.
  zh: 填写为同时性转移，但转移日期晚于诊断180天以上。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [is_synchronous]
advice:
  en: Check the flag and both dates.
  zh: 请核对该选项和两个日期。
source: own; synchronous is within six months of the diagnosis at the widest
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'is_synchronous' as field,
    t.metastatic_on_earliest > t.diagnosed_on_latest + 180 as is_fault,
    t.metastatic_on_earliest - t.diagnosed_on_latest as measure
from core.tumour as t
where t.is_synchronous and t.metastatic_on_earliest is not null and t.diagnosed_on_latest is not null
