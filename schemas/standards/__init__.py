"""What other standards ask for, as data.

adam: ADaM's variables and where each comes from. omop54: the CDM's columns and keys (OHDSI CommonDataModel, field
level, Apache-2.0). omop_concept: the concept ids in use and who names them. idea4rc: variables of IDEA4RC's synthetic
data set. mcode: elements of mCODE 4.0.0's profiles (HL7/fhir-mCODE-ig, CC0). mcode_code: the registry's codes in other
systems, with the value set each stands in. mcode_place: codes that mCODE wants as a SNOMED CT identifier, of which none
stands here (licensed.py). crosswalk: core's columns in other standards.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl


def table(name: str) -> pl.DataFrame:
    """A standard's list of columns: every cell a text, empty is null."""
    return pl.read_csv(Path(__file__).with_name(f"{name}.csv"), infer_schema=False)
