/*
sentence:
  en: The response is none of the criteria that are named.
  zh: 疗效类别与所填评价标准不符。
severity: warning
action: report_only
channel: report
kahn: conformance
scope: row
tables: [response_assessment]
fields: [overall, criteria]
advice:
  en: Check response and criteria.
  zh: 请核对疗效和评价标准。
source: RECIST 1.1, iRECIST, PERCIST
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    r.edition <> t.criteria_code as is_fault
from core.response_assessment as t
join reference.response as r on r.code = t.overall_code
where r.edition is not null and t.criteria_code in ('RECIST 1.1', 'iRECIST', 'PERCIST')
    and not (t.criteria_code = 'iRECIST' and t.overall_code in ('NE', 'PD', 'SD', 'PR', 'CR', 'NON-CR/NON-PD'))
    and t.overall_code <> 'NE'
