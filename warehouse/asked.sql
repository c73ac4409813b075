-- grain: one row per query and cell that it is about
-- `queries` are registered by warehouse/asked.py; `record` is made there of core's tables.
with
    record as ({records}),

    finding as (
        select finding.{id} as query_id, finding.*
        from quality.finding as finding
        where finding.{id} in (select query_id from queries)
    ),

    coordinate as (
        select
            query_id,
            any_value(row_id order by file, sheet, line, row_id) as row_id,
            any_value(file order by file, sheet, line, row_id) as file,
            any_value(sheet order by file, sheet, line, row_id) as sheet,
            any_value(line order by file, sheet, line, row_id) as line,
            any_value(source_column order by file, sheet, line, row_id) as source_column,
            any_value(raw_text order by file, sheet, line, row_id) as raw_text
        from finding
        group by all
    ),

    asked as (
        select
            queries.query_id, queries.centre, queries.patient_id, queries.table_name, queries.record_key,
            queries.field, rule.scope, rule.tables, rule.fields, rule.sentence_en, rule.sentence_zh, rule.advice_en,
            rule.advice_zh, coordinate.* exclude (query_id)
        from queries
        left join reference.rule as rule using (rule)
        left join coordinate using (query_id)
    ),

    -- the fields the rule names in the record itself, and, where it compares records, in the patient's others
    wanted as (
        select query_id, centre, patient_id, table_name, field, row_id, true as is_own
        from asked
        where field is not null and row_id is not null
        union
        select asked.query_id, asked.centre, asked.patient_id, asked.table_name, named.field, asked.row_id, true
        from asked, unnest(asked.fields) as named(field)
        where asked.row_id is not null
        union
        select asked.query_id, asked.centre, asked.patient_id, record.table_name, named.field, record.row_id, false
        from asked, unnest(asked.tables) as other(table_name), unnest(asked.fields) as named(field), record
        where asked.scope <> 'row' and record.patient_id = asked.patient_id and record.table_name = other.table_name
            and record.row_id is distinct from asked.row_id
    ),

    patient_row as (
        select record.patient_id, record.table_name, record.row_id
        from record
        where record.table_name = 'patient' and record.patient_id in (select patient_id from asked)
    ),

    delivered as (
        select row_id, line, sheet, cells
        from landing.text_row
        where row_id in (select row_id from wanted union all select row_id from patient_row)
    ),

    own_number as (
        select wanted.patient_id, any_value(delivered.cells[mapping.position] order by delivered.row_id) as local_number
        from (
            select patient_id, table_name, row_id, centre from wanted
            union
            select patient_row.patient_id, patient_row.table_name, patient_row.row_id, patient.centre
            from patient_row join core.patient as patient using (patient_id)
        ) as wanted
        join meta.column_mapping as mapping
            on mapping.centre = wanted.centre and mapping.table_name = wanted.table_name
            and mapping.field = 'patient_id' and mapping.file_hash = split_part(wanted.row_id, ':', 1)
        join delivered on delivered.row_id = wanted.row_id and delivered.sheet = mapping.sheet
        where trim(delivered.cells[mapping.position]) <> ''
        group by all
    ),

    cell as (
        select distinct
            wanted.query_id, wanted.is_own, mapping.source_column, file.file, delivered.sheet, delivered.line,
            delivered.cells[mapping.position] as raw_text
        from wanted
        join meta.column_mapping as mapping
            on mapping.centre = wanted.centre and mapping.table_name = wanted.table_name
            and mapping.field = wanted.field and mapping.file_hash = split_part(wanted.row_id, ':', 1)
            and mapping.field <> 'patient_id'
        join delivered on delivered.row_id = wanted.row_id and delivered.sheet = mapping.sheet
        left join meta.delivery_file as file
            on file.centre = wanted.centre and file.file_hash = mapping.file_hash
        where mapping.name_position is null or delivered.cells[mapping.name_position] = mapping.source_column
    ),

    ranked as (
        select *, row_number() over (
            partition by query_id, is_own order by file, sheet, line, source_column
        ) as place
        from cell
    ),

    cells as (
        select
            query_id,
            list({{
                'column': source_column, 'text': raw_text, 'file': file, 'sheet': sheet, 'line': line, 'is_own': is_own
            }} order by not is_own, file, sheet, line, source_column) as cells
        from ranked
        where is_own or place <= {most}
        group by all
    )

select
    asked.query_id, asked.centre, asked.patient_id, asked.table_name, own_number.local_number, asked.file,
    asked.sheet, asked.line, asked.source_column, asked.raw_text, asked.sentence_en, asked.sentence_zh,
    asked.advice_en, asked.advice_zh, cells.cells
from asked
left join own_number using (patient_id)
left join cells using (query_id)
order by own_number.local_number nulls last, asked.patient_id nulls last, asked.file, asked.sheet, asked.line,
    asked.query_id
