-- grain: one row per tumour of a person and reading of it
-- The words of the diagnosis decide; a code alone is used only where no words are sent and it names one entity.
-- Words and code that disagree leave the entity empty (check histology_text_code_conflict).
with
    decided as (
        select
            tumour.*,
            case
                when diagnosis.is_conflict then null
                when diagnosis.histology_source is not null then diagnosis.text_entity
                else diagnosis.code_entity
            end as entity_code
        from staging.tumour as tumour
        join staging.diagnosis as diagnosis using (centre, record_key)
    )

select
    decided.* exclude (morphology_code), -- what the code as sent says by itself
    histology.morphology_code,
    histology.morphology_edition,
    histology.behaviour
from decided
left join reference.histology as histology on histology.entity_code = decided.entity_code
