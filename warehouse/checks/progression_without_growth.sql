/*
sentence:
  en: Progression without a new lesion, but the target lesions grew by less than 20% or less than 5 mm over their least sum.
  zh: 疗效为PD且无新病灶，但靶病灶总和较最小值增大不足20%或不足5毫米。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, treatment_line]
fields: [overall, target_sum_mm]
advice:
  en: Check the sums; say so where another lesion has grown.
  zh: 请核对各次总和；如为非靶病灶进展请说明。
source: RECIST 1.1, first progression of a line; 1 mm is allowed for rounding
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    t.target_sum_mm < greatest(1.2 * t.nadir_mm, t.nadir_mm + 5) - 1 as is_fault,
    round(100 * (t.target_sum_mm / t.nadir_mm - 1), 1) as measure
from staging.target_sum as t
where t.overall_code in ('PD', 'iUPD') and t.has_new_lesion = false and not t.is_after_progression
