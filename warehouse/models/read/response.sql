-- grain: one row per assessment
select
    assessment.*,
    label.label_en as overall_en,
    label.label_zh as overall_zh,
    meaning.is_progression,
    member.day,
    member.change_from_baseline_pct,
    member.change_from_nadir_pct
from core.response_assessment as assessment
left join reference.code as label on label.list = 'response' and label.code = assessment.overall_code
left join reference.response as meaning on meaning.code = assessment.overall_code
left join mart.assessment as member using (record_key)
