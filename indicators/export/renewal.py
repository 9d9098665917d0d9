"""An agenda made again on the newest release, and what that changes: slide by slide, in words.

What a slide says now is compared with what it said of the release it was made of. One that has no
answer any more stays as it was, with its release, and says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from indicators import formats
from indicators import view as views
from indicators.agenda import Agenda, Item
from indicators.answers.answer import Answer
from indicators.answers.answering import answer
from indicators.catalog.definition import TOTAL
from indicators.errors import BildungsblickError
from indicators.export import listings
from indicators.export.drafting import own_kind
from indicators.export.parts import Ask, Opener, release_opener
from indicators.folders import Folders
from indicators.release import releases
from indicators.release.releases import Release
from indicators.symbols import SIGNS, Status

TITLE = "Was sich geändert hat"
_UNCHANGED = "unverändert"
_MOST = 4  # values that are named one by one
_WITHHELD = (Status.SUPPRESSED, Status.SECRET)
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Renewed:
    """The agenda on the newest release, with a slide of what has changed in front; `changes` are
    the name of each slide with an answer and what is otherwise there, in sentences."""

    agenda: Agenda
    changes: tuple[tuple[str, str], ...]


def renewed(agenda: Agenda, newest: Release, opener: Opener, *, ask: Ask = answer) -> Renewed:
    """`opener` gives a release by its id. Raises nothing for what is gone: it is told instead."""
    maker = _Renewer(newest, opener, ask)
    items: list[Item] = []
    changes: list[tuple[str, str]] = []
    for item in agenda.items:
        if item.title == TITLE and item.kind == "text":  # of the year before
            continue
        new, told = maker.item(item, items)
        items += new
        changes += told
    lines = [f"{name}: {text}" for name, text in changes if text != _UNCHANGED]
    if same := sum(text == _UNCHANGED for _, text in changes):
        lines.append(f"{formats.quantity(same, 'Folie ist', 'Folien sind')} unverändert.")
    head = f"Neuer Datenstand: {newest.id} vom {formats.day(newest.published)}."
    first = Item(title=TITLE, text="\n".join([head, *lines]), chapter=True)
    at = 1 if items and items[0].form == "contents" else 0
    items.insert(at, first)
    return Renewed(agenda.with_items(items), tuple(changes))


def on_newest(folders: Folders, agenda: Agenda) -> Renewed:
    """The same with the releases of a data folder. Raises ReleaseError where it has none."""
    opener = release_opener(folders)
    return renewed(agenda, releases.in_force(folders, opener), opener)


class _Renewer:
    def __init__(self, newest: Release, opener: Opener, ask: Ask):
        self._newest, self._opener, self._ask = newest, opener, ask

    def item(self, item: Item, before: Sequence[Item]) -> tuple[list[Item], list[tuple[str, str]]]:
        """The item on the newest release, and what that changes; `before` are those in front."""
        if not item.queries or item.release == self._newest.id:
            return [item], []
        new = item.model_copy(update={"release": self._newest.id if item.release else ""})
        if not item.release:
            return [new], []  # it speaks of the newest one by itself
        if item.form == "missing":
            return self._missing(item, new, before)
        if item.form:
            return [new], []
        told = [self._view(query, item) for query in (item.view, item.beside) if query]
        if gone := [text for _, text, is_gone in told if is_gone]:
            return [item], [(told[0][0], " ".join(gone))]
        return [new], [(name, text) for name, text, _ in told]

    def _view(self, query: str, item: Item) -> tuple[str, str, bool]:
        """Name of the view, what is otherwise, and whether it has no answer any more."""
        try:
            old = self._answer(query, self._opener(item.release))
        except BildungsblickError:
            old = None
        try:
            now = self._answer(query, self._newest)
        except BildungsblickError as error:
            name = item.title or (old.title if old else query)
            why = f"gibt es im neuen Datenstand nicht mehr ({error}) Die Folie bleibt beim alten."
            return name, why, True
        name = f"{now.title}, {self._newest.region(now.view.region).name}"
        if old is None:
            return name, f"der Datenstand {item.release} ist nicht mehr da, kein Vergleich", False
        return name, " ".join(compared(old, now)) or _UNCHANGED, False

    def _answer(self, query: str, release: Release) -> Answer:
        view = views.parse(query, release.catalog, release.regions)
        return self._ask(release, view.with_(release="", stage=False))

    def _missing(
        self, item: Item, new: Item, before: Sequence[Item]
    ) -> tuple[list[Item], list[tuple[str, str]]]:
        """What has values now becomes a slide, in front of the list of what is still missing."""
        try:
            lacked = self._lacking(item.of, self._opener(item.release))
            lacks = self._lacking(item.of, self._newest)
        except BildungsblickError as error:
            return [item], [(item.heading, str(error))]
        region = views.parse_query(item.of)["region"]
        parts = next((one.parts for one in reversed(before) if one.view and one.parts), ())
        found, told = [], []
        for id in lacked:
            if id in lacks or id not in self._newest.catalog.indicators:
                continue
            query = f"kind={own_kind(id)}&indicator={id}&region={region}"
            found.append(Item(view=query, release=self._newest.id, parts=parts))
            told.append((self._newest.catalog.indicators[id].name, "hat jetzt Werte, neue Folie"))
        return [*found, new], told

    def _lacking(self, query: str, release: Release) -> list[str]:
        view = views.parse(query, release.catalog, release.regions)
        found = listings.without_values(release, view.with_(release=""))
        return [one.indicator.id for one in found]


def compared(old: Answer, now: Answer) -> Iterator[str]:
    """What the new answer says otherwise than the old one, a sentence each; nothing if both have
    the same rows."""
    before, after = _rows(old), _rows(now)
    if before == after and old.headline == now.headline:
        return
    if line := _newest_value(old, now):
        yield line
    new = [p for p in _periods(now) if p not in _periods(old)]
    gone = [p for p in _periods(old) if p not in _periods(now)]
    if new:
        yield f"Neu: {formats.listing(new[-_MOST:])}."
    if gone:
        yield f"Nicht mehr dabei: {formats.listing(gone[-_MOST:])}."
    yield from _same_cells(before, after)
    if old.headline != now.headline:
        yield f"Überschrift bisher: „{old.headline}“, jetzt: „{now.headline}“."


def _same_cells(before: Mapping[Key, dict], after: Mapping[Key, dict]) -> Iterator[str]:
    """What became of the numbers that there were before."""
    both = [(before[key], after[key]) for key in before if key in after]
    hidden = [_where(b) for a, b in both if a["value"] is not None and _withheld(b)]
    shown = [_where(b) for a, b in both if _withheld(a) and b["value"] is not None]
    other = [
        f"{_where(b)} {_number(a)} → {_number(b)}"
        for a, b in both
        if None not in (a["value"], b["value"]) and a["value"] != b["value"]
    ]
    lost = [_where(row) for key, row in before.items() if key not in after]
    for name, found in (
        ("Berichtigt", other),
        ("Neu geschützt", hidden),
        ("Nicht mehr geschützt", shown),
        ("Verschwunden", lost),
    ):
        if found:
            more = f" und {len(found) - _MOST} weitere" if len(found) > _MOST else ""
            yield f"{name}: {'; '.join(found[:_MOST])}{more}."


def _newest_value(old: Answer, now: Answer) -> str:
    """ "Wert: 4,2 % (2022/23) → 5,1 % (2023/24).": of the region that is asked for."""
    was, known = _last(old), _last(now)
    if (
        was is None
        or known is None
        or (was["period"], was["value"])
        == (
            known["period"],
            known["value"],
        )
    ):
        return ""
    return f"Wert: {_number(was)} ({was['period']}) → {_number(known)} ({known['period']})."


def _last(found: Answer) -> dict | None:
    own = [
        row
        for row in found.rows
        if row.get("region") == found.view.region
        and row.get("category") in (TOTAL, None)
        and row["value"] is not None
        and not found.view.by
    ]
    if not found.view.indicator or not own:
        return None
    shown = [row for row in own if row["period"] == found.period]
    return (shown or own)[-1]


def _rows(found: Answer) -> dict[Key, dict]:
    """The numbers of an answer, by what they are of."""
    return {
        (
            str(row.get("indicator", "")) + str(row.get("step", "")) + str(row.get("figure", "")),
            str(row.get("region", "")),
            str(row.get("period", "")),
            str(row.get("category", "")),
        ): {
            name: row.get(name)
            for name in ("value", "status", "unit", "region_name", "period", "category_name")
        }
        for row in found.rows
    }


def _periods(found: Answer) -> list[str]:
    return list(dict.fromkeys(row["period"] for row in found.rows if row.get("period")))


def _withheld(row: Mapping) -> bool:
    return row["value"] is None and bool(row["status"]) and Status(row["status"]) in _WITHHELD


def _where(row: Mapping) -> str:
    category = row.get("category_name")
    told = [row["region_name"], category if category != "insgesamt" else "", row["period"]]
    return " ".join(str(one) for one in told if one)


def _number(row: Mapping) -> str:
    value = row["value"]
    if value is None:
        return SIGNS[Status(row["status"])].short if row["status"] else "–"
    decimals = len(str(float(value)).rstrip("0").partition(".")[2])
    unit = "" if row["unit"] == "Anzahl" else f"\u00a0{row['unit']}"
    return formats.number(value, decimals) + unit
