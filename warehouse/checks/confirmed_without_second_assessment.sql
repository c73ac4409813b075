/*
sentence:
  en: A response is called confirmed, but no response follows at least 28 days later.
  zh: 填写为已确认缓解，但28天后无再次缓解记录。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment]
fields: [is_confirmed]
advice:
  en: Send the assessment that confirms it.
  zh: 请补充确认缓解的评估。
source: "RECIST 1.1: confirmation at least four weeks later"
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'is_confirmed' as field,
    not coalesce(max(t.assessed_on) over patient >= t.assessed_on + 28, false)
        and not coalesce(min(t.assessed_on) over patient <= t.assessed_on - 28, false) as is_fault
from core.response_assessment as t
where t.assessed_on is not null and t.overall_code in ('CR', 'PR')
window patient as (partition by t.patient_id)
qualify t.is_confirmed
