/*
sentence:
  en: The diagnosis as written is in no list and no map.
  zh: 诊断的写法不在任何列表或映射中。
severity: error
action: query
channel: query
kahn: conformance
scope: row
tables: []
fields: [histology]
is_critical: true
advice:
  en: Write the diagnosis in full, or add the term to the centre's map.
  zh: 请写出完整的诊断，或将该写法加入本中心映射表。
source: own
*/
-- a code beside words that were read needs no answer of its own
select cell.centre, cell.table_name, cell.patient_id, cell.record_key, cell.field,
    cell.needs_query and cell.step = 'none' as is_fault
from staging.coded_cell as cell
left join staging.tumour as tumour using (centre, record_key)
where cell.list = 'histology' and (cell.field = 'histology' or tumour.histology_source is null)
