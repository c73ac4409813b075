-- grain: one row per person and centre
select
    row_number() over (order by patient_id) as person_id,
    case sex_code when 'M' then 8507 when 'F' then 8532 else 0 end as gender_concept_id,
    year(born_on_earliest) as year_of_birth,
    case when born_on_precision in ('day', 'month') then month(born_on_earliest) end as month_of_birth,
    case when born_on_precision = 'day' then day(born_on_earliest) end as day_of_birth,
    0 as race_concept_id,
    0 as ethnicity_concept_id,
    patient_id as person_source_value,
    sex_code as gender_source_value,
    0 as gender_source_concept_id,
    case
        when born_on_earliest is null then 'no year of birth'
    end as left_out_because
from core.patient
order by person_id
