-- grain: one row per core patient
-- The index tumour and since when the disease is metastatic.
with
    told as (
        -- a tumour by the reading of it that counts; what that reading leaves out is told by the next
        select
            patient_id,
            tumour_number,
            bool_or(is_index) as is_index,
            arg_min(topography_code, reading_order) as topography_code,
            min(coalesce(diagnosed_on, diagnosed_on_earliest)) as diagnosed_on,
            min(diagnosed_on_earliest) as diagnosed_on_earliest,
            min(metastatic_on_earliest) as metastatic_on_earliest,
            arg_min(metastatic_on_precision, (metastatic_on_earliest, metastatic_on_precision))
                as metastatic_on_precision,
            bool_or(is_locally_advanced_only) as is_locally_advanced_only,
            bool_or(is_other_malignancy_active) as is_other_malignancy_active
        from staging.tumour_reading
        group by patient_id, tumour_number
    ),

    tumour as (
        -- the index tumour: named by the centre, else the first sarcoma, else the first tumour
        select
            told.*,
            review.record_key,
            review.entity_code,
            histology.behaviour,
            -- an entity of bone and soft tissue alike is a soft tissue sarcoma unless it arose in bone
            histology.is_soft_tissue_sarcoma
                and not coalesce(histology.home = 'both' and left(told.topography_code, 3) in ('C40', 'C41'), false)
                as is_soft_tissue_sarcoma,
            histology.is_soft_tissue_borderline
        from mart.histology_review as review
        join told using (patient_id, tumour_number)
        left join reference.histology as histology using (entity_code)
        qualify row_number() over (
            partition by review.patient_id
            order by
                told.is_index desc nulls last,
                histology.is_soft_tissue_sarcoma desc nulls last,
                review.tumour_number
        ) = 1
    ),

    metastasis as (
        select patient_id, min(detected_on_earliest) as detected_on, min(detected_on_latest) as detected_on_latest
        from core.metastasis
        group by patient_id
    )

select
    patient.patient_id,
    patient.centre,
    tumour.metastatic_on_earliest is not null or metastasis.detected_on is not null as is_metastatic,
    coalesce(tumour.metastatic_on_earliest, metastasis.detected_on) as metastatic_on,
    case
        when tumour.metastatic_on_earliest is not null then tumour.metastatic_on_precision = 'day'
        else metastasis.detected_on = metastasis.detected_on_latest
    end as is_metastatic_on_known,
    tumour.record_key as tumour_record_key,
    tumour.entity_code,
    tumour.is_soft_tissue_sarcoma,
    tumour.is_soft_tissue_borderline,
    tumour.behaviour,
    tumour.topography_code,
    tumour.diagnosed_on,
    tumour.diagnosed_on_earliest,
    coalesce(tumour.is_locally_advanced_only, false) as is_locally_advanced_only,
    coalesce(tumour.is_other_malignancy_active, false) as is_other_malignancy_active
from core.patient as patient
left join tumour using (patient_id)
left join metastasis using (patient_id)
