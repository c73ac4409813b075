-- grain: one row per tumour of a person
-- The words of the diagnosis decide; a code alone is used only where it names one entity.
-- Words and code that name different entities leave the entity empty (check histology_text_code_conflict).
with
    term as (
        select * from reference.term_map where list = 'histology'
    ),

    read as (
        select
            tumour.*,
            by_text.entity_code as text_entity,
            by_code.entity_code as code_entity,
            by_code.code as code_morphology
        from staging.tumour as tumour
        left join term as by_text
            on by_text.centre = tumour.centre and by_text.text = tumour.histology_source
        left join term as by_code
            on by_code.centre = tumour.centre and by_code.text = tumour.morphology_source
    ),

    decided as (
        select
            read.* exclude (text_entity, code_entity, code_morphology),
            case
                when text_entity is null and histology_source is not null then null
                when text_entity is null then code_entity
                when code_entity is not null and code_entity <> text_entity
                    and named.morphology_code is distinct from code_morphology then null
                else text_entity
            end as entity_code
        from read
        left join reference.histology as named on named.entity_code = read.text_entity
    )

select
    decided.*,
    histology.morphology_code,
    histology.morphology_edition,
    histology.behaviour
from decided
left join reference.histology as histology on histology.entity_code = decided.entity_code
