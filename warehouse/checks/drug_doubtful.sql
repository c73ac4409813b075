/*
sentence:
  en: The drug or regimen as written can mean several things, or is in doubt.
  zh: 药物或方案的写法含义不明确或存疑。
severity: error
action: query
channel: query
kahn: conformance
scope: row
tables: []
fields: [drug]
is_critical: true
advice:
  en: Say which drug or regimen is meant.
  zh: 请明确所指的药物或方案。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step <> 'none' and code is null as is_fault
from staging.coded_cell
where list = 'drug'
