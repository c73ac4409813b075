/*
sentence:
  en: The day of birth is the day of the diagnosis; one was typed into the other.
  zh: 出生日期与诊断日期相同，可能填错。
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
select t.centre, 'patient' as table_name, t.patient_id, t.record_key, 'born_on' as field,
    bool_or(t.born_on = d.diagnosed_on) as is_fault
from core.patient as t
join core.tumour as d using (patient_id)
where t.born_on is not null and d.diagnosed_on is not null
group by t.centre, t.patient_id, t.record_key
