/*
sentence:
  en: The total dose of radiotherapy is not between 1 and 90 Gy.
  zh: 放疗总剂量不在1至90 Gy之间。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [procedure]
fields: [dose_gy]
advice:
  en: Check the unit (Gy or cGy) and the total dose.
  zh: 请核对单位（Gy或cGy）和总剂量。
source: own; the highest total doses in sarcoma are about 80 Gy
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'dose_gy' as field,
    not t.dose_gy between 1 and 90 as is_fault,
    t.dose_gy as measure
from core.procedure as t
where t.dose_gy is not null and t.type_code = 'radiotherapy'
