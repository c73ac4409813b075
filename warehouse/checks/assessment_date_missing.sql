/*
sentence:
  en: The day of the imaging is not given.
  zh: 未提供影像评估日期。
severity: error
action: report_only
channel: report
kahn: completeness
scope: row
tables: [response_assessment]
fields: [assessed_on]
advice:
  en: Give the day of the imaging.
  zh: 请提供影像日期。
source: own
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'assessed_on' as field,
    t.assessed_on_source is null as is_fault
from core.response_assessment as t
