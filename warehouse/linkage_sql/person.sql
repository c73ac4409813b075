-- grain: one row per core patient: what records of two centres are compared by
with
    death as (
        select patient_id, min(death_on) as death_on from core.follow_up group by patient_id
    )

select
    patient.patient_id as unique_id,
    patient.centre,
    patient.link_token,
    patient.sex_code as sex,
    patient.born_on,
    year(patient.born_on_earliest) as born_year,
    disease.diagnosed_on,
    date_trunc('month', disease.diagnosed_on)::date as diagnosed_month,
    disease.entity_code as entity,
    left(disease.topography_code, 3) as site,
    case when disease.is_metastatic_on_known then disease.metastatic_on end as metastatic_on,
    death.death_on
from core.patient as patient
left join staging.disease as disease using (patient_id)
left join death using (patient_id)
-- a person who withdrew is compared with nobody
where coalesce(patient.withdrawal_scope_code, '') not in ('no_further_use', 'erase')
