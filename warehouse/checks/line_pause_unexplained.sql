/*
sentence:
  en: A drug was given again after a long pause, and no progression is recorded; both count as one line.
  zh: 长期停药后再次使用同一药物，且无进展记录；两者按同一治疗线计。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [drug_exposure, response_assessment]
fields: [started_on]
advice:
  en: Check the dates of the doses; if the disease had progressed, send the assessment.
  zh: 请核对用药日期；若已进展，请补充疗效评价。
source: R7 of docs/lines.md
*/
select centre, 'drug_exposure' as table_name, patient_id, record_key, 'started_on' as field,
    reason_code = 'pause' as is_fault
from mart.line_trace
where rule_code = 'R7'
