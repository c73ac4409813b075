/*
sentence:
  en: The answer is in no list and no map.
  zh: 该选项不在任何列表或映射中。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: []
fields: []
advice:
  en: Use one of the field's answers, or add this one to the centre's map.
  zh: 请使用该字段的选项，或将其加入本中心映射表。
source: own
*/
select centre, table_name, patient_id, record_key, field,
    needs_query as is_fault
from staging.coded_cell
where list not in ('histology', 'drug', 'line', 'site', 'topography', 'response', 'ecog', 'sex', 'adverse_event')
