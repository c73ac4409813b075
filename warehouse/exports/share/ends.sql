-- grain: one row per patient of the cohort and end point; lasted: days from time zero to the centre's cut-off
select
    a.patient_id,
    a.PARAMCD as endpoint,
    a.AVAL as days,
    a.CNSR = 0 as is_event,
    greatest(date_diff('day', c.index_on, c.cut_off_on), 0) as lasted,
    null::varchar as left_out_because
from mart.adtte as a
join mart.cohort as c using (patient_id)
order by a.patient_id, a.PARAMCD
