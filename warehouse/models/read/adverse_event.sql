-- grain: one row per adverse event
select
    event.*,
    term.label_en as term_en,
    term.label_zh as term_zh,
    member.start_day,
    member.is_after_time_zero
from core.adverse_event as event
left join reference.code as term on term.list = 'adverse_event' and term.code = event.term_code
left join mart.adverse_event as member using (record_key)
