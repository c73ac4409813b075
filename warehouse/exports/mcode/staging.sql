-- grain: one CancerStage per tumour with a stage, one HistologicGrade per tumour with a grade, both at diagnosis
with graded as (
    select
        t.*,
        id_of('tumour', t.centre, t.record_key) as tumour,
        stage.piece as own_stage,
        grade.piece as own_grade,
        level.piece as standard_grade,
        level.is_place as is_graded
    from one_reading as t
    left join own_code as stage on stage.list = 'stage' and stage.code = t.stage_code
    left join own_code as grade on grade.list = 'fnclcc_grade' and grade.code = t.fnclcc_grade
    left join standard_code as level on level.use = 'grade' and level.code = t.fnclcc_grade
)
select
    patient_id,
    id_of('stage', centre, record_key) as id,
    to_json({
        'resourceType': 'Observation',
        'id': id_of('stage', centre, record_key),
        'meta': profile_of('cancer-stage'),
        'status': 'final',
        'category': observation_category('exam'),
        'code': {'text': 'Stage group at diagnosis'},
        'subject': patient_ref(patient_id),
        'focus': [reference_to('Condition', tumour)],
        'effectiveDateTime': effective_time(diagnosed_on_earliest, diagnosed_on_precision),
        'effectivePeriod': effective_period(diagnosed_on_earliest, diagnosed_on_precision),
        'valueCodeableConcept': concept([own_stage], stage_source)
    }) as resource,
    null::varchar as left_out_because
from graded
where stage_code is not null

union all

select
    patient_id,
    id_of('grade', centre, record_key) as id,
    to_json({
        'resourceType': 'Observation',
        'id': id_of('grade', centre, record_key),
        'meta': profile_of('histologic-grade'),
        'extension': [about_tumour(tumour)],
        'status': 'final',
        'category': observation_category('laboratory'),
        'code': fixed('http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl', 'C18000'),
        'subject': patient_ref(patient_id),
        'effectiveDateTime': effective_time(diagnosed_on_earliest, diagnosed_on_precision),
        'effectivePeriod': effective_period(diagnosed_on_earliest, diagnosed_on_precision),
        'valueCodeableConcept': concept([standard_grade, own_grade], fnclcc_grade_source),
        'method': {'text': 'FNCLCC'}
    }) as resource,
    case when is_graded is null then 'no grade to be given' end as left_out_because
from graded
where fnclcc_grade is not null
order by patient_id, id
