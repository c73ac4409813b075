/*
sentence:
  en: The person was born after the diagnosis.
  zh: 出生日期晚于诊断日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [patient, tumour]
fields: [born_on]
advice:
  en: Check the day of birth.
  zh: 请核对出生日期。
source: own
*/
select p.centre, 'patient' as table_name, p.patient_id, p.record_key, 'born_on' as field,
    p.born_on_earliest > d.diagnosed_on as is_fault
from core.patient as p
join (
    select patient_id, min(diagnosed_on_latest) as diagnosed_on from core.tumour group by patient_id
) as d using (patient_id)
where p.born_on_earliest is not null and d.diagnosed_on is not null
