-- grain: one row per core patient and other record of that person that bears witness for it
-- As staging.evidence has it while the warehouse is built, told from a published file: quality.link keeps the decisions.
with recursive
    same as (
        select patient_id, other_patient_id from quality.link where decision = 'same'
        union
        select other_patient_id, patient_id from quality.link where decision = 'same'
    ),

    person as (
        select patient_id, other_patient_id as evidence_id from same
        union
        select person.patient_id, same.other_patient_id
        from person
        join same on same.patient_id = person.evidence_id
    )

select patient.patient_id, patient.centre, elsewhere.patient_id as evidence_id, elsewhere.centre as evidence_centre
from person
join core.patient as patient on patient.patient_id = person.patient_id
join core.patient as elsewhere on elsewhere.patient_id = person.evidence_id
where patient.patient_id <> elsewhere.patient_id
    and coalesce(elsewhere.withdrawal_scope_code, '') not in ('no_further_use', 'erase')
