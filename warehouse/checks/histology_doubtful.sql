/*
sentence:
  en: The diagnosis as written can mean several things, or is in doubt.
  zh: 诊断的写法含义不明确或存疑。
severity: error
action: query
channel: query
kahn: conformance
scope: row
tables: []
fields: [histology]
is_critical: true
advice:
  en: Say which diagnosis is meant.
  zh: 请明确所指的诊断。
source: own
*/
-- a code beside words that were read needs no answer of its own
select cell.centre, cell.table_name, cell.patient_id, cell.record_key, cell.field,
    cell.needs_query and cell.step <> 'none' as is_fault
from staging.coded_cell as cell
left join staging.tumour as tumour using (centre, record_key)
where cell.list = 'histology' and (cell.field = 'histology' or tumour.histology_source is null)
