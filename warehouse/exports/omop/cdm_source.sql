-- grain: one row
select
    left(title_en, 255) as cdm_source_name,
    left(study_id, 25) as cdm_source_abbreviation,
    left(title_en, 255) as cdm_holder,
    'sarcreg ' || code_version as cdm_etl_reference,
    as_of::date as source_release_date,
    as_of::date as cdm_release_date,
    'v5.4' as cdm_version,
    756265 as cdm_version_concept_id,
    'none' as vocabulary_version,
    null::varchar as left_out_because
from meta.refresh
