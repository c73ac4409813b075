-- grain: one row per patient whose end points are derived and PARAMCD; DOR of responders alone
-- A rejected or unread value that could decide makes the end point not evaluable. Where nothing but a partial date is in
-- doubt, the bounds stand: the end point as it is with the first and with the last day each partial date can mean.
with
    derived as (
        select * from staging.end_point_survival
        union all by name
        select * from staging.end_point_progression
        union all by name
        select * from staging.end_point_treatment
    ),

    sent as (
        select derived.*, rule.family, rule.censors_at_new_therapy, rule.local_types, rule.is_death_event is not null as is_next_treatment
        from derived
        join reference.end_point as rule on rule."PARAMCD" = derived.paramcd
        where reading = 'sent'
    ),

    raised as (
        select sent.patient_id, sent.paramcd, doubt.reason, doubt.is_partial_date
        from sent
        join staging.evidence as evidence using (patient_id)
        join staging.doubt as doubt on doubt.patient_id = evidence.evidence_id
        where case doubt.domain
            when 'index' then coalesce(doubt.earliest < start_on, true)
            when 'death' then hangs_on_death
            when 'undated_death' then hangs_on_death and not is_imputed and (cnsr <> 0 or doubt.latest < adt)
            when 'life' then hangs_on_life and coalesce(doubt.latest >= adt, true)
            when 'assessment' then family = 'progression'
                and coalesce(doubt.latest > start_on, true) and coalesce(doubt.earliest < decided_on, true)
            when 'therapy' then (coalesce(censors_at_new_therapy, false) or is_next_treatment)
                and coalesce(doubt.latest > start_on, true) and coalesce(doubt.earliest < decided_on, true)
            when 'local' then coalesce(censors_at_new_therapy, false) and len(local_types) > 0
                and coalesce(doubt.latest > start_on, true) and coalesce(doubt.earliest < decided_on, true)
            when 'stop' then paramcd = 'TTD'
        end

        union all

        select patient_id, paramcd, 'before time zero: follow_up.death_on', false from sent where adt < start_on

        union all

        select patient_id, paramcd, 'no expected interval: centre.assessment_interval_days', false
        from sent
        where lacks_interval

        union all

        select patient_id, paramcd, 'not known: drug_exposure.stopped_on', false from sent where lacks_stop
    ),

    doubt as (
        -- the first reason by name
        select patient_id, paramcd, min(reason) as nereason, bool_and(is_partial_date) as has_bounds
        from raised
        group by all
    )

select
    sent.* exclude (family, censors_at_new_therapy, local_types, is_next_treatment),
    doubt.nereason,
    case when coalesce(doubt.has_bounds, true) and early.adt >= early.start_on then early.adt end as early_on,
    case when early_on is not null then early.cnsr end as early_cnsr,
    case when coalesce(doubt.has_bounds, true) and late.adt >= late.start_on then late.adt end as late_on,
    case when late_on is not null then late.cnsr end as late_cnsr
from sent
left join doubt using (patient_id, paramcd)
left join derived as early
    on early.patient_id = sent.patient_id and early.paramcd = sent.paramcd and early.reading = 'earliest'
left join derived as late
    on late.patient_id = sent.patient_id and late.paramcd = sent.paramcd and late.reading = 'latest'
