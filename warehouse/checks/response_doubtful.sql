/*
sentence:
  en: The response as written can mean several things, or is in doubt.
  zh: 疗效的写法含义不明确或存疑。
severity: error
action: query
channel: query
kahn: conformance
scope: row
tables: []
fields: [response]
is_critical: true
advice:
  en: Say which response is meant.
  zh: 请明确所指的疗效。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step <> 'none' as is_fault
from staging.coded_cell
where list = 'response'
