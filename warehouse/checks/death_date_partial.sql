/*
sentence:
  en: The day of death is not known to the day.
  zh: 死亡日期不精确到日。
severity: warning
action: report_only
channel: report
kahn: completeness
scope: row
tables: [follow_up]
fields: [death_on]
advice:
  en: Give the exact day of death if any record has it.
  zh: 如有记录，请提供确切死亡日期。
source: own; survival times need days
*/
select centre, 'follow_up' as table_name, patient_id, record_key, 'death_on' as field,
    death_on is null as is_fault
from core.follow_up
where death_on_earliest is not null
