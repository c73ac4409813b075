/*
sentence:
  en: The sum of target lesions is eight times the one before, or an eighth of it; the unit may differ.
  zh: 靶病灶总和较前次相差八倍以上；单位可能不同。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment]
fields: [target_sum_mm]
advice:
  en: Check the unit (mm or cm) of both sums.
  zh: 请核对两次总和的单位（毫米或厘米）。
source: own; cm for mm is a factor of ten
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'target_sum_mm' as field,
    not t.target_sum_mm / lag(t.target_sum_mm) over patient between 0.125 and 8 as is_fault
from core.response_assessment as t
where t.target_sum_mm > 0 and t.assessed_on is not null
window patient as (partition by t.patient_id order by t.assessed_on, t.record_key)
