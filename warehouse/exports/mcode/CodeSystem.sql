-- grain: one CodeSystem per list of the registry that the resources use, with English and Chinese labels
select
    r.list as id,
    to_json({
        'resourceType': 'CodeSystem',
        'id': replace(r.list, '_', '-'),
        'url': 'urn:sarcreg:codes:' || r.list,
        'name': 'Sarcreg_' || r.list,
        'title': 'Sarcoma Registry: ' || replace(r.list, '_', ' '),
        'status': 'active',
        'caseSensitive': true,
        'content': 'complete',
        'count': count(*),
        'concept': list(
            {
                'code': r.code,
                'display': r.label_en,
                'designation': case when r.label_zh is not null then [{'language': 'zh', 'value': r.label_zh}] end
            }
            order by r.code
        )
    }) as resource,
    null::varchar as left_out_because
from reference.code as r
join used using (list)
group by r.list
order by r.list
