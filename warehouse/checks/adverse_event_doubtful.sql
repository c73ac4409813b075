/*
sentence:
  en: The adverse event as written can mean several things, or is in doubt.
  zh: 不良反应的写法含义不明确或存疑。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: [adverse_event]
advice:
  en: Say which adverse event is meant.
  zh: 请明确所指的不良反应。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step <> 'none' as is_fault
from staging.coded_cell
where list = 'adverse_event'
