/*
sentence:
  en: The performance status as written is in no list and no map.
  zh: 体能状态的写法不在任何列表或映射中。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: [ecog]
advice:
  en: Write the performance status in full, or add the term to the centre's map.
  zh: 请写出完整的体能状态，或将该写法加入本中心映射表。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step = 'none' as is_fault
from staging.coded_cell
where list = 'ecog'
