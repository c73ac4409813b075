/*
sentence:
  en: The age at diagnosis is above 105 years.
  zh: 诊断时年龄超过105岁。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [patient, tumour]
fields: [born_on]
explained_by: [born_after_diagnosis]
advice:
  en: Check the day of birth and the day of the diagnosis.
  zh: 请核对出生日期和诊断日期。
source: own; a birth after the diagnosis is a rule of its own (born_after_diagnosis)
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, 'born_on' as field,
    date_sub('year', p.born_on_latest, d.diagnosed_on) > 105 as is_fault
from core.patient as p
join (
    select patient_id, min(diagnosed_on_earliest) as diagnosed_on from core.tumour group by patient_id
) as d using (patient_id)
where p.born_on_latest is not null and d.diagnosed_on is not null
