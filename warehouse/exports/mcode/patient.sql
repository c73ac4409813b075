-- grain: one CancerPatient per person and centre; names are not held, so they are masked
with death as (
    select
        patient_id,
        arg_min(iso_date(death_on_earliest, death_on_precision), (death_on_latest, death_on_earliest))
            filter (death_on_precision in ('day', 'month', 'year')) as died_on
    from core.follow_up
    where status_code = 'dead'
    group by patient_id
)
select
    p.patient_id,
    id_of('patient', null, p.patient_id) as id,
    to_json({
        'resourceType': 'Patient',
        'id': id_of('patient', null, p.patient_id),
        'meta': to_json({
            'profile': ['http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-cancer-patient'],
            'security': case
                when refresh.is_synthetic
                    then [coding('http://terminology.hl7.org/CodeSystem/v3-ActReason', 'HTEST')]
            end
        }),
        'identifier': [{'system': 'urn:sarcreg:patient', 'value': p.patient_id}],
        'name': [to_json({'extension': absent('masked')})],
        'gender': case p.sex_code when 'M' then 'male' when 'F' then 'female' else 'unknown' end,
        'birthDate': iso_date(p.born_on_earliest, p.born_on_precision),
        '_birthDate': case when iso_date(p.born_on_earliest, p.born_on_precision) is null then unknown() end,
        'deceasedDateTime': d.died_on,
        'deceasedBoolean': case when d.patient_id is not null and d.died_on is null then true end,
        'managingOrganization': {'identifier': {'system': 'urn:sarcreg:centre', 'value': p.centre}}
    }) as resource,
    null::varchar as left_out_because
from core.patient as p
cross join meta.refresh as refresh
left join death as d using (patient_id)
order by p.patient_id
