/*
sentence:
  en: "More than a tenth of all birth dates are 1 January: years were sent as days."
  zh: 超过十分之一的出生日期为1月1日：可能以年份代替日期。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [patient]
fields: [born_on]
advice:
  en: Send the year alone where only the year is known.
  zh: 仅知年份时请只填写年份。
source: own; one in 365 is expected, and 3 of 20 by chance at less than 1 of 10,000 centres; no alarm in ten clean demonstrations
*/
select centre, 'patient' as table_name, null as patient_id, null as record_key, 'born_on' as field,
    count(*) filter (month(born_on) = 1 and day(born_on) = 1) / count(*) > 0.1 as is_fault,
    count(*) filter (month(born_on) = 1 and day(born_on) = 1) / count(*) as measure
from core.patient
where born_on is not null
group by centre
having count(*) >= 20
