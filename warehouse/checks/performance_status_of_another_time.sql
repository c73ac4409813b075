/*
sentence:
  en: The performance status was taken more than 60 days away from the start of the line.
  zh: 体能状态评估日期与治疗开始相差超过60天。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [treatment_line]
fields: [ecog_on]
advice:
  en: Send the performance status nearest to the first dose.
  zh: 请提供最接近首次用药的体能状态。
source: own
*/
select t.centre, 'treatment_line' as table_name, t.patient_id, t.record_key, 'ecog_on' as field,
    abs(t.ecog_on - t.started_on) > 60 as is_fault,
    t.ecog_on - t.started_on as measure
from core.treatment_line as t
where t.ecog_on is not null and t.started_on is not null
