/*
sentence:
  en: The person was in contact before birth.
  zh: 随访日期早于出生日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [follow_up, patient]
fields: [contact_on]
explained_by: [born_after_diagnosis]
advice:
  en: Check the day of birth and this day.
  zh: 请核对出生日期和该日期。
source: own
*/
select t.centre, 'follow_up' as table_name, t.patient_id, t.record_key, 'contact_on' as field,
    t.contact_on_latest < p.born_on_earliest as is_fault
from core.follow_up as t
join core.patient as p using (patient_id)
where t.contact_on_latest is not null and p.born_on_earliest is not null
