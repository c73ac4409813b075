/*
sentence:
  en: The sex as written is in no list and no map.
  zh: 性别的写法不在任何列表或映射中。
severity: error
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: [sex]
advice:
  en: Write the sex in full, or add the term to the centre's map.
  zh: 请写出完整的性别，或将该写法加入本中心映射表。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step = 'none' as is_fault
from staging.coded_cell
where list = 'sex'
