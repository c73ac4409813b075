-- grain: one row per responder by RECIST 1.1: the day the duration of response starts
select
    patient_id,
    case when setting.response_needs_confirmation then confirmed_response_on else response_on end as response_on
from staging.best_response
cross join staging.end_point_setting as setting
where criteria_code = 'RECIST 1.1'
    and (confirmed_response_on is not null or (response_on is not null and not setting.response_needs_confirmation))
