-- grain: one SecondaryCancerCondition per site of distant disease, or per tumour that spread where no site is told
with found as (
    select
        patient_id, centre, 'metastasis' as kind, record_key, null::varchar as tumour,
        site_code, site_source, detected_on_earliest as first_on, detected_on_precision as known_to
    from core.metastasis

    union all by name

    select
        t.patient_id, t.centre, 'spread' as kind, t.record_key, id_of('tumour', t.centre, t.record_key) as tumour,
        t.metastatic_on_earliest as first_on, t.metastatic_on_precision as known_to
    from one_reading as t
    where
        t.metastatic_on_earliest is not null
        and t.patient_id not in (select patient_id from core.metastasis)
),
named as (
    select
        f.*,
        coalesce(f.tumour, main.tumour) as primary_tumour,
        coalesce(part.piece, organ.piece) as secondary,
        site.label as site_label,
        topography.label as topography_label
    from found as f
    left join main_tumour as main using (patient_id)
    left join standard_code as part on part.use = 'secondary' and part.code = coalesce(f.site_code, 'unknown')
    left join standard_code as organ on organ.use = 'secondary' and organ.code = f.site_code[1:3]
    left join own_code as site on site.list = 'site' and site.code = f.site_code
    left join own_code as topography on topography.list = 'topography' and topography.code = f.site_code
)
select
    patient_id,
    id_of(kind, centre, record_key) as id,
    to_json({
        'resourceType': 'Condition',
        'id': id_of(kind, centre, record_key),
        'meta': profile_of('secondary-cancer-condition'),
        'extension': case
            when primary_tumour is not null then [{
                'url': 'http://hl7.org/fhir/StructureDefinition/condition-related',
                'valueReference': reference_to('Condition', primary_tumour)
            }]
        end,
        'category': category('http://terminology.hl7.org/CodeSystem/condition-category', 'problem-list-item'),
        'code': concept([secondary], coalesce(site_source, site_label, 'Metastasis, site not told')),
        'bodySite': listed([body_site(site_code, topography_label, null::json)]),
        'subject': patient_ref(patient_id),
        'onsetDateTime': iso_date(first_on, known_to)
    }) as resource,
    null::varchar as left_out_because
from named
order by patient_id, id
