-- grain: one AdverseEvent (FHIR R4; mCODE has none) per adverse event, with the last dose record of the agent blamed
with given as (
    select patient_id, agent_code, started_on_earliest, min_by(centre, record_key) as centre, min(record_key) as record_key
    from core.drug_exposure
    where is_administered is distinct from false and started_on_earliest is not null and agent_code is not null
    group by patient_id, agent_code, started_on_earliest
),
-- an asof join pairs a null day with the last row and a null key with a null one, hence what has neither
dated as (
    select * from core.adverse_event where started_on_earliest is not null and attributed_agent_code is not null
),
blamed as (
    select event.centre, event.record_key, drug.centre as drug_centre, drug.record_key as drug_key
    from dated as event
    asof join given as drug
        on
            drug.patient_id = event.patient_id
            and drug.agent_code = event.attributed_agent_code
            and drug.started_on_earliest <= event.started_on_earliest
)
select
    e.patient_id,
    id_of('adverse_event', e.centre, e.record_key) as id,
    to_json({
        'resourceType': 'AdverseEvent',
        'id': id_of('adverse_event', e.centre, e.record_key),
        'extension': listed([
            case
                when e.grade is not null then to_json({'url': 'urn:sarcreg:fhir:ctcae-grade', 'valueInteger': e.grade})
            end,
            case
                when e.is_immune_related is not null
                    then to_json({'url': 'urn:sarcreg:fhir:immune-related', 'valueBoolean': e.is_immune_related})
            end
        ]),
        'actuality': 'actual',
        'event': concept([term.piece], e.term_source),
        'subject': patient_ref(e.patient_id),
        'date': iso_date(e.started_on_earliest, e.started_on_precision),
        'seriousness': case
            when e.is_serious is not null then fixed(
                'http://terminology.hl7.org/CodeSystem/adverse-event-seriousness',
                case when e.is_serious then 'serious' else 'non-serious' end
            )
        end,
        'outcome': concept([outcome.piece], null),
        'suspectEntity': case
            when b.drug_key is not null then [{
                'instance': reference_to('MedicationAdministration', id_of('drug', b.drug_centre, b.drug_key))
            }]
        end
    }) as resource,
    case
        when e.term_code is null and e.term_source is null then 'no event named'
    end as left_out_because
from core.adverse_event as e
left join blamed as b using (centre, record_key)
left join own_code as term on term.list = 'adverse_event' and term.code = e.term_code
left join standard_code as outcome on outcome.use = 'outcome' and outcome.code = e.outcome_code
order by e.patient_id, id
