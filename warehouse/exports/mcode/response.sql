-- grain: one CancerDiseaseStatus per assessment with a response
select
    a.patient_id,
    id_of('response', a.centre, a.record_key) as id,
    to_json({
        'resourceType': 'Observation',
        'id': id_of('response', a.centre, a.record_key),
        -- the profile allows a trend as SNOMED CT only; a response that is none (iUPD, NON-CR/NON-PD) or has no identifier
        -- goes out without it
        'meta': case
            when trend.piece is not null then profile_of('cancer-disease-status')
        end,
        'extension': listed([mcode_extension(
            'cancer-disease-status-evidence-type',
            concept([coalesce(by_modality.piece, by_evidence.piece)], null)
        )]),
        'status': 'final',
        'code': fixed('http://loinc.org', '97509-4'),
        'subject': patient_ref(a.patient_id),
        'focus': listed([reference_to('Condition', main.tumour)]),
        'effectiveDateTime': iso_date(a.assessed_on_earliest, a.assessed_on_precision),
        'valueCodeableConcept': concept([trend.piece, response.piece], a.overall_source),
        'method': concept([criteria.piece], a.criteria_source)
    }) as resource,
    case
        when a.overall_code is null then 'response without a code'
    end as left_out_because
from core.response_assessment as a
left join main_tumour as main using (patient_id)
left join own_code as response on response.list = 'response' and response.code = a.overall_code
left join own_code as criteria on criteria.list = 'criteria' and criteria.code = a.criteria_code
left join standard_code as trend on trend.use = 'trend' and trend.code = a.overall_code
left join standard_code as by_modality on by_modality.use = 'evidence' and by_modality.code = a.modality_code
left join standard_code as by_evidence on by_evidence.use = 'evidence' and by_evidence.code = a.evidence_code
order by a.patient_id, id
