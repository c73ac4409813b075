-- grain: one row per person and centre
with
    line as (
        select patient_id, max(line_number) as lines from mart.derived_line group by patient_id
    ),

    news as (
        select
            patient_id,
            max(contact_on) as last_news_on,
            min(death_on) as died_on,
            bool_or(coalesce(status_code = 'dead', false) or death_on_earliest is not null) as is_dead,
            -- news without a day says something only where there is no other
            arg_max(status_code, (coalesce(greatest(contact_on_latest, death_on_latest), '0001-01-01'), record_key))
                as last_status_code
        from core.follow_up
        group by patient_id
    ),

    event as (
        select patient_id, count(*) as adverse_events, max(grade) as worst_grade
        from core.adverse_event
        group by patient_id
    ),

    found as (
        select patient_id, count(*) as findings from quality.finding group by patient_id
    ),

    asked as (
        select patient_id, count(*) as open_queries from read.open_query group by patient_id
    )

select
    patient.patient_id,
    patient.centre,
    patient.sex_code,
    zero.born_on,
    zero.diagnosed_on,
    zero.entity_code,
    entity.label_en as entity_en,
    entity.label_zh as entity_zh,
    entity.morphology_code,
    coalesce(member.histology_group, entity.histology_group) as histology_group,
    zero.topography_code,
    site.label_en as topography_en,
    site.label_zh as topography_zh,
    tumour.fnclcc_grade,
    tumour.size_mm,
    tumour.stage_code,
    zero.metastatic_on,
    member.patient_id is not null as is_in_cohort,
    exclusion.first_reason_code as exclusion_code,
    criterion.sentence_en as exclusion_en,
    criterion.sentence_zh as exclusion_zh,
    zero.index_on,
    zero.age_years,
    zero.index_agent_code,
    member.regimen_group,
    zero.line_min,
    zero.line_max,
    member.line_group,
    coalesce(line.lines, 0) as lines,
    best.best_code as best_response_code,
    best.confirmed_code as confirmed_response_code,
    case when news.is_dead then 'dead' else news.last_status_code end as status_code,
    news.died_on,
    news.last_news_on,
    os.days as os_days,
    os.is_event as os_is_event,
    pfs.days as pfs_days,
    pfs.is_event as pfs_is_event,
    coalesce(event.adverse_events, 0) as adverse_events,
    event.worst_grade,
    coalesce(found.findings, 0) as findings,
    coalesce(asked.open_queries, 0) as open_queries,
    zero.cut_off_on
from core.patient as patient
left join mart.time_zero as zero using (patient_id)
left join core.tumour as tumour on tumour.record_key = zero.tumour_record_key
left join reference.histology as entity on entity.entity_code = zero.entity_code
left join reference.code as site on site.list = 'topography' and site.code = zero.topography_code
left join mart.cohort as member using (patient_id)
left join mart.exclusion as exclusion using (patient_id)
left join reference.criterion as criterion on criterion.code = exclusion.first_reason_code
left join line using (patient_id)
left join mart.best_response as best on best.patient_id = patient.patient_id and best.criteria_code = 'RECIST 1.1'
left join news using (patient_id)
left join read.survival as os on os.patient_id = patient.patient_id and os.end_point_code = 'OS'
left join read.survival as pfs on pfs.patient_id = patient.patient_id and pfs.end_point_code = 'PFSEMA'
left join event using (patient_id)
left join found using (patient_id)
left join asked using (patient_id)
