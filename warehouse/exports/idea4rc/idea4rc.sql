-- grain: one row per record and variable that has a value or refers to another record
create temp macro told(variable, content) as
    {'core_variable': variable, 'value': content::varchar, 'quality': null::varchar};

create temp macro told_on(variable, earliest, known_to) as {
    'core_variable': variable,
    'value': strftime(earliest, '%Y-%m-%d'),
    'quality': case when known_to in ('month', 'year') then 'known to the ' || known_to end
};

-- a code of the registry's own, where the standard's concept is not known to it
create temp macro own(list_name, code_value) as 'sarcreg:' || list_name || '/' || code_value;

create temp macro extent_of(site) as 'DiseaseExtent.' || case
    when site like 'C34%' then 'lung'
    when site like 'C22%' then 'liver'
    when site like 'C71%' then 'brain'
    when site like 'C40%' or site like 'C41%' then 'metastasisatbone'
    when site like 'C38.4%' then 'pleura'
    when site like 'C48%' then 'peritoneum'
    when site like 'C47%' or site like 'C49%' then 'softTissue'
    when site like 'C77%' then 'distantLymphNode'
    when site is not null then 'otherViscera'
end;

create temp macro intent_of(code) as own('procedure_intent', code);

with main_tumour as (
    select *, count(*) over (partition by patient_id) as tumours
    from one_reading
    qualify is_index or tumours = 1
),
regimen as (
    select line_centre, line_key, string_agg(distinct agent_code, '+' order by agent_code) as agents
    from drug_of_line
    group by line_centre, line_key
),
record as (
    select
        patient_id, 'Patient' as entity, centre, record_key,
        null::varchar as parent, null::varchar as parent_centre, null::varchar as parent_key, null::varchar as reference,
        null::date as known_on,
        [
            told('Patient.sex', case sex_code when 'M' then 8507 when 'F' then 8532 end),
            told('Patient.birthYear', year(born_on_earliest))
        ] as contents,
        null::varchar as reason
    from core.patient

    union all by name

    select
        t.patient_id, 'CancerEpisode' as entity, t.centre, t.record_key,
        'Patient' as parent, p.centre as parent_centre, p.record_key as parent_key,
        'CancerEpisode.patient' as reference,
        t.diagnosed_on_earliest as known_on,
        [told_on('CancerEpisode.cancerStartDate', t.diagnosed_on_earliest, t.diagnosed_on_precision)] as contents
    from one_reading as t
    join core.patient as p using (patient_id)

    union all by name

    select
        patient_id, 'Diagnosis' as entity, centre, record_key,
        'CancerEpisode' as parent, centre as parent_centre, record_key as parent_key,
        'Diagnosis.cancerepisode' as reference,
        diagnosed_on_earliest as known_on,
        [
            told_on('Diagnosis.dateOfDiagnosis', diagnosed_on_earliest, diagnosed_on_precision),
            told('Diagnosis.diagnosisCode', morphology_code || '-' || topography_code),
            told('Diagnosis.histologySubgroup', own('histology', entity_code)),
            told('Diagnosis.subsite', own('topography', topography_code)),
            told('Diagnosis.biopsyGrading', own('fnclcc_grade', fnclcc_grade)),
            told('Diagnosis.tumorSize', size_mm)
        ] as contents
    from one_reading

    union all by name

    select
        patient_id, 'ClinicalStage' as entity, centre, record_key,
        'Diagnosis' as parent, centre as parent_centre, record_key as parent_key,
        'ClinicalStage.diagnosisReference' as reference,
        diagnosed_on_earliest as known_on,
        [told('ClinicalStage.clinicalStaging', own('stage', stage_code))] as contents
    from one_reading
    where stage_code is not null

    union all by name

    select
        m.patient_id, 'EpisodeEvent' as entity, m.centre, m.record_key,
        'CancerEpisode' as parent, t.centre as parent_centre, t.record_key as parent_key,
        'EpisodeEvent.cancerEpisode' as reference,
        m.detected_on_earliest as known_on,
        [told_on('EpisodeEvent.dateOfEpisode', m.detected_on_earliest, m.detected_on_precision)] as contents,
        case when t.record_key is null then 'no tumour it belongs to' end as reason
    from core.metastasis as m
    left join main_tumour as t using (patient_id)

    union all by name

    select
        m.patient_id, 'DiseaseExtent' as entity, m.centre, m.record_key,
        'EpisodeEvent' as parent, m.centre as parent_centre, m.record_key as parent_key,
        'DiseaseExtent.episodeEvent' as reference,
        m.detected_on_earliest as known_on,
        [told(extent_of(m.site_code), 'True')] as contents,
        case
            when t.record_key is null then 'no tumour it belongs to'
            when m.site_code is null then 'site unknown'
        end as reason
    from core.metastasis as m
    left join main_tumour as t using (patient_id)

    union all by name

    select
        l.patient_id, 'SystemicTreatment' as entity, l.centre, l.record_key,
        'Diagnosis' as parent, t.centre as parent_centre, t.record_key as parent_key,
        'SystemicTreatment.diagnosisReference' as reference,
        l.started_on_earliest as known_on,
        [
            told_on('SystemicTreatment.startDateSystemicTreatment', l.started_on_earliest, l.started_on_precision),
            told_on('SystemicTreatment.endDateSystemicTreatment', l.stopped_on_latest, l.stopped_on_precision),
            told('SystemicTreatment.setting', own('setting', l.setting_code)),
            told('SystemicTreatment.regimen', own('drug', r.agents)),
            told('SystemicTreatment.reasonForEndOfTreatment', own('stop_reason', l.stop_reason_code))
        ] as contents,
        case
            when l.setting_code = 'none' then 'no systemic treatment'
            when t.record_key is null then 'no tumour it belongs to'
        end as reason
    from core.treatment_line as l
    left join main_tumour as t using (patient_id)
    left join regimen as r on r.line_centre = l.centre and r.line_key = l.record_key

    union all by name

    select
        x.patient_id, case x.type_code when 'radiotherapy' then 'Radiotherapy' else 'Surgery' end as entity,
        x.centre, x.record_key,
        'Diagnosis' as parent, t.centre as parent_centre, t.record_key as parent_key,
        entity || '.diagnosisReference' as reference,
        x.started_on_earliest as known_on,
        case x.type_code
            when 'radiotherapy' then [
                told_on('Radiotherapy.startDate', x.started_on_earliest, x.started_on_precision),
                told_on('Radiotherapy.endDate', x.stopped_on_latest, x.stopped_on_precision),
                told('Radiotherapy.intent', intent_of(x.intent_code)),
                told('Radiotherapy.totalDoseGy', x.dose_gy),
                told('Radiotherapy.numberOfFractions', x.fractions)
            ]
            else [
                told_on('Surgery.dateOfSurgery', x.started_on_earliest, x.started_on_precision),
                told('Surgery.surgeryIntention', intent_of(x.intent_code)),
                told('Surgery.marginsAfterSurgery', own('margin', x.margin_code))
            ]
        end as contents,
        case
            when x.type_code is null or x.type_code not in ('radiotherapy', 'surgery')
                then 'kind of procedure without a place'
            when t.record_key is null then 'no tumour it belongs to'
        end as reason
    from core.procedure as x
    left join main_tumour as t using (patient_id)

    union all by name

    select
        a.patient_id, 'TreatmentResponse' as entity, a.centre, a.record_key,
        'Diagnosis' as parent, t.centre as parent_centre, t.record_key as parent_key,
        a.assessed_on_earliest as known_on,
        [told('TreatmentResponse.overallTreatmentResponse', own('response', a.overall_code))] as contents,
        case
            when t.record_key is null then 'no tumour it belongs to'
            when a.overall_code is null then 'response without a code'
        end as reason
    from core.response_assessment as a
    left join main_tumour as t using (patient_id)
),
numbered as (
    select
        *,
        reason as left_out_because,
        row_number() over (order by entity, centre, record_key) as record_id
    from record
),
content as (
    select record_id, unnest(contents, recursive := true) from numbered
    union all by name
    select record_id, reference as core_variable from numbered where reference is not null
)
select
    n.patient_id,
    n.centre as original_source,
    c.core_variable,
    n.known_on as date_ref,
    c.value,
    n.record_id,
    parent.record_id as linked_to,
    c.quality,
    n.left_out_because
from numbered as n
join content as c using (record_id)
left join numbered as parent
    on parent.entity = n.parent and parent.centre = n.parent_centre and parent.record_key = n.parent_key
where c.value is not null or c.core_variable = n.reference or n.left_out_because is not null
order by n.patient_id, n.record_id, c.core_variable
