/*
sentence:
  en: The sex as written can mean several things, or is in doubt.
  zh: 性别的写法含义不明确或存疑。
severity: error
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: [sex]
advice:
  en: Say which sex is meant.
  zh: 请明确所指的性别。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step <> 'none' as is_fault
from staging.coded_cell
where list = 'sex'
