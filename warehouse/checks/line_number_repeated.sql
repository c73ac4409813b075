/*
sentence:
  en: Two palliative lines of one person have the same number.
  zh: 同一患者两条姑息治疗线编号相同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [treatment_line]
fields: [line_stated]
advice:
  en: Number the lines of systemic treatment again, by their start.
  zh: 请按开始时间重新编号全身治疗线。
source: own
*/
select centre, 'treatment_line' as table_name, patient_id, record_key, 'line_stated' as field,
    row_number() over (partition by patient_id, line_min order by started_on, record_key) > 1 as is_fault
from core.treatment_line
where line_min is not null and line_min = line_max
    and coalesce(setting_code, 'palliative') = 'palliative'
