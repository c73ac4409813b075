-- grain: one row per tumour of a person and reading of it
-- What the words and the code of a diagnosis say, and whether they disagree. A code can belong to several entities.
with
    term as (
        select * from reference.term_map where list = 'histology'
    ),

    said as (
        select
            tumour.centre,
            tumour.record_key,
            tumour.histology_source,
            by_text.entity_code as text_entity,
            by_code.entity_code as code_entity,
            case
                when by_code.entity_code is not null then [by_code.entity_code]
                when by_code.rule = 'code' then list_transform(by_code.candidates, named -> split_part(named, ' ', 2))
                else []
            end as code_entities
        from staging.tumour as tumour
        left join term as by_text
            on by_text.centre = tumour.centre and by_text.text = tumour.histology_source
        left join term as by_code
            on by_code.centre = tumour.centre and by_code.text = tumour.morphology_source
    )

select
    *,
    text_entity is not null and len(code_entities) > 0 as is_judgeable,
    text_entity is not null and len(code_entities) > 0 and not list_contains(code_entities, text_entity) as is_conflict
from said
