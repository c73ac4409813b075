-- grain: one row per patient with a day of death: the first that a record names
select patient_id, min(death_on) as death_on
from core.follow_up
where death_on is not null
group by patient_id
