/*
sentence:
  en: The line of treatment as written can mean several things, or is in doubt.
  zh: 治疗线的写法含义不明确或存疑。
severity: error
action: query
channel: query
kahn: conformance
scope: row
tables: []
fields: [line]
is_critical: true
advice:
  en: Say which line of treatment is meant.
  zh: 请明确所指的治疗线。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step <> 'none' as is_fault
from staging.coded_cell
where list = 'line'
