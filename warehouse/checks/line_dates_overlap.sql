/*
sentence:
  en: A line of treatment starts before the line before it ends.
  zh: 一条治疗线在前一条结束之前开始。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [treatment_line]
fields: [started_on]
advice:
  en: Check the end of the earlier and the start of the later line.
  zh: 请核对前一线的结束日期和后一线的开始日期。
source: own
*/
with line as (
    select *, lag(stopped_on) over (partition by patient_id order by started_on, record_key) as earlier_stopped_on
    from core.treatment_line
    where started_on is not null
)

select centre, 'treatment_line' as table_name, patient_id, record_key, 'started_on' as field,
    started_on < earlier_stopped_on as is_fault
from line
where earlier_stopped_on is not null
