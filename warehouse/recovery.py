"""What a killed writer leaves is mended by the next one; what none ever leaves is told, and nothing is written then.

A refresh is built aside, renamed, told to the journal, then linked, and analysed after that. So a kill leaves a folder
in the making, or a bare one (warehouse, manifest, configuration) that has never been the published one. Every other
folder has its publication in the journal, no manifest knows more events than the journal has, and the published file is
the one that the journal published last. Where that does not hold, something was cut off, lost or put there by hand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.errors import SarcregError
from warehouse import journal, publish
from warehouse.corrections import AGREED
from warehouse.home import Home
from warehouse.ledger_states import SEEN
from warehouse.publish import CONFIGURATION, DATABASE, MANIFEST, PUBLICATIONS, PUBLISHED

_BARE = {DATABASE, MANIFEST, CONFIGURATION}
_OF_ITS_PUBLICATION = (*SEEN, AGREED, PUBLISHED)
_JOURNAL = f"events/{journal.FILE}"

Events = Sequence[Mapping[str, Any]]


def refuse_faults(home: Home) -> None:
    """Raises SarcregError where the home is not as its writers left it. Called by the one writer before anything."""
    if said := faults(home):
        raise SarcregError("\n".join([*said, "Nothing was written."]))


def faults(home: Home) -> list[str]:
    """What no killed writer leaves, a sentence each: what, where, how many, what to do. Empty where all is sound."""
    current = publish.current_refresh(home)
    manifests = {path.parent.name: publish.manifest(home, path.parent.name) for path in _manifests(home)}
    events = journal.events(home.events)
    published = {event["refresh"] for event in events if event["event"] == PUBLISHED}
    if published and not manifests:
        return [
            f"{home.refreshes.name}/: none of the {len(published)} refresh(es) that the journal published is there; "
            "restore the folder from a backup."
        ]
    said = [*_cut(home, current, manifests, events, published), *_rewritten(manifests, events)]
    said += [
        f"{home.refreshes.name}/{refresh}: published, and its {MANIFEST} is gone; restore the folder from a backup."
        for refresh in publish.published_chain(home)
        if refresh not in manifests
    ]
    return said or list(_exchanged(home, current, events))


def _manifests(home: Home) -> Iterator[Path]:
    return (path for path in sorted(home.refreshes.glob(f"*/{MANIFEST}")) if not path.parent.name.startswith("."))


def _cut(
    home: Home, current: str | None, manifests: Mapping[str, Mapping[str, Any]], events: Events, published: set[str]
) -> Iterator[str]:
    """The journal has fewer events than the manifests know, or none of a refresh's publication."""
    untold = [name for name in manifests if name not in published and not _is_left_over(home, name, current, events)]
    known = {name: _events_known(body) + (name in untold) for name, body in manifests.items()}
    missing = max(max(known.values(), default=0) - len(events), len(untold))
    if missing > 0:
        witness = max(known, key=lambda name: (name in untold, known[name]))
        lacks = f"{home.refreshes.name}/{witness} stands on {_events_known(manifests[witness])} event(s)"
        if untold:
            lacks += f", and {len(untold)} refresh(es) have no event of their publication, {untold[-1]} among them"
        yield (
            f"{_JOURNAL}: at least {missing} event(s) are missing at its end; it has {len(events)}, while {lacks}. "
            f"Restore {home.events.name}/ from a backup. A folder that is no refresh of this home has no place there."
        )


def _events_known(manifest: Mapping[str, Any]) -> int:
    """How many events the journal had when a manifest was written; an erasure writes it anew."""
    return max([manifest.get("journal", 0), *(one["event"] for one in manifest.get("amended_by", ()))])


def _rewritten(manifests: Mapping[str, Mapping[str, Any]], events: Events) -> Iterator[str]:
    """The event that a manifest was built on is another by now, though the chain is whole."""
    wrong = [
        (body["journal"], name)
        for name, body in manifests.items()
        if body.get("journal_head")
        and body["journal"] <= len(events)  # a manifest of an older version has none
        and body["journal_head"] != events[body["journal"] - 1]["hash"]
    ]
    if wrong:
        number, name = min(wrong)
        yield (
            f"{_JOURNAL}: event {number} is not the one that {name} was built on ({len(wrong)} refresh(es) tell so); "
            "the journal was written anew from there or before. Restore it from a backup."
        )


def _exchanged(home: Home, current: str | None, events: Events) -> Iterator[str]:
    """The published file is not the one that the journal published last."""
    if not home.database.exists():
        return
    if current is None:
        yield (
            f"{DATABASE}: {home.refreshes.name}/ has no folder of the refresh that this file is of. Restore the folder "
            "from a backup, or remove the file: the next `sarcreg refresh` goes on from the last one that is here."
        )
        return
    last = next(event for event in reversed(events) if event["event"] in PUBLICATIONS)
    refresh = last["refresh"]
    is_lost = not (home.refreshes / refresh / DATABASE).exists()  # the one before serves
    was_killed = last["event"] != PUBLISHED or _is_left_over(home, refresh, current, events)
    if current == refresh or is_lost or (current == last["replaces"] and was_killed):
        return
    yield (
        f"{DATABASE}: it is the warehouse of {current}, while the journal published {refresh} last, so it was put "
        f"there by hand. Remove it, and the next `sarcreg refresh` puts {refresh} back; then `sarcreg rollback "
        f"{current} --why …` publishes the other."
    )


def sweep(home: Home) -> None:
    """Mend and remove what a refresh that did not come to its end has left. Called by the one writer only.

    Raises SarcregError, and removes nothing, where there are `faults`. Where the published file itself is gone, the
    last refresh of the journal that is still whole takes its place.
    """
    refuse_faults(home)
    events = journal.events(home.events)
    if not home.database.exists():
        told = [event["refresh"] for event in events if event["event"] in PUBLICATIONS]
        whole = [refresh for refresh in told if (home.refreshes / refresh / DATABASE).exists()]
        if whole:
            publish.link(home, whole[-1])
    current = publish.current_refresh(home)
    for folder in home.refreshes.glob("*"):
        if folder.name.startswith(".tmp-") or _is_left_over(home, folder.name, current, events):
            shutil.rmtree(folder)
    (home.root / f".{DATABASE}.new").unlink(missing_ok=True)


def _is_left_over(home: Home, refresh: str, current: str | None, events: Events) -> bool:
    """Whether a folder is what a kill between its renaming and its linking leaves, for certain."""
    folder = home.refreshes / refresh
    if refresh == current or not folder.is_dir() or {path.name for path in folder.iterdir()} != _BARE:
        return False
    body = publish.manifest(home, refresh)
    if "amended_by" in body or _events_known(body) > len(events):
        return False
    about = [event for event in events if refresh in event.values()]
    if any(event["event"] not in _OF_ITS_PUBLICATION or event["refresh"] != refresh for event in about):
        return False
    told = [event for event in events if event["event"] in PUBLICATIONS]
    after = [*(event["replaces"] for event in told[1:]), current]
    return all(then == event["replaces"] for event, then in zip(told, after, strict=False) if event in about)
