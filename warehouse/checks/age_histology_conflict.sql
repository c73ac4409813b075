/*
sentence:
  en: The age at diagnosis is unusual for the diagnosis.
  zh: 诊断时年龄对该诊断而言不常见。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [patient, tumour]
fields: [histology]
explained_by: [age_out_of_range, born_after_diagnosis]
advice:
  en: Check the day of birth, and confirm the diagnosis (fusion, marker).
  zh: 请核对出生日期，并确认诊断（融合基因、标志物）。
source: own clinical knowledge (age_min, age_max of schemas/codes/histology.csv); a clinician confirms the limits
*/
select t.centre, 'tumour' as table_name, t.patient_id, t.record_key, 'histology' as field,
    not date_sub('year', p.born_on, t.diagnosed_on) between coalesce(h.age_min, 0) and coalesce(h.age_max, 200) as is_fault,
    date_sub('year', p.born_on, t.diagnosed_on) as measure
from core.tumour as t
join core.patient as p using (patient_id)
join reference.histology as h using (entity_code)
where p.born_on is not null and t.diagnosed_on is not null and coalesce(h.age_min, h.age_max) is not null
