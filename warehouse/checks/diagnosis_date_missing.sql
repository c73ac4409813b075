/*
sentence:
  en: The day of the diagnosis is not given.
  zh: 未提供诊断日期。
severity: error
action: report_only
channel: report
kahn: completeness
scope: row
tables: [tumour]
fields: [diagnosed_on]
advice:
  en: Give the day of the first report of a pathologist.
  zh: 请提供首次病理诊断日期。
source: own
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'diagnosed_on' as field,
    t.diagnosed_on_source is null as is_fault
from core.tumour as t
