/*
sentence:
  en: There are more than three fractions for every day of the radiotherapy.
  zh: 放疗分割次数超过每日三次。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [procedure]
fields: [fractions]
advice:
  en: Check both dates and the number of fractions.
  zh: 请核对起止日期和分割次数。
source: own; three fractions a day at the most
*/
select t.centre, 'procedure' as table_name, t.patient_id, t.record_key, 'fractions' as field,
    t.fractions > 3 * (t.stopped_on - t.started_on + 1) as is_fault
from core.procedure as t
where t.fractions is not null and t.started_on is not null and t.stopped_on >= t.started_on
