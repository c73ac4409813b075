/*
sentence:
  en: A drug was added to a line, and no assessment tells whether the disease had progressed.
  zh: 治疗线中加用了药物，但无疗效评价说明当时是否进展。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: table
tables: [drug_exposure, response_assessment]
fields: [started_on]
advice:
  en: Send the assessments from the line's start to the day the drug was added; until then it counts as a new line.
  zh: 请补充自该治疗线开始至加药当日的疗效评价；在此之前按新一线计。
source: R4 of docs/lines.md
*/
select centre, 'drug_exposure' as table_name, patient_id, record_key, 'started_on' as field,
    reason_code = 'no_response_data' as is_fault
from mart.line_trace
where rule_code = 'R4' and reason_code in ('progression', 'add_on', 'no_response_data')
