-- grain: one TumorMarkerTest per marker with a result; a blood value is a laboratory observation
select
    b.patient_id,
    id_of('biomarker', b.centre, b.record_key) as id,
    to_json({
        'resourceType': 'Observation',
        'id': id_of('biomarker', b.centre, b.record_key),
        'meta': case
            when b.name_code in ('ldh', 'nlr', 'albumin') then core_profile_of('observation-lab')
            else profile_of('tumor-marker-test')
        end,
        'extension': listed([about_tumour(main.tumour)]),
        'status': 'final',
        'category': observation_category('laboratory'),
        'code': concept([marker.piece], b.name_source),
        'subject': patient_ref(b.patient_id),
        'effectiveDateTime': effective_time(b.specimen_on_earliest, b.specimen_on_precision),
        'effectivePeriod': effective_period(b.specimen_on_earliest, b.specimen_on_precision),
        'valueQuantity': case
            when b.value_number is not null then to_json({
                'value': b.value_number,
                'unit': b.unit,
                'system': case when ucum.value is not null then 'http://unitsofmeasure.org' end,
                'code': ucum.value
            })
        end,
        'valueString': case when b.value_number is null then b.value_text end,
        'note': case
            when b.value_number is not null and b.value_text is not null then [{'text': b.value_text}]
        end,
        'method': concept([null::json], b.assay)
    }) as resource,
    case
        when b.value_number is null and b.value_text is null then 'no result'
        when b.name_code is null and b.name_source is null then 'no marker named'
    end as left_out_because
from core.biomarker as b
left join main_tumour as main using (patient_id)
left join own_code as marker on marker.list = 'biomarker' and marker.code = b.name_code
left join standard_code as ucum on ucum.use = 'ucum' and ucum.code = b.unit
order by b.patient_id, id
