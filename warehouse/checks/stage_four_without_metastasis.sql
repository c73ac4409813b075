/*
sentence:
  en: Stage IV or metastatic at diagnosis, but metastases were shown only later.
  zh: 诊断时为IV期或转移，但转移日期明显较晚。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [tumour]
fields: [stage]
advice:
  en: Check the stage at diagnosis and the day of metastasis; nodes alone can be stage IV.
  zh: 请核对诊断时分期和转移日期；仅淋巴结转移也可为IV期。
source: own; AJCC, 8th edition
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'stage' as field,
    t.metastatic_on_earliest > t.diagnosed_on_latest + 120 as is_fault,
    t.metastatic_on_earliest - t.diagnosed_on_latest as measure
from core.tumour as t
where (starts_with(t.stage_code, 'IV') or t.stage_code = 'metastatic') and t.metastatic_on_earliest is not null and t.diagnosed_on_latest is not null
