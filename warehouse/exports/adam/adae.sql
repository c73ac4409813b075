-- grain: one row per adverse event of the cohort
select
    s.STUDYID,
    coalesce(m.patient_id, e.patient_id) as USUBJID,
    s.SITEID,
    row_number() over (partition by USUBJID order by e.started_on_earliest, e.record_key) as AESEQ,
    s.TRT01P as TRTP,
    s.TRT01A as TRTA,
    s.SAFFL,
    e.term_source as AETERM,
    e.term_code as AEDECOD,
    term.soc as AEBODSYS,
    e.grade::varchar as AETOXGR,
    e.grade::varchar as ATOXGR,
    e.grade as ATOXGRN,
    e.ctcae_version as AETOXVER,
    iso_date(e.started_on_earliest, e.started_on_precision) as AESTDTC,
    iso_date(e.stopped_on_earliest, e.stopped_on_precision) as AEENDTC,
    case when e.started_on_precision = 'day' then e.started_on end as ASTDT,
    case when e.stopped_on_precision = 'day' then e.stopped_on end as AENDT,
    m.start_day + (m.start_day >= 0)::int as ASTDY,
    m.stop_day + (m.stop_day >= 0)::int as AENDY,
    flag(m.is_after_time_zero) as TRTEMFL,
    flag(e.is_serious) as AESER,
    flag(e.is_immune_related) as AEIRFL,
    e.attributed_agent_code as AEAGENT,
    e.outcome_code as AEOUT,
    flag(e.has_steroid) as STERFL,
    'adverse_event' as SRCDOM,
    e.record_key as SRCKEY,
    case
        when m.patient_id is null then 'patient outside the cohort'
    end as left_out_because
from core.adverse_event as e
left join mart.adverse_event as m on m.reported_at = e.centre and m.record_key = e.record_key
left join adsl as s on s.USUBJID = m.patient_id
left join ctcae as term on term.code = e.term_code
order by USUBJID, AESEQ
