-- grain: one row per member and core patient who is that person (equal link tokens)
-- Who withdrew at one centre is no witness there.
select patient_id, patient_id as evidence_id from staging.member
union
select member.patient_id, elsewhere.patient_id
from staging.member as member
join core.patient as here using (patient_id)
join core.patient as elsewhere on elsewhere.link_token = here.link_token
where coalesce(elsewhere.withdrawal_scope_code, '') not in ('no_further_use', 'erase')
