/*
sentence:
  en: The person was registered before birth.
  zh: 登记日期早于出生日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [patient]
fields: [born_on]
explained_by: [born_after_diagnosis]
advice:
  en: Check the day of birth and of registration.
  zh: 请核对出生和登记日期。
source: own
*/
select t.centre, 'patient' as table_name, t.patient_id, t.record_key, 'born_on' as field,
    t.born_on_earliest > t.registered_on_latest as is_fault
from core.patient as t
where t.born_on_earliest is not null and t.registered_on_latest is not null
