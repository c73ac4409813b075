-- grain: one row per record that says the disease progressed
-- A progression known by its month counts from the last day it can mean: by then it is certain.
select patient_id, assessed_on_latest as progressed_on, 'response_assessment' as table_name, record_key
from core.response_assessment as assessment
join reference.response as response on response.code = assessment.overall_code
where response.is_progression and assessed_on_latest is not null

union all

select patient_id, stopped_on_latest, 'drug_exposure', record_key
from core.drug_exposure
where stop_reason_code = 'progression' and stopped_on_latest is not null and is_administered is distinct from false

union all

select patient_id, stopped_on_latest, 'treatment_line', record_key
from staging.treatment_line
where stop_reason_code = 'progression' and stopped_on_latest is not null
