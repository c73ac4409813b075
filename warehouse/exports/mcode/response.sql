-- grain: one CancerDiseaseStatus per assessment with a response
select
    a.patient_id,
    id_of('response', a.centre, a.record_key) as id,
    to_json({
        'resourceType': 'Observation',
        'id': id_of('response', a.centre, a.record_key),
        -- the profile allows a trend only; a response that is none (iUPD, NON-CR/NON-PD) goes out without it
        'meta': case
            when standard('trend', a.overall_code) is not null then profile_of('cancer-disease-status')
        end,
        'extension': listed([mcode_extension(
            'cancer-disease-status-evidence-type',
            concept(
                [coalesce(standard('evidence', a.modality_code), standard('evidence', a.evidence_code))], null
            )
        )]),
        'status': 'final',
        'code': fixed('http://loinc.org', '97509-4'),
        'subject': patient_ref(a.patient_id),
        'focus': listed([reference_to('Condition', main.tumour)]),
        'effectiveDateTime': iso_date(a.assessed_on_earliest, a.assessed_on_precision),
        'valueCodeableConcept': concept(
            [standard('trend', a.overall_code), own('response', a.overall_code)], a.overall_source
        ),
        'method': concept([own('criteria', a.criteria_code)], a.criteria_source)
    }) as resource,
    case
        when a.overall_code is null then 'response without a code'
    end as left_out_because
from core.response_assessment as a
left join main_tumour as main using (patient_id)
order by a.patient_id, id
