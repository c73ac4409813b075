/*
sentence:
  en: "More than a third of all first doses are on the 1st or 15th of a month: months were sent as days."
  zh: 超过三分之一的首次用药日期为1日或15日：可能以月份代替日期。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [drug_exposure]
fields: [started_on]
advice:
  en: Send the month alone where only the month is known.
  zh: 仅知月份时请只填写月份。
source: own; one in fifteen is expected, and 11 of 30 by chance at less than 1 of 10,000 centres; no alarm in ten clean demonstrations
*/
select centre, 'drug_exposure' as table_name, null as patient_id, null as record_key, 'started_on' as field,
    count(*) filter (day(started_on) in (1, 15)) / count(*) > 0.34 as is_fault,
    count(*) filter (day(started_on) in (1, 15)) / count(*) as measure
from core.drug_exposure
where started_on is not null
group by centre
having count(*) >= 30
