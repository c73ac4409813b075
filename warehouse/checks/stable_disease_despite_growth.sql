/*
sentence:
  en: Stable disease or partial response, but the target lesions grew by 20% and 5 mm or more over their least sum.
  zh: 疗效为SD或PR，但靶病灶总和较最小值增大达20%且达5毫米。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [response_assessment, treatment_line]
fields: [overall, target_sum_mm]
advice:
  en: Check the response and the sums; by RECIST this is progression.
  zh: 请核对疗效和各次总和；按RECIST应为进展。
source: RECIST 1.1, before the first progression of a line; 1 mm is allowed for rounding
*/
select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    t.target_sum_mm > greatest(1.2 * t.nadir_mm, t.nadir_mm + 5) + 1 as is_fault,
    round(100 * (t.target_sum_mm / t.nadir_mm - 1), 1) as measure
from staging.target_sum as t
where t.overall_code in ('SD', 'iSD', 'PR', 'iPR') and not t.is_after_progression
