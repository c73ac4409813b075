"""What a query that cannot be answered is told: what is wrong and what to do, and nothing of a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ConfigurationError
from warehouse.home import Home
from warehouse.query import sql
from warehouse.query_faults import WHERE

READ_ONLY = "The published warehouse is read-only"
NO_FILE = "A query sees no file but the warehouse"
FAULTS = {
    "select * from read.pateint": f'Table with name pateint does not exist! Did you mean "patient"? {WHERE}',
    "from nowhere.patient": f'schema "nowhere" does not exist. {WHERE}',
    "select patient_idd from read.patient": 'Candidate bindings: "patient_id"',
    "select centre, count(*) from read.patient": "Either add it to the GROUP BY list",
    'select * from read.patient where patient_id = "hn01cafe"': "a text stands in 'single quotes'",
    "select 'hn01cafe' 'hn01cafe'": 'syntax error at or near "…".',
    "select * from read.patient where patient_id = 'hn01cafe": 'unterminated quoted string at or near "…".',
    "delete from core.patient": READ_ONLY,
    "create table core.mine as select 1": READ_ONLY,
    "from read_csv('/hn01cafe.csv')": NO_FILE,
    "copy core.patient to '/hn01cafe.csv'": NO_FILE,
    "set threads = 1": "A query changes no setting.",
    "select patient_id::int from core.patient": "try_cast",
    "select strptime(patient_id, '%Y') from core.patient": "try_strptime",
    "select error(patient_id) from core.patient": "a value does not fit",
    "select date '1961-02-31'": "a value does not fit",
    " ; -- nothing": "the query is empty",
}


@pytest.mark.parametrize("query", FAULTS)
def test_a_fault_says_what_to_do_and_no_value(demo: Path, query: str) -> None:
    with pytest.raises(ConfigurationError) as fault:
        sql(Home(demo), query)
    said = str(fault.value)
    assert FAULTS[query] in said
    assert len(said.splitlines()) == 1
    known = sql(Home(demo), "select patient_id from core.patient")["patient_id"].to_list()
    assert not [value for value in (*known, "hn01cafe", "1961-02-31") if value in said]
