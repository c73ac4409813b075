/*
sentence:
  en: The performance status as written can mean several things, or is in doubt.
  zh: 体能状态的写法含义不明确或存疑。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: [ecog]
advice:
  en: Say which performance status is meant.
  zh: 请明确所指的体能状态。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step <> 'none' as is_fault
from staging.coded_cell
where list = 'ecog'
