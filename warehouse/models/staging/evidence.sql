-- grain: one row per member and core patient who is that person (decided in links.yaml)
-- Who withdrew at one centre is no witness there.
select patient_id, patient_id as evidence_id from staging.member
union
select member.patient_id, elsewhere.patient_id
from staging.member as member
join staging.same_person as here using (patient_id)
join staging.same_person as same_person on same_person.person_id = here.person_id
join core.patient as elsewhere on elsewhere.patient_id = same_person.patient_id
where coalesce(elsewhere.withdrawal_scope_code, '') not in ('no_further_use', 'erase')
