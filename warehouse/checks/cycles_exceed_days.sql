/*
sentence:
  en: There are more cycles than weeks between first and last dose.
  zh: 周期数超过首末次用药之间的周数。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: row
tables: [drug_exposure]
fields: [cycles]
explained_by: [cycles_out_of_range]
advice:
  en: Check the number of cycles and both days.
  zh: 请核对周期数和起止日期。
source: own; no cycle is shorter than a week
*/
select t.centre, 'drug_exposure' as table_name, t.patient_id, t.record_key, 'cycles' as field,
    t.cycles > (t.stopped_on - t.started_on) // 7 + 2 as is_fault
from core.drug_exposure as t
where t.cycles is not null and t.stopped_on >= t.started_on
