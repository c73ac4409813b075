-- grain: one ECOGPerformanceStatus per line of treatment that tells it, on its own day or else the line's first
select
    l.patient_id,
    id_of('ecog', l.centre, l.record_key) as id,
    to_json({
        'resourceType': 'Observation',
        'id': id_of('ecog', l.centre, l.record_key),
        'meta': profile_of('ecog-performance-status'),
        'status': 'final',
        'category': observation_category('survey'),
        'code': fixed('http://loinc.org', '89247-1'),
        'subject': patient_ref(l.patient_id),
        'effectiveDateTime': case
            when l.ecog_on_earliest is not null then effective_time(l.ecog_on_earliest, l.ecog_on_precision)
            else effective_time(l.started_on_earliest, l.started_on_precision)
        end,
        'effectivePeriod': case
            when l.ecog_on_earliest is not null then effective_period(l.ecog_on_earliest, l.ecog_on_precision)
            else effective_period(l.started_on_earliest, l.started_on_precision)
        end,
        'valueInteger': l.ecog
    }) as resource,
    null::varchar as left_out_because
from core.treatment_line as l
where l.ecog is not null
order by l.patient_id, id
