-- Every value of one patient with the cell it came from. `cell` is made from the models of core (warehouse/trace.py):
-- table_name, record_key, delivered_key (of the record as delivered, which findings and corrections name), place (of the
-- field in its table), field, value, said (text as sent), list, source_rows.
with
    cell as ({cells}),

    origin as (
        select cell.*, unnest(source_rows) as row_id from cell
    ),

    delivered as (
        select
            origin.table_name,
            origin.record_key,
            origin.field,
            mapping.position,
            mapping.file_hash,
            text.sheet,
            text.line,
            mapping.source_column,
            text.cells[mapping.position] as raw_text
        from origin
        join landing.text_row as text using (row_id)
        join meta.column_mapping as mapping
            on mapping.centre = getvariable('centre')
            and mapping.table_name = origin.table_name
            and mapping.field = origin.field
            and mapping.file_hash = split_part(origin.row_id, ':', 1)
            and mapping.sheet = text.sheet
        where mapping.name_position is null or text.cells[mapping.name_position] = mapping.source_column
    ),

    asked as (
        select
            cell.table_name, cell.record_key, cell.field,
            string_agg(distinct finding.rule, ', ' order by finding.rule) as findings
        from cell
        join quality.finding as finding
            on finding.patient_id = getvariable('patient') and finding.table_name = cell.table_name
            and finding.field = cell.field and finding.record_key in (cell.record_key, cell.delivered_key)
        group by all
    )

select
    cell.table_name,
    cell.record_key,
    cell.field,
    cell.value,
    delivered.raw_text,
    file.file,
    delivered.sheet,
    delivered.line,
    delivered.source_column,
    term.rule as coded_by,
    term.list_version,
    correction.reason || ' (query ' || correction.query_id || ')' as corrected,
    asked.findings
from cell
left join delivered using (table_name, record_key, field)
left join meta.delivery_file as file
    on file.centre = getvariable('centre') and file.file_hash = delivered.file_hash
left join reference.term_map as term
    on term.list = cell.list and term.centre = getvariable('centre') and term.text = cell.said
left join asked using (table_name, record_key, field)
left join quality.correction as correction
    on correction.state = 'applied' and correction.table_name = cell.table_name
    and correction.record_key = cell.delivered_key and correction.field = cell.field
where cell.said is not null or delivered.raw_text is not null or asked.findings is not null
    or correction.reason is not null
order by cell.table_order, cell.record_key, cell.place, delivered.position, delivered.line
