-- grain: one Tumor and one TumorSize per tumour with a size, at diagnosis
with sized as (
    select
        t.*,
        id_of('tumour', t.centre, t.record_key) as tumour,
        id_of('body', t.centre, t.record_key) as body,
        site.label as site_label,
        side.piece as side
    from one_reading as t
    left join own_code as site on site.list = 'topography' and site.code = t.topography_code
    left join standard_code as side on side.use = 'laterality' and side.code = t.laterality_code
    where t.size_mm is not null
)
select
    patient_id,
    body as id,
    to_json({
        'resourceType': 'BodyStructure',
        'id': body,
        'meta': profile_of('tumor'),
        'extension': [about_tumour(tumour)],
        'identifier': [{
            'use': 'usual',
            'type': fixed('http://hl7.org/fhir/resource-types', 'BodyStructure'),
            'system': 'urn:sarcreg:tumour',
            'value': body
        }],
        'location': coalesce(body_site(topography_code, site_label, null::json), unknown()),
        'locationQualifier': listed([concept([side], null)]),
        'patient': patient_ref(patient_id)
    }) as resource,
    null::varchar as left_out_because
from sized

union all

select
    patient_id,
    id_of('size', centre, record_key) as id,
    to_json({
        'resourceType': 'Observation',
        'id': id_of('size', centre, record_key),
        'meta': profile_of('tumor-size'),
        'status': 'final',
        'code': fixed('http://loinc.org', '21889-1'),
        'subject': patient_ref(patient_id),
        'focus': [reference_to('BodyStructure', body)],
        'effectiveDateTime': iso_date(diagnosed_on_earliest, diagnosed_on_precision),
        'component': [{
            'code': fixed('http://loinc.org', '33728-7'),
            'valueQuantity': {
                'value': size_mm, 'unit': 'mm', 'system': 'http://unitsofmeasure.org', 'code': 'mm'
            }
        }]
    }) as resource,
    null::varchar as left_out_because
from sized
order by patient_id, id
