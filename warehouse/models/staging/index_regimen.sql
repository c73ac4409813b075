-- grain: one row per patient and drug of the regimen at time zero
-- Given on day 0 and not stopped, or started within the window that fixes the regimen group.
select distinct
    evidence.patient_id,
    exposure.agent_code,
    exposure.class_code,
    exposure.component_code,
    coalesce(exposure.is_checkpoint_inhibitor, false) as is_checkpoint_inhibitor
from core.drug_exposure as exposure
join staging.evidence as evidence on evidence.evidence_id = exposure.patient_id
join staging.subject as subject on subject.patient_id = evidence.patient_id
where exposure.class_code is not null
    and exposure.is_administered is distinct from false
    and (
        (exposure.started_on_latest <= subject.index_on
            and coalesce(exposure.stopped_on_latest, date '9999-12-31') >= subject.index_on)
        or exposure.started_on_latest - subject.index_on between 1 and getvariable('combination_window_days')::int
    )
