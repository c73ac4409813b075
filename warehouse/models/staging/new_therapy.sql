-- grain: one row per patient, reading and record of anticancer treatment that is not of the index regimen
-- A drug of the index regimen given again is none, nor is one that may be the same (the class alone is known), nor one
-- that the rules of lines let stand for it. is_added: given beside an index inhibitor that goes on, with no progression
-- before.
with
    systemic as (
        select dated.*
        from staging.dated as dated
        join staging.line_setting as setting on setting.is_registry
        left join staging.line_swap as swap on swap.agent_code = dated.code
        join reference.drug as drug on drug.code = coalesce(dated.code, 'class:' || dated.class_code)
        where dated.domain = 'drug_exposure' and dated.variable = 'started_on' and drug.counts_as_line
            and not exists (
                select 1
                from staging.index_regimen as regimen
                left join staging.line_swap as own on own.agent_code = regimen.agent_code
                where regimen.patient_id = dated.patient_id
                    and (regimen.agent_code = dated.code
                        or own.kin_code = swap.kin_code
                        or (regimen.class_code = dated.class_code
                            and list_contains(setting.swap_classes, dated.class_code))
                        or ((regimen.agent_code is null or dated.code is null)
                            and (regimen.class_code = dated.class_code
                                or regimen.component_code = drug.component_code)))
            )
    ),

    local as (
        select * from staging.dated where domain = 'procedure' and class_code is distinct from 'diagnostic'
    ),

    progression as (
        select patient_id, reading, min(day) as day from staging.assessed where is_progression group by all
    )

select
    therapy.patient_id, therapy.reading, therapy.domain, therapy.variable, therapy.record_key,
    therapy.day, therapy.first_day, therapy.last_day, therapy.known_to,
    case when therapy.domain = 'procedure' then therapy.code end as local_type,
    therapy.domain = 'drug_exposure'
        and coalesce(treatment.is_ongoing or treatment.stopped_on >= therapy.day, false)
        and coalesce(progression.day > therapy.day, true) as is_added
from (select * from systemic union all select * from local) as therapy
left join staging.index_treatment as treatment using (patient_id, reading)
left join progression using (patient_id, reading)
where therapy.day > therapy.index_on and therapy.day <= therapy.cut_off_on
