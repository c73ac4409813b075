/*
sentence:
  en: All assessments of the centre have the same response.
  zh: 本中心所有疗效评估结果相同。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [response_assessment]
fields: [overall]
advice:
  en: Check the column of the response.
  zh: 请核对疗效列。
source: own; at least 30 assessments; no alarm in ten clean demonstrations
*/
select centre, 'response_assessment' as table_name, null as patient_id, null as record_key, 'overall' as field,
    min(overall_code) = max(overall_code) as is_fault
from core.response_assessment
where overall_code is not null
group by centre
having count(*) >= 30
