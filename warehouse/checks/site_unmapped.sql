/*
sentence:
  en: The site as written is in no list and no map.
  zh: 部位的写法不在任何列表或映射中。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: [site]
advice:
  en: Write the site in full, or add the term to the centre's map.
  zh: 请写出完整的部位，或将该写法加入本中心映射表。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query and step = 'none' as is_fault
from staging.coded_cell
where list in ('site', 'topography')
