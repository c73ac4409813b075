"""The lock of a data cut: each centre endorses its listing, then the cut is locked; both are events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from schemas.errors import ConfigurationError, SarcregError
from schemas.registry import load_registry
from warehouse import journal, ledger_acts, lock, publish
from warehouse.home import Home, one_writer, secret
from warehouse.listing import fingerprint, listing
from warehouse.query import refresh_of


def write_listing(root: Path, centre: str, as_of: str | None, out: Path | None) -> tuple[Path, str, int]:
    """Write a centre's patient listing as CSV that only its owner may read: the file, its fingerprint, patients."""
    from analytics.quality.export import write_csv

    home, refresh = _place(root, as_of)
    listed = _listed(home, centre, refresh)
    digest = fingerprint(listed, secret(load_registry(root)))
    path = out or Path(f"listing_{centre}_{digest}.csv")
    if path.exists():
        raise ConfigurationError(f"{path} exists already; name another file with --out, or remove this one first.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return write_csv(listed, path), digest, listed.height


def _listed(home: Home, centre: str, refresh: str) -> pl.DataFrame:
    found = listing(home, centre, refresh)
    if found.is_empty():
        raise ConfigurationError(
            f"{refresh} has no patient of a centre {centre!r}; `sarcreg status` shows the centres."
        )
    return found


def endorse(root: Path, centre: str, digest: str, by: str, on: date, as_of: str | None) -> str:
    """Record that a centre's lead endorsed the listing with this fingerprint; what was done, as a sentence."""
    home, refresh = _place(root, as_of)
    if not by.strip():
        raise ConfigurationError("--by is empty; name who endorses, or the role.")
    with one_writer(home):
        listed = _listed(home, centre, refresh)
        now = fingerprint(listed, secret(load_registry(root)))
        if digest.lower() != now:
            raise ConfigurationError(
                f"{centre}: the listing of {refresh} is {now}, not {digest}: its patients or their values are "
                "others by now, or another refresh was meant (--as-of); "
                f"`sarcreg listing {centre} --as-of {refresh}` writes it."
            )
        journal.append(
            home.events, lock.ENDORSED, centre=centre, refresh=refresh, listing=now, patients=listed.height,
            by=by, on=on.isoformat(),
        )  # fmt: skip
    return f"{centre}: the listing {now} of {listed.height} patients ({refresh}) is endorsed by {by}."


def check(root: Path, word: str) -> tuple[list[str], bool]:
    """What stands between a kept refresh and its lock, a line each, and whether nothing does."""
    home, refresh = _place(root, word)
    asked = lock.critical(home, refresh)
    missing = lock.shortfalls(refresh, asked, lock.listings(home, refresh, secret(load_registry(root))))
    return [*missing, *_told(asked)], not missing


def lock_cut(root: Path, word: str, why: str) -> list[str]:
    """Lock the data cut of a kept refresh; what was done, a line each. SarcregError names what is missing."""
    home, refresh = _place(root, word)
    key = secret(load_registry(root))
    with one_writer(home):
        state = lock.cut(home, refresh)
        if state.is_locked:
            raise ConfigurationError(f"{refresh} is locked already, since {state.on}.")
        if changed := publish.differing(home, refresh, publish.kept_file(home, refresh)):
            raise SarcregError(
                f"{refresh} is not as it was published ({', '.join(changed)}); restore it from a backup."
            )
        asked, listed = lock.critical(home, refresh), lock.listings(home, refresh, key)
        if missing := lock.shortfalls(refresh, asked, listed):
            raise SarcregError(
                "\n".join([f"{refresh} cannot be locked yet; nothing was written.", *(f"- {one}" for one in missing)])
            )
        (note,) = ledger_acts.keep_reasons(home, key, [_reason(why)])
        lock.lock(home, lock.body(home, refresh, asked, listed, note))
        _write_pages(home, refresh)
    return [f"{refresh} is locked and kept for good.", *_told(asked)]


def unlock(root: Path, word: str, why: str) -> str:
    """Take the lock of a refresh back; what was done, as a sentence. The history stays in the journal."""
    home, refresh = _place(root, word)
    with one_writer(home):
        event = publish.locks(home).get(refresh)
        if event is None or event["event"] == publish.UNLOCKED:
            raise ConfigurationError(
                f"{refresh} is not locked; locked are: {', '.join(publish.locked(home)) or 'none'}."
            )
        (note,) = ledger_acts.keep_reasons(home, secret(load_registry(root)), [_reason(why)])
        journal.append(home.events, publish.UNLOCKED, refresh=refresh, lock=event["sequence"], note=note)
        _write_pages(home, refresh)
    return f"{refresh} is no longer locked; it is kept as long as the retention or a tag keeps it."


def _told(asked: lock.Critical) -> list[str]:
    """What is named and counted, and stands in no one's way."""
    said = [
        (asked.accepted.height, "critical question(s) accepted as they are"),
        (asked.cancelled.height, "critical question(s) cancelled as raised in error"),
        (asked.outside.height, "critical question(s) not settled, about patients outside the cohort"),
        (asked.mute["rule"].n_unique(), "critical rule(s) with nothing to judge at some centre"),
    ]
    return [f"Named in the lock: {count} {what}." for count, what in said if count]


def _reason(why: str) -> str:
    if not why.strip():
        raise ConfigurationError("--why is empty; say the reason.")
    return why


def _place(root: Path, word: str | None) -> tuple[Home, str]:
    """The home and the kept refresh that a person means, else the published one."""
    load_registry(root)
    home = Home(root)
    return home, refresh_of(home, word)


def _write_pages(home: Home, refresh: str) -> None:
    """Results and pages say whether they stand on a lock, so they are written again where there are any."""
    from flows.survival import write_survival

    if (home.refreshes / refresh / "results").is_dir():
        write_survival(home, refresh)
