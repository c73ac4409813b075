-- grain: one row per patient, criteria and response that a later one confirms
-- CR by CR, PR by PR or CR, from the days the registry sets; between them nothing worse, and few not evaluable.
select
    first.patient_id,
    first.criteria_code,
    first.code,
    first.day,
    first.record_key,
    min(later.day) as confirmed_on
from staging.response_course as first
cross join staging.end_point_setting as setting
join staging.response_course as later
    on later.patient_id = first.patient_id and later.criteria_code = first.criteria_code
    and later.day - first.day >= setting.confirm_response_days
    and (later.code = 'CR' or (first.code = 'PR' and later.code = 'PR'))
where first.code in ('CR', 'PR')
    and (
        select
            bool_and(middle.code in ('CR', 'NE') or (first.code = 'PR' and middle.code = 'PR'))
                and count(*) filter (middle.code = 'NE') <= setting.confirm_response_skips
        from staging.response_course as middle
        where middle.patient_id = first.patient_id and middle.criteria_code = first.criteria_code
            and middle.day > first.day and middle.day < later.day
    ) is distinct from false
group by all
