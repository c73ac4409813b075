/*
sentence:
  en: Radiotherapy has no total dose.
  zh: 放疗记录未提供总剂量。
severity: info
action: report_only
channel: report
kahn: completeness
scope: row
tables: [procedure]
fields: [dose_gy]
advice:
  en: Give the total dose in Gy.
  zh: 请提供总剂量（Gy）。
source: own
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'dose_gy' as field,
    t.dose_gy is null as is_fault
from core.procedure as t
where t.type_code = 'radiotherapy'
