-- grain: one row per drug record and agent
-- Which records the rules of lines read, and of those the course each belongs to: doses of one drug with no longer
-- hole than course_gap_days. left_out_code says why a record is not read.
with
    record as (
        select
            exposure.patient_id,
            exposure.centre,
            exposure.record_key,
            coalesce(exposure.agent_code, 'class:' || exposure.class_code) as drug_code,
            exposure.agent_code is null as is_class,
            exposure.class_code,
            exposure.component_code,
            coalesce(exposure.is_checkpoint_inhibitor, false) as is_checkpoint_inhibitor,
            exposure.started_on_earliest as started_on,
            exposure.started_on_latest,
            exposure.started_on is null as is_partial,
            -- it goes on where the centre says so, or says of the last dose that there is none
            exposure.stopped_on_latest is null
                and (coalesce(exposure.is_ongoing, false)
                    or list_contains(exposure.missing, 'stopped_on=not_applicable')) as goes_on,
            -- the last day it is known to have been given
            case
                when goes_on then date '9999-12-31'
                else greatest(exposure.started_on_latest, exposure.stopped_on_latest)
            end as given_until,
            exposure.stopped_on_latest is not null or goes_on as has_end,
            disease.metastatic_on,
            case
                when exposure.is_administered = false then 'not_administered'
                when drug.counts_as_line = false then 'supportive'
                when drug.counts_as_line is null then 'uncoded'
                when exposure.started_on_earliest is null then 'no_start_date'
                when disease.metastatic_on is null then 'no_metastatic_date'
            end as left_out_code
        from core.drug_exposure as exposure
        join staging.disease as disease using (patient_id)
        left join reference.drug as drug
            on drug.code = coalesce(exposure.agent_code, 'class:' || exposure.class_code)
    ),

    hole as (
        select
            *,
            started_on - max(given_until) over (
                partition by patient_id, left_out_code is null, drug_code
                order by started_on, record_key
                rows between unbounded preceding and 1 preceding
            ) as hole_days
        from record
    )

select
    hole.* exclude (goes_on),
    case
        when left_out_code is null
            then count(*) filter (coalesce(hole_days > setting.course_gap_days, true)) over (
                partition by patient_id, left_out_code is null, drug_code order by started_on, record_key
            )
    end as course_number
from hole
cross join (select course_gap_days from staging.line_setting where is_registry) as setting
