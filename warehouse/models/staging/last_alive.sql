-- grain: one row per patient and reading with a sign of life after time zero: the last one, at most the cut-off
select patient_id, reading, domain, variable, record_key, least(day, cut_off_on) as day
from staging.dated
where is_life and day > index_on and first_day <= cut_off_on
qualify row_number() over (
    partition by patient_id, reading order by least(day, cut_off_on) desc, domain, variable, record_key
) = 1
