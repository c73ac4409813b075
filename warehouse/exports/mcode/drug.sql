-- grain: one CancerRelatedMedicationAdministration per drug record and agent that was given
select
    d.patient_id,
    id_of('drug', d.centre, d.record_key) as id,
    to_json({
        'resourceType': 'MedicationAdministration',
        'id': id_of('drug', d.centre, d.record_key),
        'meta': profile_of('cancer-related-medication-administration'),
        'extension': listed([
            mcode_extension('procedure-intent', concept([intended.piece, own_intent.piece], null)),
            mcode_extension('normalization-basis', concept([normal.piece], null))
        ]),
        'status': case
            when d.is_ongoing then 'in-progress'
            when d.stop_reason_code = 'completed' then 'completed'
            when d.stop_reason_code is not null then 'stopped'
            else 'unknown'
        end,
        -- mCODE allows no other code for the reason of a stop, so what has none is told in words
        'statusReason': case
            when not coalesce(d.is_ongoing, false) and d.stop_reason_code <> 'completed' then listed([concept([ended.piece], reason.label)])
        end,
        'medicationCodeableConcept': concept(
            [
                agent.piece,
                coding('http://www.whocc.no/atc', drug.atc),
                coding('http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl', drug.ncit)
            ],
            d.agent_source
        ),
        'subject': patient_ref(d.patient_id),
        'effectivePeriod': span(
            d.started_on_earliest, d.started_on_precision,
            d.stopped_on_earliest, d.stopped_on_latest, d.stopped_on_precision
        ),
        'reasonReference': listed([reference_to('Condition', main.tumour)]),
        'dosage': case
            when d.dose is not null then to_json({'dose': {
                'value': d.dose,
                'unit': d.dose_unit,
                'system': case when ucum.value is not null then 'http://unitsofmeasure.org' end,
                'code': ucum.value
            }})
        end
    }) as resource,
    case
        when not d.is_administered then 'never given'
        when d.agent_code is null and d.class_code is null and d.agent_source is null then 'no drug named'
    end as left_out_because
from core.drug_exposure as d
left join main_tumour as main using (patient_id)
left join drug_setting as i using (centre, record_key)
left join mcode_drug as drug on drug.code = d.agent_code
left join own_code as agent
    on agent.list = 'drug' and agent.code = coalesce(d.agent_code, 'class:' || d.class_code)
left join own_code as reason on reason.list = 'stop_reason' and reason.code = d.stop_reason_code
left join standard_code as ended on ended.use = 'termination' and ended.code = d.stop_reason_code
left join standard_code as intended on intended.use = 'intent' and intended.code = i.setting_code
left join own_code as own_intent
    on intended.is_place and own_intent.list = 'setting' and own_intent.code = i.setting_code
left join standard_code as normal on normal.use = 'normalization' and normal.code = d.dose_unit
left join standard_code as ucum on ucum.use = 'ucum' and ucum.code = d.dose_unit
order by d.patient_id, id
