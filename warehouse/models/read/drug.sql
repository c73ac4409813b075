-- grain: one row per drug record and agent
select
    drug.*,
    agent.label_en as agent_en,
    agent.label_zh as agent_zh,
    line.line_number,
    member.start_day,
    member.is_at_time_zero
from core.drug_exposure as drug
left join reference.drug as agent on agent.code = drug.agent_code
left join mart.line_trace as line using (record_key)
left join mart.exposure as member using (record_key)
