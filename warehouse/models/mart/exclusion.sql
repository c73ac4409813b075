-- grain: one row per core patient outside the cohort
-- staging.judgement is made from the criteria of registry.yaml, in their order.
select patient_id, centre, all_reason_codes[1] as first_reason_code, all_reason_codes
from staging.judgement
where len(all_reason_codes) > 0
