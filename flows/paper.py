"""The paper packs of a refresh: read once, a folder per plan, swapped in whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import ConfigurationError
from schemas.registry import load_registry
from warehouse import lock
from warehouse.home import Home, one_writer
from warehouse.permitted import Use, read, refuse_withdrawn_since
from warehouse.query import refresh_of
from warehouse.rights import settle

if TYPE_CHECKING:
    from analytics.paper.release import ReleasedMaterial

_WAIT_SECONDS = 3_600
"""What was drawn waits for a running refresh rather than being thrown away."""


def write_packs(
    root: Path,
    plan: str | None = None,
    as_of: str | None = None,
    out: Path | None = None,
    *,
    figures: bool = True,
    release: bool = False,
    purposes: Iterable[str] = (),
    recipient: str | None = None,
    hold_back: bool = False,
) -> tuple[list[Path], Use]:
    """Write the pack of a plan (else of every plan) of the home at `root`; returns the folders and the use made.

    plan: a file, or the name of one under plans/. as_of: a kept refresh, else the published one. out: a folder
    that must not exist; several plans get a folder each below it. release: write the packs that may
    leave, beside those that stay. purposes: what the packs are for (else registry.yaml's; one that may leave is
    for publication too): rows that may not serve them are left out. recipient: who gets a release, else everyone;
    hold_back: leave out of it whom a comparison with earlier releases would single out, instead of refusing.
    """
    from analytics.locale.catalogue import LANGUAGES
    from analytics.paper.drawings import DRAWN
    from analytics.paper.material import TABLES, Material
    from analytics.paper.pack import write_cleared, write_pack
    from analytics.plan import load_plan
    from analytics.survival.outcome import Frames
    from analytics.survival.run import run_plan
    from flows import releasing
    from flows.survival import aside_of, swap

    home = Home(root)
    refresh = refresh_of(home, as_of)
    if out is not None and out.exists():
        raise ConfigurationError(f"{out} exists already; name another folder, or remove this one first.")
    chosen = _plans(home, plan)
    cut = lock.cut(home, refresh)
    asked = tuple(purposes) or load_registry(root).purpose
    tables, use = read(home, TABLES, refresh, (*asked, "publication") if release else asked)
    manifest = json.loads((home.refreshes / refresh / "manifest.json").read_text(encoding="utf-8"))
    manifest["use"] = use.as_dict()
    written, drawn = [], DRAWN if figures else ()

    def write(cleared: ReleasedMaterial, _: int, aside: Path) -> None:
        write_cleared(cleared, aside, figures=drawn)

    for path in chosen:
        made = load_plan(path)
        name = f"{made.id}-released" if release else made.id
        folder = home.refreshes / refresh / "reports" / "paper" / name
        if out is not None:
            folder = out / name if len(chosen) > 1 else out
        if release:
            releasing.release(
                root, use, [releasing.cleared_pack(tables, made, manifest, cut)], made.disclosure.smallest_cell, folder,
                write, hold_back=hold_back, format="paper pack", plan=made.id, refresh=refresh,
                recipient=recipient or releasing.EVERYONE,
            )  # fmt: skip
        else:
            results = run_plan(Frames.of(tables), made)
            materials = {lang: Material(tables, made, results, manifest, lang, cut=cut) for lang in LANGUAGES}
            with aside_of(folder) as aside:
                write_pack(materials, aside, figures=drawn)
                with one_writer(home, _WAIT_SECONDS):
                    refuse_withdrawn_since(home, use)
                    swap(aside, folder)
        settle(root)
        written.append(folder)
    return written, use


def _plans(home: Home, plan: str | None) -> list[Path]:
    from flows.written import plans_of

    there = plans_of(home)
    if plan is None:
        if not there:
            raise ConfigurationError(f"{home.root}: plans/ holds no plan; write one, see docs/survival.md.")
        return there
    named = [path for path in there if plan in (path.name, path.stem)]
    if named:
        return named
    if Path(plan).is_file():
        return [Path(plan)]
    raise ConfigurationError(
        f"--plan {plan}: no such file, nor a plan of this home; there are {', '.join(p.stem for p in there) or 'none'}."
    )
