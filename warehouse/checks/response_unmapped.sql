/*
sentence:
  en: The response as written is in no list and no map.
  zh: 疗效的写法不在任何列表或映射中。
severity: error
action: query
channel: query
kahn: conformance
scope: row
tables: []
fields: [response]
is_critical: true
advice:
  en: Write the response in full, or add the term to the centre's map.
  zh: 请写出完整的疗效，或将该写法加入本中心映射表。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step = 'none' as is_fault
from staging.coded_cell
where list = 'response'
