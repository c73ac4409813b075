/*
sentence:
  en: The dose per fraction is not between 1 and 30 Gy.
  zh: 单次分割剂量不在1至30 Gy之间。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [procedure]
fields: [dose_gy, fractions]
explained_by: [radiation_dose_out_of_range]
advice:
  en: Check total dose and number of fractions.
  zh: 请核对总剂量和分割次数。
source: own; from hyperfractionation (1.2 Gy) to radiosurgery in one fraction (24 Gy)
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'fractions' as field,
    not t.dose_gy / t.fractions between 1 and 30 as is_fault,
    t.dose_gy / t.fractions as measure
from core.procedure as t
where t.dose_gy is not null and t.fractions > 0
