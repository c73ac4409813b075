-- grain: one row per patient and reading: the treatment with the index checkpoint inhibitors, up to the first long pause
-- stopped_on is empty where it goes on, or where the stop is not known.
with
    given as (
        select
            subject.patient_id,
            exposure.record_key,
            coalesce(exposure.agent_code, exposure.class_code) as drug,
            exposure.started_on_earliest as started_on,
            exposure.stopped_on,
            exposure.stopped_on_earliest,
            exposure.stopped_on_latest,
            exposure.stopped_on_latest is null and (
                coalesce(exposure.is_ongoing, false) or list_contains(exposure.missing, 'stopped_on=not_applicable')
            ) as is_ongoing
        from core.drug_exposure as exposure
        join staging.evidence as evidence on evidence.evidence_id = exposure.patient_id
        join staging.subject as subject on subject.patient_id = evidence.patient_id
        where exposure.is_checkpoint_inhibitor
            and exposure.is_administered is distinct from false
            and exposure.started_on_earliest >= subject.index_on
            and exposure.started_on_earliest <= subject.cut_off_on
            and exists (
                select 1
                from staging.index_regimen as regimen
                where regimen.patient_id = subject.patient_id and regimen.is_checkpoint_inhibitor
                    and coalesce(regimen.agent_code, regimen.class_code)
                        = coalesce(exposure.agent_code, exposure.class_code)
            )
    ),

    paused as (
        select
            given.*,
            started_on - max(coalesce(stopped_on_latest, started_on)) over (
                partition by patient_id order by started_on, record_key rows between unbounded preceding and 1 preceding
            ) > setting.rechallenge_gap_days as is_after_pause
        from given
        cross join staging.end_point_setting as setting
    ),

    course as (
        select *
        from paused
        qualify not coalesce(bool_or(is_after_pause) over (
            partition by patient_id order by started_on, record_key
            rows between unbounded preceding and current row
        ), false)
    ),

    last_record as (
        -- of each drug the last record says how it ended
        select *
        from course
        qualify row_number() over (partition by patient_id, drug order by started_on desc, record_key desc) = 1
    )

select
    patient_id,
    reading,
    bool_or(is_ongoing) as is_ongoing,
    bool_or(stopped_on_latest is null and not is_ongoing) as is_stop_unknown,
    max(started_on) as last_started_on,
    arg_max(record_key, (started_on, record_key)) as last_record_key,
    case
        when bool_or(stopped_on_latest is null) then null
        when reading = 'earliest' then max(stopped_on_earliest)
        when reading = 'latest' then max(stopped_on_latest)
        when not bool_or(stopped_on is null) then max(stopped_on)
    end as stopped_on,
    arg_max(record_key, (stopped_on_latest, record_key)) as stop_record_key
from last_record
cross join (values ('sent'), ('earliest'), ('latest')) as reading (reading)
group by patient_id, reading
