/*
sentence:
  en: The person is called dead, but no day of death is given.
  zh: 状态为死亡但没有死亡日期。
severity: error
action: query
channel: query
kahn: completeness
scope: row
tables: [follow_up]
fields: [death_on]
is_critical: true
advice:
  en: Give the day of death, or the month where the day is not known.
  zh: 请提供死亡日期；日不详时提供月份。
source: own
*/
select f.centre, 'follow_up' as table_name, f.patient_id, f.record_key, 'death_on' as field,
    -- a text that is no date has its own finding; a stated reason ('unknown') is asked about once, and accepted
    f.death_on_source is null or len(list_filter(f.missing, lambda m: starts_with(m, 'death_on='))) > 0
        as is_fault
from core.follow_up as f
where f.status_code = 'dead'
