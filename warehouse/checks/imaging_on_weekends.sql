/*
sentence:
  en: "More than 40% of all imaging is on a weekend: days may be shifted or invented."
  zh: 超过40%的影像评估在周末：日期可能有偏移。
severity: info
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [response_assessment]
fields: [assessed_on]
advice:
  en: Check whether the day of the imaging was sent.
  zh: 请核对是否填写了影像日期。
source: own; days drawn at random would give 29%, and hospitals image less on weekends; no alarm in ten clean demonstrations
*/
select centre, 'response_assessment' as table_name, null as patient_id, null as record_key, 'assessed_on' as field,
    count(*) filter (isodow(assessed_on) > 5) / count(*) > 0.4 as is_fault,
    count(*) filter (isodow(assessed_on) > 5) / count(*) as measure
from core.response_assessment
where assessed_on is not null
group by centre
having count(*) >= 30
