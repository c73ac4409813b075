-- grain: one row per rule, record and field at fault
select finding.*, rule.sentence_en, rule.sentence_zh, query.state as query_state
from quality.finding as finding
left join reference.rule as rule using (rule)
left join quality.query as query using (query_id)
