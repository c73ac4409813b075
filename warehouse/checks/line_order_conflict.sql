/*
sentence:
  en: A line with a higher number starts before one with a lower number.
  zh: 线数较高的治疗线早于线数较低的治疗线开始。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [treatment_line]
fields: [line_stated]
explained_by: [line_number_gap, line_number_repeated]
advice:
  en: Number the lines by their start, or check the days.
  zh: 请按开始时间编号，或核对日期。
source: own
*/
select t.centre, 'treatment_line' as table_name, t.patient_id, t.record_key, 'line_stated' as field,
    t.line_min < max(t.line_min) over earlier as is_fault
from core.treatment_line as t
where t.line_min >= 1 and t.line_min = t.line_max and t.started_on is not null and coalesce(t.setting_code, 'palliative') = 'palliative'
window earlier as (
    partition by t.patient_id order by t.started_on range between unbounded preceding and interval 1 day preceding
)
