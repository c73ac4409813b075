-- grain: one row per query that is a candidate, open or answered
select query.*, rule.sentence_en, rule.sentence_zh, rule.advice_en, rule.advice_zh, rule.severity
from quality.query as query
left join reference.rule as rule using (rule)
where query.state in ('candidate', 'open', 'answered')
