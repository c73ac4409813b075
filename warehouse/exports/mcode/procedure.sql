-- grain: one Procedure per local treatment, and one RadiotherapyVolume per dose given to it
with told as (
    select
        x.*,
        main.tumour,
        id_of('procedure', x.centre, x.record_key) as id,
        case when x.type_code = 'radiotherapy' and x.dose_gy is not null then id_of('volume', x.centre, x.record_key) end
            as volume,
        kind.piece as own_kind,
        margin.piece as own_margin,
        intended.piece as intended,
        own_intent.piece as own_intent,
        course.piece as course,
        site.label as site_label,
        topography.label as topography_label
    from core.procedure as x
    left join main_tumour as main using (patient_id)
    left join own_code as kind on kind.list = 'procedure_type' and kind.code = x.type_code
    left join own_code as margin on margin.list = 'margin' and margin.code = x.margin_code
    left join own_code as site on site.list = 'site' and site.code = x.site_code
    left join own_code as topography on topography.list = 'topography' and topography.code = x.site_code
    left join standard_code as intended on intended.use = 'intent' and intended.code = x.intent_code
    left join own_code as own_intent
        on intended.is_place and own_intent.list = 'procedure_intent' and own_intent.code = x.intent_code
    left join standard_code as course on course.use = 'radiotherapy' and course.code = 'course'
)
select
    patient_id,
    volume as id,
    to_json({
        'resourceType': 'BodyStructure',
        'id': volume,
        'meta': profile_of('radiotherapy-volume'),
        'location': body_site(site_code, topography_label, null::json),
        'description': coalesce(site_source, site_label, 'Irradiated volume, site not told'),
        'patient': patient_ref(patient_id)
    }) as resource,
    null::varchar as left_out_because
from told
where volume is not null

union all

select
    patient_id,
    id,
    to_json({
        'resourceType': 'Procedure',
        'id': id,
        -- the code of a course is fixed: without it, it is a procedure as others are
        'meta': case
            when type_code = 'radiotherapy' and course is not null then profile_of('radiotherapy-course-summary')
            when type_code = 'surgery' then profile_of('cancer-related-surgical-procedure')
            else core_profile_of('procedure')
        end,
        'extension': listed([
            mcode_extension('procedure-intent', concept([intended, own_intent], null)),
            case
                when volume is not null then to_json({
                    'url': 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-radiotherapy-dose-delivered-to-volume',
                    'extension': listed([
                        to_json({'url': 'volume', 'valueReference': reference_to('BodyStructure', volume)}),
                        to_json({'url': 'totalDoseDelivered', 'valueQuantity': {
                            'value': round(dose_gy * 100, 6), 'unit': 'cGy', 'system': 'http://unitsofmeasure.org',
                            'code': 'cGy'
                        }}),
                        case
                            when fractions >= 0
                                then to_json({'url': 'fractionsDelivered', 'valueUnsignedInt': fractions})
                        end
                    ])
                })
            end
        ]),
        'status': case when started_on_earliest is null and stopped_on_earliest is null then 'unknown' else 'completed' end,
        'code': coalesce(
            concept([case when type_code = 'radiotherapy' then course end, own_kind], type_source), unknown()
        ),
        'subject': patient_ref(patient_id),
        'performedDateTime': case
            when type_code is distinct from 'radiotherapy' and stopped_on_earliest is null
                then iso_date(started_on_earliest, started_on_precision)
        end,
        'performedPeriod': case
            when type_code = 'radiotherapy' or stopped_on_earliest is not null then span(
                started_on_earliest, started_on_precision, stopped_on_earliest, stopped_on_latest, stopped_on_precision
            )
        end,
        'reasonReference': listed([reference_to('Condition', tumour)]),
        'bodySite': listed([body_site(site_code, topography_label, null::json)]),
        'outcome': concept([own_margin], margin_source)
    }) as resource,
    null::varchar as left_out_because
from told
order by patient_id, id
