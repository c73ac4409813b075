-- grain: one row per patient of the cohort, and per patient whom only an unresolved histology keeps out of it
-- The columns of mart.cohort. What an unresolved diagnosis may still be: the entities its words and its code allow.
with
    doubtful as (
        select patient_id
        from mart.exclusion
        where all_reason_codes = ['histology_unresolved']
    ),

    said as (
        -- the entities a coding step names, else those it offers ('8802/3 UPS')
        select
            tumour.record_key,
            tumour.centre,
            case
                when term.entity_code is not null then [term.entity_code]
                else list_transform(coalesce(term.candidates, []), named -> split_part(named, ' ', 2))
            end as entities
        from core.tumour as tumour
        join reference.term_map as term
            on term.list = 'histology' and term.centre = tumour.centre
            and term.text in (tumour.histology_source, tumour.morphology_source)
    ),

    admissible as (
        select
            said.centre,
            said.record_key,
            list_sort(list(distinct entity.entity_code)) as entities,
            list_sort(list(distinct case
                when entity.is_soft_tissue_sarcoma or entity.is_soft_tissue_borderline
                    then coalesce(entity.histology_group, 'other')
                else 'outside'
            end)) as histology_groups
        from said
        join reference.histology as entity on list_contains(said.entities, entity.entity_code)
        group by all
    )

select
    zero.*,
    doubtful.patient_id is not null as is_doubtful,
    case when zero.line_min = zero.line_max then zero.line_min end as line,
    case
        when zero.line_min >= 1 and zero.line_max <= 2 then '<=2'
        when zero.line_min > 2 then '>2'
    end as line_group,
    case
        when zero.line_stated_min >= 1 and zero.line_stated_max <= 2 then '<=2'
        when zero.line_stated_min > 2 then '>2'
    end as line_group_stated,
    case when zero.line_derived <= 2 then '<=2' when zero.line_derived > 2 then '>2' end as line_group_derived,
    case when zero.entity_code is not null then coalesce(histology.histology_group, 'other') end as histology_group,
    case
        when zero.has_cytotoxic_partner and zero.has_antiangiogenic_partner then 'io_both'
        when zero.has_cytotoxic_partner is null or zero.has_antiangiogenic_partner is null then null
        when zero.has_cytotoxic_partner then 'io_cytotoxic'
        when zero.has_antiangiogenic_partner then 'io_antiangiogenic'
        else 'io_alone'
    end as regimen_group,
    zero.has_cytotoxic_partner or zero.has_antiangiogenic_partner as is_combination,
    case when doubtful.patient_id is not null then coalesce(admissible.entities, []) end as admissible_entities,
    case when doubtful.patient_id is not null then coalesce(admissible.histology_groups, []) end as admissible_groups
from mart.time_zero as zero
left join doubtful using (patient_id)
left join reference.histology as histology using (entity_code)
left join admissible on admissible.centre = zero.centre and admissible.record_key = zero.tumour_record_key
where doubtful.patient_id is not null
    or zero.patient_id not in (select patient_id from mart.exclusion)
