-- grain: one row per drug record and agent
-- A regimen in one cell becomes one row per agent; 'class:…' is a class whose agent is not stated.
with
    coded as (
        select
            exposure.*,
            unnest(coalesce(string_split(term.code, '+'), [null])) as drug_code,
            coalesce(contains(term.code, '+'), false) as is_regimen
        from staging.drug_exposure as exposure
        left join reference.term_map as term
            on term.list = 'drug' and term.centre = exposure.centre and term.text = exposure.agent_source
    )

select
    coded.* exclude (is_regimen) replace (
        case when is_regimen then record_key || '/' || drug_code else record_key end as record_key
    ),
    drug.agent_code,
    drug.class_code,
    drug.component_code,
    drug.is_checkpoint_inhibitor
from coded
left join reference.drug as drug on drug.code = coded.drug_code
