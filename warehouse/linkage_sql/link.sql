-- grain: one row per pair of records of two centres that may be one person, and per decided pair
with
    seen as (
        select patient_id, started_on_earliest as day from core.drug_exposure
        union all
        select patient_id, assessed_on_earliest from core.response_assessment
        union all
        select patient_id, started_on_earliest from core.procedure
        union all
        select patient_id, contact_on_earliest from core.follow_up
    ),

    stay as (
        select patient_id, min(day) as first_on, max(day) as last_on from seen group by patient_id
    ),

    pair as (
        select
            coalesce(scored.patient_id, decided.patient_id) as patient_id,
            coalesce(scored.other_patient_id, decided.other_patient_id) as other_patient_id,
            coalesce(scored.band, 'none') as band,
            scored.weight,
            coalesce(scored.agreed, []) as agreed,
            coalesce(scored.nearly, []) as nearly,
            coalesce(scored.disagreed, []) as disagreed,
            coalesce(decided.decision, 'undecided') as decision
        from _scored as scored
        full join _decided as decided using (patient_id, other_patient_id)
    )

select
    pair.* exclude (weight),
    pair.weight::decimal(9, 1) as weight_bits,
    one.centre,
    two.centre as other_centre,
    case
        when here.last_on <= there.first_on or there.last_on <= here.first_on then 'transfer'
        when here.first_on is null or there.first_on is null then 'unknown'
        else 'duplicate'
    end as kind,
    case
        when pair.decision <> 'same' then null
        when zero.is_counted_elsewhere and not other_zero.is_counted_elsewhere then pair.other_patient_id
        when other_zero.is_counted_elsewhere and not zero.is_counted_elsewhere then pair.patient_id
        when zero.index_on is not null and other_zero.index_on is null then pair.patient_id
        when other_zero.index_on is not null and zero.index_on is null then pair.other_patient_id
    end as counted_patient_id
from pair
-- a decision may name a record that is not there: it has no centre and no effect, and is told
left join core.patient as one on one.patient_id = pair.patient_id
left join core.patient as two on two.patient_id = pair.other_patient_id
left join stay as here on here.patient_id = pair.patient_id
left join stay as there on there.patient_id = pair.other_patient_id
left join mart.time_zero as zero on zero.patient_id = pair.patient_id
left join mart.time_zero as other_zero on other_zero.patient_id = pair.other_patient_id
order by patient_id, other_patient_id
