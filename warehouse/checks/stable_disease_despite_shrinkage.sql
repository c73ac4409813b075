/*
sentence:
  en: Stable disease, but the target lesions shrank by 30% or more from baseline.
  zh: 疗效为SD，但靶病灶总和较基线缩小达30%。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, treatment_line]
fields: [overall, target_sum_mm]
advice:
  en: Check the response and both sums; other lesions may have grown.
  zh: 请核对疗效和两次总和；其他病灶可能增大。
source: RECIST 1.1, before the first progression of a line; 1 mm is allowed for rounding
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    t.target_sum_mm < 0.7 * t.baseline_mm - 1 as is_fault,
    round(100 * (t.target_sum_mm / t.baseline_mm - 1), 1) as measure
from staging.target_sum as t
where t.overall_code in ('SD', 'iSD') and not t.is_after_progression
