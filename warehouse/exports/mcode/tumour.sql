-- grain: one PrimaryCancerCondition per tumour; of several readings the one of the highest standing
select
    t.patient_id,
    id_of('tumour', t.centre, t.record_key) as id,
    to_json({
        'resourceType': 'Condition',
        'id': id_of('tumour', t.centre, t.record_key),
        'meta': profile_of('primary-cancer-condition'),
        'extension': listed([
            mcode_extension(
                'histology-morphology-behavior',
                case
                    when t.morphology_code is not null then to_json({'coding': [{
                        'system': 'http://terminology.hl7.org/CodeSystem/icd-o-3',
                        'version': t.morphology_edition,
                        'code': t.morphology_code
                    }]})
                end
            ),
            case
                when iso_date(t.diagnosed_on_earliest, t.diagnosed_on_precision) is not null then to_json({
                    'url': 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate',
                    'valueDateTime': iso_date(t.diagnosed_on_earliest, t.diagnosed_on_precision)
                })
            end
        ]),
        'clinicalStatus': unknown(),
        'verificationStatus': concept([standard('verification', t.diagnosis_basis_code)], null),
        'category': category('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item'),
        'code': coalesce(
            concept(
                [
                    own('histology', t.entity_code),
                    coding('http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl', h.ncit)
                ],
                t.histology_source
            ),
            unknown()
        ),
        'bodySite': listed([body_site(t.topography_code, t.laterality_code)]),
        'subject': patient_ref(t.patient_id),
        'stage': case
            when t.stage_code is not null then [{
                'summary': concept([own('stage', t.stage_code)], null),
                'assessment': [reference_to('Observation', id_of('stage', t.centre, t.record_key))]
            }]
        end,
        'evidence': case
            when standard('evidence', t.diagnosis_basis_code) is not null
                then [{'code': [concept([standard('evidence', t.diagnosis_basis_code)], null)]}]
        end
    }) as resource,
    case
        when one.record_key is null then 'another reading of the same tumour'
    end as left_out_because
from core.tumour as t
left join one_reading as one on one.centre = t.centre and one.record_key = t.record_key
left join reference.histology as h on h.entity_code = t.entity_code
order by t.patient_id, id
