/*
sentence:
  en: The day of birth is not given.
  zh: 未提供出生日期。
severity: error
action: report_only
channel: report
kahn: completeness
scope: row
tables: [patient]
fields: [born_on]
advice:
  en: Give the day of birth, or the year where no more may be sent.
  zh: 请提供出生日期；如不便提供，请提供年份。
source: own
*/
select t.centre, 'patient' as table_name, t.patient_id, t.record_key, 'born_on' as field,
    t.born_on_source is null as is_fault
from core.patient as t
