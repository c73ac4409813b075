/*
sentence:
  en: A palliative line is numbered, but an earlier number is missing.
  zh: 姑息治疗线编号缺少前序线数。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: table
tables: [treatment_line]
fields: [line_stated]
advice:
  en: Send the missing line, or correct the number.
  zh: 请补充缺失的治疗线，或更正编号。
source: own
*/
with line as (
    select centre, patient_id, record_key, line_min,
        lag(line_max, 1, 0) over (partition by patient_id order by line_min, started_on, record_key) as before
    from core.treatment_line
    where line_min is not null and line_min >= 1 and coalesce(setting_code, 'palliative') = 'palliative'
)

select centre, 'treatment_line' as table_name, patient_id, record_key, 'line_stated' as field,
    line_min > before + 1 as is_fault
from line
where before is not null
