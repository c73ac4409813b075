-- grain: one row per patient whose end points are derived, reading of partial dates, and dated cell
-- reading: 'sent' takes known days alone, 'earliest' and 'latest' the first and the last day a partial date can mean.
-- All centres that know the person are heard. is_life: evidence of life; is_visit: and the person was there.
with
    told as (
        select
            patient_id, 'follow_up' as domain, 'death_on' as variable, record_key, null as code, null as class_code,
            false as is_life, false as is_visit,
            death_on as day, death_on_earliest as first_day, death_on_latest as last_day, death_on_precision as known_to
        from core.follow_up

        union all

        select
            patient_id, 'follow_up', 'contact_on', record_key, contact_type_code, null,
            (status_code = 'alive' or status_source is null) and coalesce(kind.is_evidence_of_life, true),
            (status_code = 'alive' or status_source is null) and coalesce(kind.is_visit, true),
            contact_on, contact_on_earliest, contact_on_latest, contact_on_precision
        from core.follow_up
        left join reference.contact_type as kind on kind.code = contact_type_code

        union all

        select
            patient_id, 'drug_exposure', 'started_on', record_key, agent_code, class_code, true, true,
            started_on, started_on_earliest, started_on_latest, started_on_precision
        from core.drug_exposure
        where is_administered is distinct from false

        union all

        select
            patient_id, 'drug_exposure', 'stopped_on', record_key, agent_code, class_code, true, true,
            stopped_on, stopped_on_earliest, stopped_on_latest, stopped_on_precision
        from core.drug_exposure
        where is_administered is distinct from false

        union all

        select
            patient_id, 'response_assessment', 'assessed_on', record_key, overall_code, criteria_code, true, true,
            assessed_on, assessed_on_earliest, assessed_on_latest, assessed_on_precision
        from core.response_assessment

        union all

        select
            patient_id, 'procedure', 'started_on', record_key, type_code, intent_code, true, true,
            started_on, started_on_earliest, started_on_latest, started_on_precision
        from core.procedure
    ),

    dated as (
        select
            subject.patient_id,
            subject.index_on,
            subject.cut_off_on,
            reading.reading,
            told.* exclude (patient_id, day),
            case reading.reading
                when 'earliest' then told.first_day
                when 'latest' then told.last_day
                else coalesce(
                    told.day,
                    case
                        when setting.impute_death_month and told.variable = 'death_on' and told.known_to = 'month'
                            then told.first_day + 14
                    end
                )
            end as day
        from told
        join staging.evidence as evidence on evidence.evidence_id = told.patient_id
        join staging.subject as subject on subject.patient_id = evidence.patient_id
        cross join (values ('sent'), ('earliest'), ('latest')) as reading (reading)
        cross join staging.end_point_setting as setting
        where told.first_day is not null
    )

select * from dated where day is not null
