/*
sentence:
  en: One agent was exchanged for another of its class without progression; both count as one line.
  zh: 未见进展而换用同类药物；两者按同一治疗线计。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [drug_exposure, response_assessment]
fields: [agent]
advice:
  en: Say why the agent was changed; if the disease had progressed, send the assessment.
  zh: 请说明换药原因；若已进展，请补充疗效评价。
source: R5 of docs/lines.md
*/
select centre, 'drug_exposure' as table_name, patient_id, record_key, 'agent' as field,
    reason_code = 'class_swap' as is_fault
from mart.line_trace
where reason_code in ('swap', 'class_swap')
