/*
sentence:
  en: The site as written can mean several things, or is in doubt.
  zh: 部位的写法含义不明确或存疑。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: [site]
advice:
  en: Say which site is meant.
  zh: 请明确所指的部位。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step <> 'none' as is_fault
from staging.coded_cell
where list in ('site', 'topography')
