/*
sentence:
  en: A new lesion is there, but the response is no progression.
  zh: 有新病灶，但疗效不是进展。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [response_assessment]
fields: [overall, has_new_lesion]
advice:
  en: Check the response; it moves the day of progression.
  zh: 请核对疗效；该项影响进展日期。
source: RECIST 1.1; under iRECIST it is an unconfirmed progression
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    t.overall_code in ('CR', 'PR', 'SD', 'NON-CR/NON-PD', 'iCR', 'iPR', 'iSD') as is_fault
from core.response_assessment as t
where t.has_new_lesion and t.overall_code is not null and coalesce(t.criteria_code, '') not in ('irRC', 'irRECIST')
