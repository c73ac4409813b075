/*
sentence:
  en: The person seems to be registered elsewhere too, and the two records do not agree here.
  zh: 该患者可能在他处也有登记，且两份记录在此处不一致。
severity: error
action: query
channel: query
kahn: plausibility
scope: cross_centre
tables: [patient, tumour, follow_up]
fields: [sex, born_on, histology, status, death_on]
is_critical: true
advice:
  en: Check it in your own chart; where the patient's entry as a whole is named, check whether the person is alive.
  zh: 请核对本中心病历；若所指为整条患者记录，请核实患者是否存活。
source: own
*/
-- asked of each side about its own record: nothing here reads a value of the other one
with
    pair as (
        select unnest([patient_id, other_patient_id]) as patient_id
        from quality.link
        where centre <> other_centre and (decision = 'same' or (decision <> 'different' and band in ('strong', 'probable')))
    ),

    -- who does not know of a death is asked; who says one, that another contradicts, is asked with the other
    conflict as (
        select distinct conflict.table_name, unnest(
            case
                when side = 'either' or conflict_code = 'dead_here_alive_there_later'
                    then [conflict.patient_id, conflict.other_patient_id]
                when side = 'first' then [conflict.patient_id]
                else [conflict.other_patient_id]
            end
        ) as patient_id, conflict.field
        from quality.link_conflict as conflict
        join quality.link as link using (patient_id, other_patient_id)
        where conflict_code <> 'both_in_cohort' and link.centre <> link.other_centre
    ),

    -- the record that tells it and keeps its name: a death's, the index tumour's, else the patient's own
    death as (
        select patient_id, arg_min(record_key, (death_on_earliest, record_key)) as record_key
        from core.follow_up
        where death_on_earliest is not null
        group by patient_id
    ),

    placed as (
        select conflict.*, case conflict.table_name
            when 'tumour' then zero.tumour_record_key
            when 'follow_up' then death.record_key
        end as record_key
        from conflict
        left join mart.time_zero as zero using (patient_id)
        left join death using (patient_id)
    )

select distinct
    p.centre,
    case when placed.record_key is not null then placed.table_name else 'patient' end as table_name,
    p.patient_id,
    coalesce(placed.record_key, p.record_key) as record_key,
    case
        when placed.table_name = 'patient' or (placed.record_key is not null and placed.table_name = 'tumour')
            then placed.field
        when placed.record_key is not null then 'death_on'
    end as field,
    placed.patient_id is not null as is_fault
from core.patient as p
left join placed on placed.patient_id = p.patient_id
where p.patient_id in (select patient_id from pair)
