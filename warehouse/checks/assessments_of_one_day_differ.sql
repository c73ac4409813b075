/*
sentence:
  en: Two assessments of one day by the same criteria and assessor say different things.
  zh: 同一天同一标准和评估者的两次疗效评估不一致。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment]
fields: [overall]
advice:
  en: Say which of the two holds.
  zh: 请确认哪一次评估有效。
source: own
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    min(t.overall_code) over same_day <> max(t.overall_code) over same_day as is_fault
from core.response_assessment as t
where t.overall_code is not null and t.assessed_on is not null
window same_day as (partition by t.patient_id, t.assessed_on, t.criteria_code, t.assessor_code, t.evidence_code)
