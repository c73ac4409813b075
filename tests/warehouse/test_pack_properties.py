"""Packing, tried on exports that nobody wrote: what it keeps, what it makes, and that it does the same twice."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.centre import Centre, load_centre
from warehouse.identifiers.pack import pack

HEADER = ["PatNo", "Sex", "Born", "Name", "Note", "Token"]
CENTRE = """
code: aa01
title: {en: Hospital (synthetic), zh: 医院（合成）}
language: en
timezone: Europe/Berlin
jurisdiction: DE
legal_basis: synthetic data
cut_off_on: 2024-06-30
source: {kind: file, path: raw}
encoding: [utf-8]
identifiers: [Name]
linkage:
  - {kind: name_birth, from: [Name, Born]}
tables:
  patient: {file: cases.csv, patient: PatNo, key: PatNo, columns: {sex: Sex, born_on: Born, link_token: Token}}
"""
NAMES = ("Huber, Hans", "Meyer, Eva", "王小明", "Li, Wei")
NOTES = st.one_of(
    st.sampled_from(
        ["", " ", "spindle cells", 'said "no", twice', "line one\nline two", "=1+1", "高热", "0012", "1e5", "ß,;\t"]
    ),
    st.text(st.characters(categories=["Ll", "Lo", "Sm", "Po"], max_codepoint=0x9FFF), max_size=12),
)
ROWS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("MF"), NOTES), min_size=1, max_size=6)


def centre_at(root: Path) -> Centre:
    folder = root / "aa01"
    folder.mkdir()
    (folder / "centre.yaml").write_text(CENTRE, encoding="utf-8")
    return load_centre(folder)


def written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def cells(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_packing_keeps_every_other_cell_makes_stable_tokens_and_is_done_once(
    drawn: list[tuple[str, str, str]],
) -> None:
    rows = [HEADER] + [[f"P-{i}", sex, f"196{i}-01-15", name, note, ""] for i, (name, sex, note) in enumerate(drawn)]
    with TemporaryDirectory() as folder, mock.patch.dict(os.environ, SARCREG_LINKAGE_KEY="k" * 32):
        root = Path(folder)
        centre, raw = centre_at(root), root / "raw"
        raw.mkdir()
        (raw / "cases.csv").write_text(written(rows), encoding="utf-8")
        once, again = (pack(centre, raw, root / name, mask=True) for name in ("one", "two"))
        assert once.folder and again.folder
        first, second = cells(once.folder / "cases.csv"), cells(again.folder / "cases.csv")
        assert first == second and len(first) == len(rows)
        for before, after in zip(rows[1:], first[1:], strict=True):
            kept = [place for place, name in enumerate(HEADER) if name in ("PatNo", "Sex", "Born", "Note")]
            assert [after[place] for place in kept] == [before[place] for place in kept] or "███" in after[4]
            assert after[3] == "" and after[5].startswith("nb:") and len(after[5]) == 35
        by_person = {(row[3], row[2]): token[5] for row, token in zip(rows[1:], first[1:], strict=True)}
        assert len(set(by_person.values())) == len(by_person), "one token a person, another for another"
        # the package packed again: nothing is left to empty, the tokens stand, and no byte moves
        packed = pack(centre, once.folder, root / "three", mask=True)
        assert packed.folder
        assert (packed.folder / "cases.csv").read_bytes() == (once.folder / "cases.csv").read_bytes()
