-- grain: one row per assessment of a patient of the cohort, from the baseline to the cut-off
-- The baseline is the last sum of target lesions up to time zero. Sums are taken as DECIMAL, so that a percentage is the
-- same whatever the order of the rows.
with
    dated as (
        select
            subject.patient_id,
            subject.centre,
            evidence.evidence_id,
            assessed.centre as assessed_at,
            assessed.record_key,
            assessed.assessed_on,
            assessed.assessed_on - subject.index_on as day,
            assessed.criteria_code,
            assessed.assessor_code,
            assessed.overall_code,
            assessed.target_sum_mm::decimal(9, 1) as target_sum_mm,
            assessed.has_new_lesion,
            assessed.is_confirmed
        from core.response_assessment as assessed
        join staging.evidence as evidence on evidence.evidence_id = assessed.patient_id
        join staging.subject as subject on subject.patient_id = evidence.patient_id
        where not subject.is_doubtful
            and assessed.assessed_on <= subject.cut_off_on
    ),

    baseline as (
        select patient_id, record_key, assessed_at, target_sum_mm as baseline_sum_mm
        from dated
        where day <= 0 and target_sum_mm is not null
        qualify row_number() over (partition by patient_id order by day desc, record_key) = 1
    ),

    followed as (
        select
            dated.*,
            baseline.baseline_sum_mm,
            coalesce(baseline.record_key = dated.record_key and baseline.assessed_at = dated.assessed_at, false)
            as is_baseline,
            -- the smallest sum so far, the baseline included
            min(case when dated.day > 0 or is_baseline then dated.target_sum_mm end) over (
                partition by dated.patient_id order by dated.day range between unbounded preceding and 1 preceding
            ) as nadir_mm
        from dated
        left join baseline using (patient_id)
    )

select
    *,
    case when baseline_sum_mm > 0 then round((target_sum_mm - baseline_sum_mm) * 100 / baseline_sum_mm, 1) end
        as change_from_baseline_pct,
    case when nadir_mm > 0 then round((target_sum_mm - nadir_mm) * 100 / nadir_mm, 1) end as change_from_nadir_pct
from followed
where day > 0 or is_baseline
