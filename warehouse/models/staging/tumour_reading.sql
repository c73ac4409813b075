-- grain: one row per tumour of a person and reading of it
-- Which readings are of one tumour, and which of them counts: central review before expert re-read before the original.
-- Rows without a tumour's number are readings of one tumour if no two are of the same kind; else each is a tumour.
with
    ranked as (
        select
            *,
            case review_code when 'central' then 1 when 'expert' then 2 else 3 end as review_rank,
            coalesce(histology_source, morphology_source) is not null as has_diagnosis,
            tumour_sequence is null as is_unnumbered
        from core.tumour
    ),

    counted as (
        select
            *,
            is_unnumbered and count(*) over same > 1 and count(distinct review_rank) over same > 1
                as has_several_readings,
            count(*) over same > count(distinct review_rank) over same as is_ambiguous,
            coalesce(max(tumour_sequence) over (partition by patient_id), 0) as last_number,
            row_number() over (same order by record_key) as ordinal
        from ranked
        window same as (partition by patient_id, is_unnumbered)
    ),

    numbered as (
        select
            *,
            case
                when not is_unnumbered then tumour_sequence
                when has_several_readings and not is_ambiguous then last_number + 1
                else last_number + ordinal
            end as tumour_number
        from counted
    )

select
    *,
    -- a row that tells no diagnosis gives way to one that does; one that tells it doubtfully does not
    row_number() over (
        partition by patient_id, tumour_number order by has_diagnosis desc, review_rank, record_key
    ) as reading_order
from numbered
