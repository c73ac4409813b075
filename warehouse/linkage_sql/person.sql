-- grain: one row per core patient: what records of two centres are compared by
-- A link token is `kind:hash`, several apart by spaces; without a kind it is of the identity number.
with
    token as (
        select patient_id, unnest(string_split_regex(trim(link_token), '\s+')) as token from core.patient
    ),

    of_kind as (
        select
            patient_id,
            max(token) filter (starts_with(token, 'identity:') or not contains(token, ':')) as identity,
            max(token) filter (starts_with(token, 'name_birth:')) as name_birth,
            max(token) filter (starts_with(token, 'phone:')) as phone
        from token
        group by patient_id
    ),

    death as (
        select patient_id, min(death_on) as death_on from core.follow_up group by patient_id
    )

select
    patient.patient_id as unique_id,
    patient.centre,
    -- a prefix is no part of the token
    regexp_replace(of_kind.identity, '^identity:', '') as identity,
    of_kind.name_birth,
    of_kind.phone,
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
left join of_kind using (patient_id)
left join staging.disease as disease using (patient_id)
left join death using (patient_id)
-- a person who withdrew is compared with nobody
where coalesce(patient.withdrawal_scope_code, '') not in ('no_further_use', 'erase')
