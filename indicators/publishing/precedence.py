"""Editions of one table: which of them counts for a period, and what the report says of the others.

Nothing gives way in silence: an edition that is passed over, a period, region or category that the
newest one lacks, and two files that contradict each other are all named. An excerpt stands in for
a table nobody has brought yet: it gives way to every full edition, however old, and only for the
regions and periods that this one states.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset
from indicators.formats import day, number, quantity
from indicators.publishing.report import Level, Section
from indicators.regions import Region
from indicators.release.releases import UNKNOWN_STAND
from indicators.sources.stock import receive_command
from indicators.symbols import SIGNS, WITH_NUMBER, Status

_NUMBERS = [status.value for status in WITH_NUMBER]
_SHOWN = 5
_MANY = 20


@dataclass(frozen=True, eq=False)
class Edition:
    """The checked rows of one file: `source` is its number in the release, `rank` the place of
    its table in the dataset's definition (earlier tables win), `stand` its date. A town's `own`
    file counts for the regions it lists: another of the same kind may bring others. So does an
    `excerpt`, which comes after all that is no excerpt.

    `position` is its place in the order of receipt (0: shipped, or of the time before there was
    one), `instead` the checksums of files whose place it takes, `path` where it lies.
    """

    source: int
    table: str
    rank: int
    stand: datetime
    shipped: bool
    rows: pd.DataFrame
    own: bool = False
    excerpt: bool = False
    file: str = ""
    path: Path | None = None
    sha256: str = ""
    position: int = 0
    instead: tuple[str, ...] = ()

    @property
    def places(self) -> pd.Index:
        """For each row what goes as a whole when a newer edition states it: the period; in a
        town's own table and in an excerpt that of the region."""
        return self._places(self.is_by_region)

    @property
    def is_by_region(self) -> bool:
        return self.own or self.excerpt

    def _places(self, by_region: bool) -> pd.Index:
        if by_region:
            return pd.MultiIndex.from_frame(self.rows[["region", "period"]])
        return pd.Index(self.rows["period"])

    def within(self, places: list[object]) -> "Edition":
        """Only its rows of these places, which may be those of an edition that goes by region."""
        by_region = bool(places) and isinstance(places[0], tuple)
        return replace(self, rows=self.rows[self._places(by_region).isin(places)])

    def starts(self, by_region: bool) -> dict[object, date]:
        """The first day of each place."""
        return dict(zip(self._places(by_region), self.rows["start"], strict=True))

    @property
    def words(self) -> str:
        """The file and its date, for a sentence."""
        name = f"Auszug {self.file}" if self.excerpt else self.file
        if self.stand == UNKNOWN_STAND:
            return f"{name} (ohne Stand)"
        return f"{name} ({'angenommen am' if self.own else 'Stand'} {day(self.stand)})"


def in_order(editions: Iterable[Edition]) -> list[Edition]:
    """Editions of one table, the one that counts first.

    Official ones go by the date their publisher printed, a town's own by the order of receipt: no
    clock of ours decides. Who was told to take the place of others goes before them, and the later
    word counts. Excerpts come last, whatever they were told.
    """
    ordered = sorted(editions, key=_age, reverse=True)
    for one in sorted((e for e in ordered if e.instead), key=lambda e: e.position):
        at = ordered.index(one)
        before = [
            i
            for i, other in enumerate(ordered)
            if other.sha256 in one.instead and other.excerpt >= one.excerpt
        ]
        if before and before[0] < at:
            ordered.insert(before[0], ordered.pop(at))
    return ordered


def _age(edition: Edition) -> tuple:
    if edition.own:
        # files of the time before the order was kept come first, as they were ordered then
        stand = UNKNOWN_STAND if edition.position else edition.stand
        return edition.position, stand, not edition.shipped, edition.source
    return (
        not edition.excerpt,
        edition.stand,
        not edition.shipped,
        edition.position,
        edition.source,
    )


def is_undecided(one: Edition, other: Edition) -> bool:
    """Whether nothing but chance says which of two editions counts."""
    if one.sha256 in other.instead or other.sha256 in one.instead or one.excerpt != other.excerpt:
        return False
    if one.own and (one.position or other.position):
        return one.position == other.position
    return one.stand == other.stand


@dataclass(frozen=True)
class About:
    """A file that is just being received: only what concerns this source is told. `command` takes
    it in instead of others. If `ask`, a contradiction needs a decision even where the order of
    receipt would tell: a file that lost its origin has been received before, but nobody knows
    when."""

    source: int
    command: str
    ask: bool = False


@dataclass
class Editions:
    """The editions of one table, and what is to be said of them."""

    dataset: Dataset
    register: Mapping[str, Region]
    section: Section
    about: About | None = None

    @property
    def key(self) -> list[str]:
        return ["region", "period", *self.dataset.dimensions, "measure"]

    def rows(self, editions: Iterable[Edition]) -> list[pd.DataFrame]:
        """Of each edition the rows that count: its columns, and source and rank.

        A place (a period; of own tables a region's) of an older edition goes as a whole, so that a
        value the office has withdrawn does not live on. Editions of one age are one edition that
        came in several files: what one of them lacks the other may state.
        """
        ordered, parts = in_order(editions), []
        owners: dict[object, tuple[Edition, ...]] = {}
        compared: set[object] = set()
        full = True
        for edition in ordered:
            if edition.excerpt and full:
                owners, full = _by_region(owners), False
            places = edition.places
            shared: dict[tuple[Edition, ...], list[object]] = {}
            for place in places.unique():
                if place in owners:
                    shared.setdefault(owners[place], []).append(place)
                else:
                    owners[place] = (edition,)
            counts = pd.Series(True, index=edition.rows.index)
            for group, taken in shared.items():
                inside = places.isin(taken)
                if self.about and self.about.ask and self.concerns(edition, group[0]):
                    self._tell_contradictions(edition, group, taken)
                if is_undecided(edition, group[0]):
                    inside &= self._is_stated(edition, group)
                    self._tell_contradictions(edition, group, taken)
                    owners |= dict.fromkeys(taken, (*group, edition))
                else:
                    self._tell_taken(edition, group, taken)
                    self._tell_lost(edition, group, [p for p in taken if p not in compared])
                    compared |= set(taken)
                    if edition.excerpt:
                        self._tell_other_numbers(edition, group, taken)
                counts &= ~inside
            if counts.any():
                kept = edition.rows[counts]
                parts.append(kept.assign(source=edition.source, rank=edition.rank))
        self._tell_gaps(ordered[0], owners)
        return parts

    def _is_stated(self, edition: Edition, group: tuple[Edition, ...]) -> pd.Series:
        """Which rows of an edition one of the group has as well."""
        stated = pd.MultiIndex.from_frame(pd.concat([one.rows[self.key] for one in group]))
        return pd.MultiIndex.from_frame(edition.rows[self.key]).isin(stated)

    def concerns(self, *editions: Edition) -> bool:
        return self.about is None or any(one.source == self.about.source for one in editions)

    # --- two files that contradict each other -----------------------------------------------------

    def contradictions(self, one: Edition, other: Edition) -> pd.DataFrame:
        """A row per cell that two editions state differently: key columns, value, status and line
        of both (`_other`). A number without decimals must be the same, another one as it is shown;
        a sign contradicts any number but zero."""
        both = one.rows.merge(other.rows, on=self.key, suffixes=("", "_other"))
        if both.empty:
            return both
        is_number = both["status"].isin(_NUMBERS), both["status_other"].isin(_NUMBERS)
        slack = both["measure"].map(self._slack())
        unlike = (both["value"] - both["value_other"]).abs() > slack
        sign = (is_number[0] & ~is_number[1] & (both["value"] != 0)) | (
            ~is_number[0] & is_number[1] & (both["value_other"] != 0)
        )
        return both[(is_number[0] & is_number[1] & unlike) | sign]

    def _slack(self) -> dict[str, float]:
        decimals = {m.id: m.shown_decimals for m in self.dataset.measures}
        return {id: (0.5 * 10**-many if many else 0) + 1e-9 for id, many in decimals.items()}

    def _tell_contradictions(
        self, edition: Edition, group: tuple[Edition, ...], places: list[object]
    ) -> None:
        for other in group:
            if not self.concerns(edition, other):
                continue
            found = self.contradictions(edition.within(places), other)
            if len(found):
                self.section.add(
                    "error",
                    f"{edition.words} und {other.words} widersprechen sich: "
                    f"{self.examples(found, edition, other)}. Nichts sagt, welche gilt. Nächster "
                    f"Schritt: {self._decide(edition, other)}",
                )

    def examples(self, found: pd.DataFrame, one: Edition, other: Edition) -> str:
        """The first contradictions in words, with both values and where they stand."""
        texts = []
        for row in found.head(_SHOWN).itertuples(index=False):
            here = self._value(row.measure, row.value, row.status)
            there = self._value(row.measure, row.value_other, row.status_other)
            texts.append(
                f"{self._cell(row)}: {here} ({one.file}, Zeile {row.line}) gegen {there} "
                f"({other.file}, Zeile {row.line_other})"
            )
        rest = len(found) - len(texts)
        return "; ".join(texts) + (f" und {quantity(rest, 'weiterer', 'weitere')}" if rest else "")

    def _decide(self, one: Edition, other: Edition) -> str:
        if one.path == other.path:
            return (
                "beide stehen in derselben Datei; die falsche herausnehmen, das Übrige neu annehmen"
                + ("" if self.about is not None else f" und {one.path} mit ihrem Nachweis löschen")
            )
        if self.about is not None:
            other = "diese aus dem Ordner nehmen" if self.about.ask else "ist nichts zu tun"
            return f"gilt diese, {self.about.command}; gilt die andere, {other}"
        paths = [e.path for e in (one, other) if not e.shipped and e.path]
        return "die gültige noch einmal annehmen: " + " oder ".join(
            receive_command(path, instead=True) for path in paths
        )

    def conflict(self, one: Edition, other: Edition) -> str:
        """Where two files that came at once must not both be taken, in words: own ones that say
        other things of the same place, official ones of one age that contradict each other."""
        if one.excerpt != other.excerpt:  # the excerpt gives way
            return ""
        shared = one.places[one.places.isin(other.places)].unique()
        if not len(shared):
            return ""
        here, there = one.within(list(shared)), other.within(list(shared))
        found = self.contradictions(here, there)
        if not one.own:
            undecided = is_undecided(one, other) and len(found)
            return self.examples(found, one, other) if undecided else ""
        same = _is_in(here.rows, there.rows, self.key).all() and len(here.rows) == len(there.rows)
        if len(found):
            return self.examples(found, one, other)
        return "" if same else self._places(here, list(shared))

    # --- what gives way ---------------------------------------------------------------------------

    def _tell_taken(
        self, edition: Edition, group: tuple[Edition, ...], places: list[object]
    ) -> None:
        """Says for which periods an edition gives way. Who received it after the one that counts
        expects the opposite, and is warned."""
        winner = group[0]
        if not self.concerns(edition, winner):
            return
        where = self._places(edition, places)
        level: Level = "info"
        text = f"{where}: es gilt {winner.words} statt {edition.words}"
        told = edition.sha256 in winner.instead
        expected = edition.own or edition.shipped or edition.excerpt or told
        later = winner.shipped or edition.position > winner.position
        if not expected and later:
            level = "warning"
            text = (
                f"{edition.words} gilt nicht für {where}: dort gilt {winner.words}, mit neuerem "
                "Stand. Soll sie dennoch gelten: "
                f"{self._command(edition)}"
            )
        self.section.add(level, text)

    def _tell_other_numbers(
        self, edition: Edition, group: tuple[Edition, ...], places: list[object]
    ) -> None:
        """Says where an excerpt has other numbers than the table it is of. A newer table revises
        them; against one of the same age or an older one, somebody has to look."""
        for other in group:
            found = self.contradictions(edition.within(places), other)
            if found.empty or not self.concerns(edition, other):
                continue
            self.section.add(
                "info" if other.stand > edition.stand else "warning",
                f"{quantity(len(found), 'Wert lautet', 'Werte lauten')} in {edition.words} anders "
                f"als in {other.words}: {self.examples(found, edition, other)}. Es gilt "
                f"{other.file}",
            )

    def _command(self, edition: Edition) -> str:
        """What makes this edition count after all."""
        if self.about and edition.source == self.about.source:
            return self.about.command
        return receive_command(edition.path or Path(edition.file), instead=True)

    def _tell_lost(
        self, edition: Edition, group: tuple[Edition, ...], places: list[object]
    ) -> None:
        """Says which numbers of an older edition the one that counts does not state at all."""
        if not places or not self.concerns(edition, *group):
            return
        older = edition.within(places).rows
        older = older[older["status"].isin(_NUMBERS)]
        newer = pd.concat([one.within(places).rows for one in group])
        lost = older[~_is_in(older, newer, self.key)]
        if lost.empty:
            return
        text = "; ".join(self._lost(lost, newer))
        self.section.add(
            "warning",
            f"in {group[0].words} fehlen gegenüber {edition.words}: {text}. In dieser Tabelle gibt "
            "es dafür keine Angaben mehr",
        )

    def _lost(self, lost: pd.DataFrame, newer: pd.DataFrame) -> Iterator[str]:
        """What is gone, in words: whole regions, then whole categories, then single numbers."""
        gone = ~_is_in(lost, newer, ["region", "period"])
        for region, rows in list(lost[gone].groupby("region"))[:_MANY]:
            yield f"{self._region(region)} ({self._spans(rows, newer)})"
        more = lost.loc[gone, "region"].nunique() - _MANY
        if more > 0:
            yield f"{quantity(more, 'weitere Region', 'weitere Regionen')}"
        rest = lost[~gone]
        columns = [*self.dataset.dimensions, "measure"]
        gone = ~_is_in(rest, newer, ["period", *columns])
        for words, rows in list(rest[gone].groupby(columns))[:_MANY]:
            named = self._words(dict(zip(columns, words, strict=True)))
            yield f"{named} ({self._spans(rows, newer)})"
        rest = rest[~gone]
        if len(rest):
            first = self._cell(next(rest.itertuples(index=False)))
            yield f"{quantity(len(rest), 'einzelner Wert', 'einzelne Werte')}, zum Beispiel {first}"

    # --- what the newest edition lacks and an older one shows -------------------------------------

    def _tell_gaps(self, newest: Edition, owners: Mapping[object, tuple[Edition, ...]]) -> None:
        """Says which periods the newest edition lacks, and which file shows them instead."""
        if newest.excerpt:  # chosen by us, year by year: what it leaves out says nothing
            return
        starts = newest.rows["start"]
        first, last = starts.min(), starts.max()
        regions = set(newest.rows["region"])
        found: dict[tuple[Edition, Level], list[object]] = {}
        days: dict[Edition, dict[object, date]] = {}
        for place, group in owners.items():
            owner = group[0]
            if newest in group or not self.concerns(newest, owner):
                continue
            if owner not in days:
                days[owner] = owner.starts(isinstance(place, tuple))
            start = days[owner][place]
            # a town's tables come year by year: only what lies between its years is missing
            if (
                newest.own
                and isinstance(place, tuple)
                and not (place[0] in regions and first < start < last)
            ):
                continue
            lacks = start > first and first < last and not owner.excerpt
            level: Level = "warning" if lacks else "info"
            found.setdefault((owner, level), []).append(place)
        for (owner, level), places in found.items():
            where = self._places(owner, places)
            self.section.add(
                level,
                f"{newest.words} nennt nichts für {where}; gezeigt wird weiter {owner.words}",
            )

    # --- words ------------------------------------------------------------------------------------

    def _region(self, id: str) -> str:
        known = self.register.get(id)
        return f"Region {id} ({known.name})" if known else f"Region {id}"

    def _words(self, categories: Mapping[str, str]) -> str:
        """A measure and the categories that are not the total; those by their ids, as the
        definitions have them."""
        told = [id for name, id in categories.items() if name != "measure" and id != TOTAL]
        return " ".join([self.dataset.measure(categories["measure"]).name, *told])

    def _cell(self, row) -> str:
        names = [*self.dataset.dimensions, "measure"]
        words = self._words({name: getattr(row, name) for name in names})
        return f"{self._region(row.region)}, {row.period}, {words}"

    def _value(self, measure: str, value: float, status: str) -> str:
        if status not in _NUMBERS:
            return f"„{SIGNS[Status(status)].short}“"
        return number(value, self.dataset.measure(measure).shown_decimals)

    def _places(self, edition: Edition, places: list[object]) -> str:
        rows = edition.within(places).rows
        spans = self._spans(rows, edition.rows)
        if not edition.is_by_region:
            return spans
        regions = list(rows["region"].unique())
        named = [self._region(id) for id in regions[:_SHOWN]]
        more = len(regions) - len(named)
        return ", ".join([*named, *([f"{number(more)} weitere"] if more else []), spans])

    def _spans(self, rows: pd.DataFrame, among: pd.DataFrame) -> str:
        """The periods of these rows, those that follow each other `among` others as one span."""
        periods = pd.concat([rows[["start", "period"]], among[["start", "period"]]])
        labels = list(periods.sort_values("start")["period"].unique())
        wanted = set(rows["period"])
        spans: list[list[str]] = []
        before = None
        for label in labels:
            if label in wanted:
                if before in wanted:
                    spans[-1].append(label)
                else:
                    spans.append([label])
            before = label
        return ", ".join(s[0] if len(s) == 1 else f"{s[0]} bis {s[-1]}" for s in spans)


def _by_region(owners: Mapping[object, tuple[Edition, ...]]) -> dict[object, tuple[Edition, ...]]:
    """The same owners for each region that they state in their periods."""
    found: dict[object, tuple[Edition, ...]] = {}
    for group in dict.fromkeys(owners.values()):
        periods = [place for place, owner in owners.items() if owner == group]
        for one in group:
            rows = one.within(periods).rows
            for place in pd.MultiIndex.from_frame(rows[["region", "period"]]).unique():
                found[place] = (*found.get(place, ()), one)
    return found


def _is_in(rows: pd.DataFrame, others: pd.DataFrame, key: list[str]) -> pd.Series:
    """Whether a row has its key among the others."""
    known = pd.MultiIndex.from_frame(others[key].drop_duplicates())
    return pd.Series(pd.MultiIndex.from_frame(rows[key]).isin(known), index=rows.index)
