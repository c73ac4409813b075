-- grain: one row per contact or news
select * from staging.follow_up
