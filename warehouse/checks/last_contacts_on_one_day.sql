/*
sentence:
  en: "More than half of the living were last in contact on one day: the day of the export was sent as a contact."
  zh: 超过一半存活患者的末次随访为同一天：可能以导出日期代替随访日期。
severity: error
action: report_only
channel: report
kahn: plausibility
scope: centre
tables: [follow_up]
fields: [contact_on]
advice:
  en: Send the last day the person was seen or spoken to.
  zh: 请提供最后一次见到或联系到患者的日期。
source: own; contact by the day of the export hides who is lost; no alarm in ten clean demonstrations
*/
select centre, 'follow_up' as table_name, null as patient_id, null as record_key, 'contact_on' as field,
    max(patients) / sum(patients) > 0.5 as is_fault,
    max(patients) / sum(patients) as measure
from (
    select centre, contact_on, count(*) as patients
    from (
        select centre, patient_id, max(contact_on) as contact_on
        from core.follow_up
        group by centre, patient_id
        having bool_and(coalesce(status_code, 'alive') <> 'dead')
    )
    where contact_on is not null
    group by centre, contact_on
)
group by centre
having sum(patients) >= 20
