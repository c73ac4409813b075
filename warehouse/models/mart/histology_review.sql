-- grain: one row per person and tumour
-- The diagnosis that counts beside what each kind of reading said.
with
    reading as (
        select
            reading.*,
            coalesce(reading.review_code, 'local') as kind,
            case when histology.entity_code is not null then coalesce(histology.histology_group, 'other') end
                as histology_group
        from staging.tumour_reading as reading
        left join reference.histology as histology using (entity_code)
    )

select
    patient_id,
    centre,
    tumour_number,
    count(*) filter (has_diagnosis) as readings,
    any_value(record_key) filter (reading_order = 1) as record_key,
    any_value(kind) filter (reading_order = 1) as review_code,
    any_value(entity_code) filter (reading_order = 1) as entity_code,
    any_value(histology_group) filter (reading_order = 1) as histology_group,
    arg_min(entity_code, reading_order) filter (kind = 'local') as local_entity_code,
    arg_min(entity_code, reading_order) filter (kind = 'expert') as expert_entity_code,
    arg_min(entity_code, reading_order) filter (kind = 'central') as central_entity_code,
    case when count(entity_code) > 1 then count(distinct entity_code) > 1 end as is_entity_changed,
    case when count(entity_code) > 1 then count(distinct histology_group) > 1 end as is_group_changed
from reading
group by all
