"""What follows a published refresh: the analyses of its plans and the reports, laid into the refresh's folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows import impact
from flows.embedded.tally import THREADS
from flows.faults import private
from flows.progress import say
from flows.written import plans_of
from warehouse import lock
from warehouse.home import Home
from warehouse.publish import by_first_publication, current_refresh, kept
from warehouse.query import read, sql
from warehouse.rights import PRIVATE


def is_complete(home: Home, refresh: str) -> bool:
    """Whether a refresh has its results and reports."""
    folder = home.refreshes / refresh
    return all((folder / made).is_dir() for made in ("results", "reports/survival", "reports/validation"))


def before(home: Home, refresh: str, tables: Iterable[str]) -> str | None:
    """The kept refresh published before this one; None where there is none, or its tables have other columns."""
    chain = kept(home)
    there = chain[: chain.index(refresh)]
    if not there:
        return None
    of_table = "select table_schema || '.' || table_name as name, column_name from information_schema.columns"
    wanted = pl.col("name").is_in(list(tables))
    old, new = (sql(home, of_table, one).filter(wanted).sort("name", "column_name") for one in (there[-1], refresh))
    return there[-1] if old.equals(new) else None


def published_results(home: Home, refresh: str, plan: str) -> dict[str, pl.DataFrame]:
    """The kept results of a plan by name: what the refresh published."""
    found = sorted((home.refreshes / refresh / "results").glob(f"{plan}_*.parquet"))
    return {path.stem.removeprefix(f"{plan}_"): pl.read_parquet(path) for path in found}


def pages_of(home: Home, refresh: str) -> dict[str, str]:
    """What a person opens: report -> path of its English page; the Chinese one lies beside it."""
    reports = home.refreshes / refresh / "reports"
    found = {
        f"survival report ({path.name.split('.')[0]})": path for path in sorted(reports.glob("survival/*.en.html"))
    }
    found["validation report"] = reports / "validation" / "validation.en.html"
    return {name: str(path) for name, path in found.items() if path.exists()}


@flow(name="survival", task_runner=THREADS, persist_result=False)
@private
def survival(home: str) -> None:
    """Analyse the published refresh by every plan and write all reports."""
    place = Home(Path(home))
    refresh = current_refresh(place)
    if refresh is not None:
        bands = weigh.submit(place, refresh).result()
        for running in (analyse.submit(place, refresh, bands), validate.submit(place, refresh, bands)):
            running.result()


@task(name="weigh", cache_policy=NO_CACHE)
@private
def weigh(home: Home, refresh: str) -> pl.DataFrame:
    """How far each open query could move the plans' results, as bands."""
    bands = impact.weigh_queries(home, refresh, plans_of(home))
    say("weigh", f"{bands.height} open queries of the cohort")
    return bands


@task(name="analyse", cache_policy=NO_CACHE)
@private
def analyse(home: Home, refresh: str, bands: pl.DataFrame) -> None:
    """The plans' results as Parquet and their reports as pages."""
    write_survival(home, refresh, bands)
    say("analyse", f"{len(plans_of(home))} plan(s)")


def write_survival(home: Home, refresh: str, bands: pl.DataFrame | None = None) -> None:
    """Analyse a kept refresh by every plan; results and pages say how its data cut stands now.

    bands: of the open queries, where they are just made; else those that lie there stay.
    """
    from analytics.plan import load_plan
    from analytics.survival import change
    from analytics.survival.outcome import TABLES, Frames
    from analytics.survival.report import survival_report
    from analytics.survival.run import run_plan

    frames = Frames.of(read(home, TABLES.values(), refresh))
    since = before(home, refresh, TABLES.values())
    earlier = None if since is None else Frames.of(read(home, TABLES.values(), since))
    folder, cut = home.refreshes / refresh, lock.cut(home, refresh)
    results_at, reports_at = folder / "results", folder / "reports" / "survival"
    with aside_of(results_at) as results_aside, aside_of(reports_at) as reports_aside:
        for path in plans_of(home):
            plan = load_plan(path)
            results = run_plan(frames, plan)
            moved = None
            if since is not None and earlier is not None:
                was = published_results(home, since, plan.id) or run_plan(earlier, plan)
                moved = change.run(earlier, frames, was, results, plan)
            for name, frame in (results | (moved or {})).items():
                frame.write_parquet(results_aside / f"{plan.id}_{name}.parquet")
            cut.frame().write_parquet(results_aside / f"{plan.id}_cut.parquet")
            for language in ("en", "zh"):
                survival_report(
                    results, frames, plan, language, reports_aside,
                    stem=plan.id, moved=moved, since=since or "", cut=cut,
                )  # fmt: skip
        weighed = impact.kept_bands(home, refresh) if bands is None else bands
        if weighed is not None:
            weighed.write_parquet(results_aside / impact.FILE)
        swap(results_aside, results_at)
        swap(reports_aside, reports_at)


@task(name="validate", cache_policy=NO_CACHE)
@private
def validate(home: Home, refresh: str, bands: pl.DataFrame) -> None:
    """The validation reports: an overview, and one page per centre."""
    say("report", f"validation of {write_validation(home, refresh, bands)} centres")


def write_validation(home: Home, refresh: str, bands: pl.DataFrame | None = None) -> int:
    """Write the validation report of a kept refresh, from its warehouse and today's thresholds; how many centres.

    bands: of the open queries, where they are just made; else those that lie beside the results.
    The figures of the refreshes before it come from the reports that lie beside them.
    """
    from analytics.quality.inputs import COLUMNS, facts_of
    from analytics.quality.trend import read_measures
    from analytics.quality.validation import validation_report
    from schemas.thresholds import load_thresholds
    from warehouse.build import rule_book

    tables = read(home, [*COLUMNS, "meta.refresh"], refresh)
    known = {*rule_book(), *tables["reference.rule"]["rule"]}
    tolerated = load_thresholds(home.root, known, tables["meta.centre"]["centre"].to_list())
    chain = by_first_publication(home)
    past = chain[: chain.index(refresh)] if refresh in chain else []
    earlier = read_measures([home.refreshes / one / "reports" / "validation" for one in past])
    folder = home.refreshes / refresh / "reports"
    weighed = impact.kept_bands(home, refresh) if bands is None else bands
    with aside_of(folder / "validation") as aside:
        validation_report(tables, facts_of(tables["meta.refresh"]), "en", aside, earlier, tolerated, weighed)
        swap(aside, folder / "validation")
    return tables["meta.centre"].height


@contextmanager
def aside_of(folder: Path) -> Iterator[Path]:
    """An empty folder beside the one to be replaced, so that a reader never sees half; gone if it is not swapped."""
    aside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.parent.mkdir(parents=True, exist_ok=True)
    aside.mkdir(mode=PRIVATE)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def swap(aside: Path, folder: Path) -> None:
    """Put the folder made aside in the place of the old one."""
    shutil.rmtree(folder, ignore_errors=True)
    aside.rename(folder)
