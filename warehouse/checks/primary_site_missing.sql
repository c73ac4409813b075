/*
sentence:
  en: The primary site is not given.
  zh: 未提供原发部位。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [tumour]
fields: [topography]
advice:
  en: Give the organ or region where the sarcoma began.
  zh: 请提供肉瘤的起源部位。
source: own
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'topography' as field,
    t.topography_source is null as is_fault
from core.tumour as t
