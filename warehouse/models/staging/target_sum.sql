-- grain: one row per assessment with a sum of target lesions, after the baseline of its line
-- RECIST 1.1: the baseline is the last sum before treatment, here up to a week into the line; the nadir is the least
-- sum before this one, the baseline among them. A line that begins in response or stable disease has no baseline of its
-- own that we could know, and is left out. Choi, WHO and PET criteria measure something else.
with
    assessment as (
        select
            centre,
            patient_id,
            record_key,
            assessed_on,
            overall_code,
            has_new_lesion,
            target_sum_mm,
            overall_code in ('PD', 'iUPD', 'iCPD') as is_progression
        from core.response_assessment
        where assessed_on is not null
            and coalesce(criteria_code, 'RECIST 1.1') in ('RECIST 1.1', 'RECIST 1.0', 'iRECIST')
    ),

    baseline as (
        select
            patient_id,
            assessed_on,
            max(target_sum_mm) as baseline_mm,
            coalesce(bool_or(overall_code <> 'NE' and not is_progression), false) as is_of_line_before
        from assessment
        where target_sum_mm > 0
        group by patient_id, assessed_on
    ),

    of_line as (
        select
            assessment.*,
            line.started_on,
            coalesce(bool_or(is_progression) over earlier, false) as is_after_progression,
            min(target_sum_mm) over earlier as least_mm
        from assessment
        asof join (
            select distinct patient_id, started_on from core.treatment_line where started_on is not null
        ) as line on line.patient_id = assessment.patient_id and line.started_on <= assessment.assessed_on - 1
        where assessment.assessed_on > line.started_on + 7
        window earlier as (
            partition by assessment.patient_id, line.started_on order by assessed_on
            range between unbounded preceding and interval 1 day preceding
        )
    )

select
    of_line.centre,
    of_line.patient_id,
    of_line.record_key,
    of_line.overall_code,
    of_line.has_new_lesion,
    of_line.target_sum_mm,
    baseline.baseline_mm,
    least(baseline.baseline_mm, of_line.least_mm) as nadir_mm,
    of_line.is_after_progression
from of_line
asof join baseline
    on baseline.patient_id = of_line.patient_id and baseline.assessed_on <= of_line.started_on + 7
where of_line.target_sum_mm is not null and baseline.assessed_on >= of_line.started_on - 90
    and not baseline.is_of_line_before
