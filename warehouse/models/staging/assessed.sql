-- grain: one row per patient, reading and assessment after time zero, up to the cut-off
select
    dated.patient_id,
    dated.reading,
    dated.record_key,
    dated.day,
    dated.code as overall_code,
    dated.class_code as criteria_code,
    coalesce(response.is_progression, false) as is_progression,
    dated.code is not null and dated.code <> 'NE' as is_adequate
from staging.dated as dated
left join reference.response as response on response.code = dated.code
where dated.domain = 'response_assessment' and dated.day > dated.index_on and dated.day <= dated.cut_off_on
