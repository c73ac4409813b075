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
source: RECIST 1.1; 1 mm is allowed for rounding
*/
with
    measured as (
        select t.centre, t.patient_id, t.record_key, t.assessed_on, t.overall_code, t.has_new_lesion,
            t.target_sum_mm, line.started_on
        from core.response_assessment as t
        asof join (
            select distinct patient_id, started_on from core.treatment_line where started_on is not null
        ) as line on line.patient_id = t.patient_id and line.started_on <= t.assessed_on - 1
        where t.assessed_on is not null and t.target_sum_mm is not null
    ),

    -- the baseline of a line is the last sum up to a week after its start
    judged as (
        select measured.*, baseline.target_sum_mm as baseline_mm,
            least(baseline.target_sum_mm, min(measured.target_sum_mm) over (
                partition by measured.patient_id, measured.started_on order by measured.assessed_on
                range between unbounded preceding and interval 1 day preceding
            )) as nadir_mm
        from measured
        asof join (
            select patient_id, assessed_on, max(target_sum_mm) as target_sum_mm
            from core.response_assessment
            where assessed_on is not null and target_sum_mm > 0
            group by patient_id, assessed_on
        ) as baseline
            on baseline.patient_id = measured.patient_id and baseline.assessed_on <= measured.started_on + 7
        where measured.assessed_on > measured.started_on + 7
            and baseline.assessed_on >= measured.started_on - 90
    )

select t.centre, 'response_assessment' as table_name, t.patient_id, t.record_key, 'overall' as field,
    t.target_sum_mm < 0.7 * t.baseline_mm - 1 as is_fault,
    round(100 * (t.target_sum_mm / t.baseline_mm - 1), 1) as measure
from judged as t
where t.overall_code in ('SD', 'iSD')
