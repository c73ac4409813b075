-- grain: one MCODEPatientBundle per patient; entries refer to each other by urn:uuid
select
    b.id,
    to_json({
        'resourceType': 'Bundle',
        'id': b.id,
        'meta': profile_of('patient-bundle'),
        'type': 'collection',
        'timestamp': strftime(refresh.as_of, '%Y-%m-%dT%H:%M:%SZ'),
        'entry': b.entry
    }) as resource,
    null::varchar as left_out_because
from (
    select
        patient_id,
        id_of('bundle', null, patient_id) as id,
        list(
            to_json({
                'fullUrl': 'urn:uuid:' || id,
                'resource': regexp_replace(resource, '"reference":"[A-Za-z]+/', '"reference":"urn:uuid:', 'g')::json
            })
            order by position, id
        ) as entry
    from resource
    group by patient_id
) as b
cross join meta.refresh as refresh
order by b.patient_id
