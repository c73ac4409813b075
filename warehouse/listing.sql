-- grain: one row per core patient of the centre `$centre`: what its lead endorses before a data cut is locked
with
    own as (
        select centre, patient_id, unnest(source_rows) as row_id from core.patient where centre = $centre
    ),

    -- the number by which the centre knows the patient, from its own file
    number as (
        select own.patient_id, any_value(delivered.cells[mapping.position] order by own.row_id) as local_number
        from own
        join meta.column_mapping as mapping
            on mapping.centre = own.centre and mapping.table_name = 'patient' and mapping.field = 'patient_id'
            and mapping.file_hash = split_part(own.row_id, ':', 1)
        join landing.text_row as delivered on delivered.row_id = own.row_id and delivered.sheet = mapping.sheet
        where trim(delivered.cells[mapping.position]) <> ''
        group by all
    ),

    news as (
        select patient_id, max(contact_on) as last_contact_on, min(death_on) as death_on
        from core.follow_up
        where centre = $centre
        group by all
    ),

    -- whose end points are made of another centre's records too; time zero, agent and line are of the own alone
    elsewhere as (
        select distinct patient_id from witness where evidence_centre <> $centre
    )

select
    number.local_number,
    zero.patient_id,
    coalesce(exclusion.first_reason_code, 'in_cohort') as standing,
    zero.sex_code,
    zero.born_on,
    zero.entity_code,
    zero.diagnosed_on,
    zero.metastatic_on,
    zero.index_on,
    zero.index_agent_code,
    zero.line_min,
    zero.line_max,
    cohort.regimen_group,
    if(elsewhere.patient_id is null, progression.ADT, null) as progression_or_end_on,
    if(elsewhere.patient_id is null, progression.CNSR = 0, null) as is_progressed,
    if(elsewhere.patient_id is null, survival.ADT, null) as death_or_end_on,
    if(elsewhere.patient_id is null, survival.CNSR = 0, null) as is_dead,
    news.last_contact_on,
    news.death_on,
    if(elsewhere.patient_id is null, null, 'also at another centre: held by the registry') as end_points_are
from mart.time_zero as zero
left join mart.cohort as cohort using (patient_id)
left join mart.exclusion as exclusion using (patient_id)
left join mart.adtte as survival on survival.patient_id = zero.patient_id and survival.PARAMCD = 'OS'
left join mart.adtte as progression on progression.patient_id = zero.patient_id and progression.PARAMCD = 'PFSEMA'
left join number on number.patient_id = zero.patient_id
left join news on news.patient_id = zero.patient_id
left join elsewhere on elsewhere.patient_id = zero.patient_id
where zero.centre = $centre
order by number.local_number nulls last, zero.patient_id
