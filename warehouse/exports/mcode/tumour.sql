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
        'verificationStatus': concept([verified.piece], null),
        'category': category('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item'),
        'code': coalesce(
            concept(
                [
                    entity.piece,
                    coding('http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl', h.ncit)
                ],
                t.histology_source
            ),
            unknown()
        ),
        'bodySite': listed([body_site(t.topography_code, site.label, side.piece)]),
        'subject': patient_ref(t.patient_id),
        'stage': case
            when t.stage_code is not null then [{
                'summary': concept([stage.piece], null),
                'assessment': [reference_to('Observation', id_of('stage', t.centre, t.record_key))]
            }]
        end,
        'evidence': case
            when evidence.piece is not null then [{'code': [concept([evidence.piece], null)]}]
        end
    }) as resource,
    case
        when one.record_key is null then 'another reading of the same tumour'
    end as left_out_because
from core.tumour as t
left join one_reading as one on one.centre = t.centre and one.record_key = t.record_key
left join reference.histology as h on h.entity_code = t.entity_code
left join own_code as entity on entity.list = 'histology' and entity.code = t.entity_code
left join own_code as site on site.list = 'topography' and site.code = t.topography_code
left join own_code as stage on stage.list = 'stage' and stage.code = t.stage_code
left join standard_code as side on side.use = 'laterality' and side.code = t.laterality_code
left join standard_code as verified on verified.use = 'verification' and verified.code = t.diagnosis_basis_code
left join standard_code as evidence on evidence.use = 'evidence' and evidence.code = t.diagnosis_basis_code
order by t.patient_id, id
