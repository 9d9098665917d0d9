"""The data calendar: which delivery is due when and from whom, what came late, and when official
tables appear again.

A delivery that is expected every year belongs to the day it is due that lies nearest to the day it
came, half a year before or after. When a new edition of an official table comes no office says in
advance; a year after the last one is an estimate and is called one.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from icalendar import Alarm, Calendar, Event

from indicators import formats
from indicators.catalog import catalog as catalogs
from indicators.catalog.catalog import Catalog
from indicators.folders import SHIPPED_DEFINITIONS, Folders
from indicators.saved import expected
from indicators.saved.expected import Expected
from indicators.sources import stock
from indicators.sources.stock import Kept

State = Literal["late", "overdue", "due", "in_time", "unknown", "estimated", "outdated"]
STATES = {
    "overdue": "überfällig",
    "due": "fällig",
    "late": "kam zu spät",
    "in_time": "pünktlich",
    "unknown": "ohne Termin",
    "estimated": "erwartet",
    "outdated": "neue Ausgabe möglich",
}
_HALF_A_YEAR = timedelta(days=183)
_WARNING = timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """One delivery or official table. `due` is the day it is due next or was due last and did not
    come, `came` when it came last; `words` say in a sentence how it stands. `name` is that of the
    entry of the town, "" where there is none."""

    title: str
    sender: str
    due: date | None
    came: date | None
    state: State
    words: str
    name: str = ""
    official: bool = False

    def as_json(self) -> dict[str, object]:
        told = asdict(self) | {"state_name": STATES[self.state]}
        return told | {day: told[day] and told[day].isoformat() for day in ("due", "came")}


def listed(folders: Folders, today: date) -> list[Row]:
    """All rows, what is overdue first, then by day. Raises DefinitionError where definitions or
    origins cannot be read."""
    more = [*(path / "definitions" for path in folders.examples), folders.own_definitions]
    catalog = catalogs.load(SHIPPED_DEFINITIONS, *(path for path in more if path.is_dir()))
    kept = stock.kept_files(folders)
    own = [one for one in kept if not one.shipped and one.origin.mapping]
    rows = _expected(expected.listed(folders)[0], own, catalog, today)
    rows += _without_day(own, {row.title for row in rows}, catalog)
    rows += _official([one for one in kept if one.origin.table and not one.origin.mapping], today)
    order = list(STATES)
    return sorted(
        rows, key=lambda r: (r.official, order.index(r.state), r.due or date.max, r.title)
    )


def _expected(
    entries: Iterable[expected.Kept], own: list[Kept], catalog: Catalog, today: date
) -> list[Row]:
    rows = []
    for one in entries:
        dataset = catalog.datasets.get(one.entry.dataset)
        came = sorted(
            _received(file) for file in own if one.entry.dataset in _datasets(file, catalog)
        )
        due, state, words = judged(one.entry, came, today)
        title = dataset.name if dataset else one.entry.dataset
        last = came[-1] if came else None
        rows.append(Row(title, one.entry.sender, due, last, state, words, one.name))
    return rows


def judged(entry: Expected, came: list[date], today: date) -> tuple[date, State, str]:
    """The day that counts today, how the delivery stands, and that in a sentence."""
    days = [entry.day(year) for year in range(today.year - 1, today.year + 2)]
    # the last day that is due by now, or nearly: what comes next is told when this is settled
    current = max(day for day in days if day - _HALF_A_YEAR <= today)
    of_it = [day for day in came if current - _HALF_A_YEAR < day <= current + _HALF_A_YEAR]
    following = min(day for day in [*days, entry.day(today.year + 2)] if day > current)
    if not of_it:
        if today <= current:
            return current, "due", f"fällig bis {formats.day(current)}"
        behind = formats.quantity((today - current).days, "Tag", "Tagen")
        return current, "overdue", f"seit {behind} überfällig (Termin {formats.day(current)})"
    first = of_it[0]
    if first > current:
        behind = formats.quantity((first - current).days, "Tag", "Tage")
        told = f"kam {behind} nach dem Termin, nächster Termin {formats.day(following)}"
        return following, "late", told
    told = f"kam am {formats.day(first)}, nächster Termin {formats.day(following)}"
    return following, "in_time", told


def _without_day(own: list[Kept], known: set[str], catalog: Catalog) -> list[Row]:
    """What has come and nobody has said when it is due."""
    newest: dict[str, Kept] = {}
    for one in own:
        for id in _datasets(one, catalog):
            if id not in newest or _received(one) >= _received(newest[id]):
                newest[id] = one
    return [
        Row(
            title,
            one.origin.publisher,
            None,
            _received(one),
            "unknown",
            f"kam zuletzt am {formats.day(_received(one))}; kein Termin eingetragen",
        )
        for id, one in newest.items()
        if (title := catalog.datasets[id].name) not in known
    ]


def _official(files: list[Kept], today: date) -> list[Row]:
    newest: dict[str, Kept] = {}
    for one in files:
        if one.origin.stand and (
            (before := newest.get(one.origin.table)) is None or _stand(one) > _stand(before)
        ):
            newest[one.origin.table] = one
    rows = []
    for table, one in newest.items():
        stand = _stand(one)
        next = expected_again(stand)
        title = f"{table}: {one.origin.title}" if one.origin.title else table
        if next <= today:
            told = f"Ausgabe vom {formats.day(stand)}; seither dürfte es eine neue geben"
        else:
            told = f"Ausgabe vom {formats.day(stand)}; die nächste etwa {formats.day(next)}"
        state: State = "outdated" if next <= today else "estimated"
        rows.append(Row(title, one.origin.publisher, next, stand, state, told, official=True))
    return rows


def expected_again(stand: date) -> date:
    """A year later; 29 February is 1 March then."""
    try:
        return stand.replace(year=stand.year + 1)
    except ValueError:
        return date(stand.year + 1, 3, 1)


def _stand(one: Kept) -> date:
    assert one.origin.stand
    return one.origin.stand.date() if isinstance(one.origin.stand, datetime) else one.origin.stand


def _received(one: Kept) -> date:
    moment = one.origin.received or one.origin.stand
    return moment.date() if isinstance(moment, datetime) else date.min


def _datasets(one: Kept, catalog: Catalog) -> set[str]:
    """The datasets a file of the town speaks of; a mapping that is gone reads nothing."""
    return {catalog.mappings[id].dataset for id in one.origin.mapping if id in catalog.mappings}


# --- for other calendars --------------------------------------------------------------------------


def as_icalendar(rows: Iterable[Row]) -> bytes:
    """The rows with a day, as all-day events: deliveries every year, with a reminder two weeks
    before, estimates once."""
    calendar = Calendar()
    calendar.add("prodid", "-//Bildungsblick//Datenkalender//DE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Datenkalender Bildungsmonitoring")
    for row in rows:
        if row.due is None or row.state == "outdated":
            continue  # of a day that is over no calendar reminds anybody
        event = Event()
        event.add("uid", f"{row.name or row.title.partition(':')[0]}@bildungsblick")
        event.add("dtstamp", datetime(row.due.year, row.due.month, row.due.day))
        event.add("dtstart", row.due)
        event.add("dtend", row.due + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("description", f"{row.sender}: {row.words}")
        if row.official:
            event.add("summary", f"Neue Ausgabe möglich (geschätzt): {row.title}")
        else:
            event.add("summary", f"Lieferung fällig: {row.title} ({row.sender})")
            event.add("rrule", {"freq": "yearly"})
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", f"Lieferung fällig: {row.title}")
            alarm.add("trigger", -_WARNING)
            event.add_component(alarm)
        calendar.add_component(event)
    return calendar.to_ical()
