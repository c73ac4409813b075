/*
sentence:
  en: A complete response, but target lesions of 20 mm or more are left.
  zh: 疗效为CR，但靶病灶总和仍达20毫米。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [response_assessment]
fields: [overall]
advice:
  en: Check the response and the sum.
  zh: 请核对疗效和靶病灶总和。
source: "RECIST 1.1: only nodes below 10 mm may be left, two of an organ"
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    t.target_sum_mm >= 20 as is_fault,
    t.target_sum_mm as measure
from core.response_assessment as t
where t.overall_code in ('CR', 'iCR') and t.target_sum_mm is not null
