/*
sentence:
  en: The agent held responsible was never given to the person.
  zh: 归因药物从未用于该患者。
severity: warning
action: report_only
channel: report
kahn: plausibility
scope: table
tables: [adverse_event, drug_exposure]
fields: [attributed_agent]
explained_by: [drug_unmapped]
advice:
  en: Check the agent, or send the drug record.
  zh: 请核对归因药物，或补充用药记录。
source: own
*/
select t.centre, 'adverse_event' as table_name, t.patient_id, t.record_key, 'attributed_agent' as field,
    not bool_or(d.agent_code = t.attributed_agent_code) as is_fault
from core.adverse_event as t
join core.drug_exposure as d using (patient_id)
where t.attributed_agent_code is not null and not contains(t.attributed_agent_code, '+')
    and not starts_with(t.attributed_agent_code, 'class:')
group by t.centre, t.patient_id, t.record_key
having count(*) = count(d.agent_code)
