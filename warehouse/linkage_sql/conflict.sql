-- grain: one row per pair that is strong, probable or decided the same, and contradiction between its two records
-- side: the record the contradiction asks about: first, other, or either.
with
    life as (
        select
            patient_id,
            min(death_on_earliest) as died_from,
            max(death_on_latest) as died_until,
            max(case when status_code = 'alive' then contact_on_earliest end) as alive_on,
            arg_max(status_code, (contact_on_earliest, record_key)) filter (contact_on_earliest is not null)
                as last_status_code
        from core.follow_up
        group by patient_id
    ),

    fact as (
        select patient.patient_id, patient.sex_code, patient.born_on_earliest, patient.born_on_latest,
            disease.entity_code, life.* exclude (patient_id), cohort.patient_id is not null as is_in_cohort
        from core.patient as patient
        left join staging.disease as disease using (patient_id)
        left join life using (patient_id)
        left join mart.cohort as cohort using (patient_id)
    ),

    told as (
        select
            link.patient_id,
            link.other_patient_id,
            unnest([
                struct_pack(
                    code := case when here.sex_code <> there.sex_code then 'sex_differs' end,
                    table_name := 'patient', field := 'sex', side := 'either'
                ),
                struct_pack(
                    code := case
                        when here.born_on_latest < there.born_on_earliest or there.born_on_latest < here.born_on_earliest
                            then 'birth_dates_differ'
                    end,
                    table_name := 'patient', field := 'born_on', side := 'either'
                ),
                struct_pack(
                    code := case when here.entity_code <> there.entity_code then 'histologies_differ' end,
                    table_name := 'tumour', field := 'histology', side := 'either'
                ),
                struct_pack(
                    code := case
                        when here.died_until < there.died_from or there.died_until < here.died_from
                            then 'death_dates_differ'
                    end,
                    table_name := 'follow_up', field := 'death_on', side := 'either'
                ),
                struct_pack(
                    code := case when here.died_until < there.alive_on then 'dead_here_alive_there_later' end,
                    table_name := 'follow_up', field := 'death_on', side := 'first'
                ),
                struct_pack(
                    code := case when there.died_until < here.alive_on then 'dead_here_alive_there_later' end,
                    table_name := 'follow_up', field := 'death_on', side := 'other'
                ),
                struct_pack(
                    code := case
                        when here.died_from is not null and there.died_from is null
                            and there.last_status_code is distinct from 'dead'
                            and coalesce(there.alive_on <= here.died_until, true)
                            then 'death_unknown_there'
                    end,
                    table_name := 'follow_up', field := 'status', side := 'other'
                ),
                struct_pack(
                    code := case
                        when there.died_from is not null and here.died_from is null
                            and here.last_status_code is distinct from 'dead'
                            and coalesce(here.alive_on <= there.died_until, true)
                            then 'death_unknown_there'
                    end,
                    table_name := 'follow_up', field := 'status', side := 'first'
                ),
                struct_pack(
                    code := case when here.is_in_cohort and there.is_in_cohort then 'both_in_cohort' end,
                    table_name := 'patient', field := 'link_token', side := 'either'
                )
            ], recursive := true)
        from quality.link as link
        join fact as here on here.patient_id = link.patient_id
        join fact as there on there.patient_id = link.other_patient_id
        where link.decision <> 'different' and (link.decision = 'same' or link.band in ('strong', 'probable'))
    )

select patient_id, other_patient_id, code as conflict_code, table_name, field, side
from told
where code is not null
order by all
