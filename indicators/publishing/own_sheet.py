"""One sheet of a town's own table, read by a mapping: every heading, word and sign, or what of it
nobody has explained.

Long because a refusal names the place and all that could be meant there, which every step knows of
the steps before it.
"""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from indicators import periods, regions
from indicators.catalog.definition import TOTAL
from indicators.catalog.mappings import PERIOD, PLACEHOLDER, REGION, Column, TableMapping
from indicators.catalog.meaning import Dataset
from indicators.errors import FileError
from indicators.formats import quantity
from indicators.periods import Period
from indicators.publishing import own_words
from indicators.publishing.own_meaning import (
    AMBIGUOUS,
    DAY_FIRST,
    SHORT_YEARS,
    TWO_YEARS,
    YEAR_FIRST,
    KnownWords,
    as_period,
    fits,
    matches,
    may_be_split,
    period_rule,
    plain,
    unmarked,
)
from indicators.regions import Region
from indicators.sources.grid import Sheet
from indicators.symbols import (
    OwnCell,
    Status,
    meanings,
    read_own_cell,
)

TITLE = "<title>"
FILE = "<file>"
# So many words are named in a message; more would hide what it says.
_NAMED = 8
_DIGITS = {"land": 2, "regierungsbezirk": 3, "kreis": 5, "gemeinde": 8}
# What stands in a title or a name of a file. Whole dates come first: the year and month of one
# are no school year, and its year alone is not the day it tells.
_A_PERIOD = re.compile(
    r"(?<!\d)((?:19|20)\d\d[-_.]\d\d?[-_.]\d\d?|\d\d?[-_.]\d\d?[-_.](?:19|20)\d\d"
    r"|(?:19|20)\d\d\s*[-–/_]\s*(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d)(?!\d)"
)
_A_SHORT_PERIOD = re.compile(r"(?<![\d./_-])_?(\d\d\s*[-–/_]\s*\d\d)(?![\d/-]|\.\d|_\d\d)")


class Reader:
    """Reads one sheet by a mapping; it exists to carry what every step needs to name a place."""

    def __init__(
        self,
        file: str,
        sheet: Sheet,
        mapping: TableMapping,
        dataset: Dataset,
        words: KnownWords,
        register: dict[str, Region],
    ):
        self.file, self.sheet, self.mapping = file, sheet, mapping
        self.dataset, self.register = dataset, register
        self.words, self.dimensions = words, words.dimensions
        self.period_rule = period_rule(mapping, dataset)
        self.signs = meanings(mapping.symbols)
        self.notes: list[str] = []

    # --- messages

    def wrong(self, reason: str, row: int | None = None, column: int | None = None) -> FileError:
        return FileError(
            self.file,
            reason,
            sheet=self.sheet.name,
            line=None if row is None else int(self.sheet.lines[row]),
            column=None if column is None else column + 1,
        )

    def unexplained(
        self, texts: list[str], kind: str, row: int | None, column: int | None
    ) -> FileError:
        """Texts that should be a period, region or category and are none; the place is that of the
        first one."""
        if row is not None and (row, column) in self.sheet.dates:
            return self.wrong(
                f"„{texts[0]}“ steht hier als Datum; Excel macht aus Texten wie „1/2“ oder "
                "„2008/09“ von selbst ein Datum. Nächster Schritt: die Zellen in Excel als Text "
                "formatieren und den Text neu eintragen",
                row,
                column,
            )
        if kind == PERIOD:
            what = f"keine Zeitangabe der Art {periods.TYPES[self.dataset.period.type]}"
        elif kind == REGION:
            what = "weder ein Regionalschlüssel noch Name oder Wort einer Region"
        else:
            what = f"als Ausprägung von {self.dimensions[kind].name} nicht erklärt"
        shown = _listing(texts) if any(texts) else "die leere Zelle"
        return self.wrong(
            f"{shown} {'ist' if len(texts) == 1 else 'sind'} {what}{self.hints(texts, kind)}. "
            f"Summen und Anmerkungen gehören unter skip_rows oder stop_at. Nächster Schritt: in "
            f"der Zuordnung {self.mapping.id} erklären"
            + (self.lines(texts, kind) if any(texts) else f" ([mapping.words.{kind}])"),
            row,
            column,
        )

    def hints(self, texts: list[str], kind: str) -> str:
        """What is known of words that are not understood, as the rest of a sentence."""
        if kind == PERIOD:
            split = [t for t in texts if TWO_YEARS.search(t) or SHORT_YEARS.search(t)]
            if split and not may_be_split(self.period_rule):
                return (
                    "; welcher Tag mit zwei Jahren gemeint ist, sagen in der Zuordnung year_is "
                    '("start" oder "end") und day ("01.03.")'
                )
            return ""
        several = {text: self.words.meanings(text, kind) for text in texts}
        hints = [
            f"„{text}“ kann {' oder '.join(self.words.said(id, kind) for id in ids)} heißen"
            for text, ids in several.items()
            if len(ids) > 1
        ]
        for text in texts:
            nearest = None if len(several[text]) > 1 else self.words.nearest(text, kind)
            if nearest:
                hints.append(f"am ähnlichsten ist {self.words.said(nearest, kind)}")
        return "".join(f"; {hint}" for hint in hints[:_NAMED])

    def lines(self, texts: list[str], kind: str) -> str:
        """The lines that would explain words: with the nearest meaning, or a place for it."""
        nearest = {text: self.words.nearest(text, kind) or "…" for text in texts[:_NAMED] if text}
        return f":\n\n{own_words.explaining(f'mapping.words.{kind}', nearest)}"

    # --- words to ids

    def meaning(self, text: str, kind: str, level: str | None = None) -> str | Period | None:
        """The region (that of this level it lies in), period or category a word means; None if
        nobody explains it."""
        word = plain(text)
        given = self.words.explained(word, kind)
        if given == AMBIGUOUS:
            return None
        if kind == PERIOD:
            try:
                return as_period(given or text, self.period_rule)
            except periods.PeriodError:
                return None
        if kind == REGION and word:
            key = given or regions.normalise(text)
            if not given and _of_level(key, level) not in self.register:
                key = _only(self.words.meanings(text, kind))
            key = _of_level(key, level)
            return key if key in self.register else None
        if given is not None or not word:
            return given
        return _only(self.words.meanings(text, kind))

    # --- the parts of the sheet

    def rows(self) -> pd.DataFrame:
        """All values of the sheet, a row each. Columns: region, period, start, dimensions, measure,
        value, status, flags, line and column of the cell."""
        first = self.header()
        body = self.chosen(first, self.body(first + self.mapping.header_rows))
        columns = list(self.columns(first, body))
        known = self.known_for_all(first)
        for index, column, _ in columns:
            for kind in column.kinds:
                known[kind] = self.labels(index, column, kind, body)
        blocks = [
            self.block(index, column, said, body, known)
            for index, column, said in columns
            if column.measure
        ]
        return pd.concat(blocks, ignore_index=True).assign(sheet=self.sheet.name)

    def header(self) -> int:
        """The first row of headings."""
        filled = self.sheet.texts != ""
        called = [self.mapping.header]
        for column in self.mapping.columns:
            if column.also and matches(column.headings[0], called[:1]):
                called += column.also
        for row in np.flatnonzero(filled.any(axis=1)):
            if matches(self.sheet.texts[row][filled[row]][0], called):
                return int(row)
        raise self.wrong(
            f"keine Zeile beginnt mit „{self.mapping.header}“; so sagt es die Zuordnung "
            f"{self.mapping.id} von der Kopfzeile. Nächster Schritt: dort header berichtigen oder "
            "prüfen, ob die richtige Datei angenommen wird"
        )

    def body(self, start: int) -> np.ndarray:
        """The rows that are taken: filled, above the end of the table, no subtotals."""
        texts = self.sheet.texts[start:]
        filled = texts != ""
        rows = np.flatnonzero(filled.any(axis=1))
        first = texts[rows, filled[rows].argmax(axis=1)]
        numbers, words = pd.factorize(first)
        # a table ends where a line begins so; it need not be the whole text
        ends = np.array([matches(w, [f"{s}*" for s in self.mapping.stop_at]) for w in words])
        skipped = np.array([matches(w, self.mapping.skip_rows) for w in words])
        if not len(rows):
            raise self.wrong("unter der Kopfzeile steht nichts", start - 1)
        end = np.flatnonzero(ends[numbers])
        rows, numbers = (rows[: end[0]], numbers[: end[0]]) if len(end) else (rows, numbers)
        rows = rows[~skipped[numbers]] + start
        if not len(rows):
            raise self.wrong("unter der Kopfzeile bleibt keine Zeile, die gelesen wird", start - 1)
        return rows

    def chosen(self, first: int, body: np.ndarray) -> np.ndarray:
        """The rows that say in some columns what the mapping asks for; the others are noted."""
        headings = [" / ".join(heading) for heading in self.headings(first)]
        for heading, words in self.mapping.rows.items():
            found = [i for i, text in enumerate(headings) if matches(text, [heading])]
            if len(found) != 1:
                raise self.wrong(
                    f"die Spalte „{heading}“, nach der die Zuordnung {self.mapping.id} unter rows "
                    f"Zeilen auswählt, {'steht mehrmals' if found else 'fehlt'} in der Datei. "
                    "Nächster Schritt: die Überschrift dort oder in der Datei berichtigen",
                    first,
                )
            wanted = [words] if isinstance(words, str) else words
            texts = pd.Series(self.sheet.texts[body, found[0]])
            takes = texts.map(lambda text, wanted=wanted: matches(text, wanted)).astype(bool)
            self.note_left_out(heading, texts[~takes])
            for word in wanted:
                if not texts.map(lambda text, word=word: matches(text, [word])).any():
                    self.notes.append(f"in der Spalte „{heading}“ steht nirgends „{word}“ (rows)")
            if not takes.any():
                raise self.wrong(
                    f"in der Spalte „{heading}“ steht in keiner Zeile "
                    f"{' oder '.join(f'„{word}“' for word in wanted)}, was die Zuordnung "
                    f"{self.mapping.id} unter rows verlangt; dort steht "
                    f"{_listing(texts.unique())}. Nächster Schritt: rows berichtigen",
                    first,
                    found[0],
                )
            body = body[takes.to_numpy()]
        return body

    def note_left_out(self, heading: str, texts: pd.Series) -> None:
        if len(texts):
            counted = [f"{n}-mal „{text}“" for text, n in texts.value_counts().items()]
            self.notes.append(
                f"{quantity(len(texts), 'Zeile', 'Zeilen')} nach der Spalte „{heading}“ nicht "
                f"gelesen (rows): {', '.join(counted[:_NAMED])}"
                + (" und andere" if len(counted) > _NAMED else "")
            )

    def headings(self, first: int) -> list[tuple[str, ...]]:
        return headings_of(self.sheet, first, self.mapping.header_rows)

    def columns(
        self, first: int, body: np.ndarray
    ) -> Iterator[tuple[int, Column, dict[str, str | Period]]]:
        """Index, explanation and what the heading itself says, of every column that is read."""
        found = set()
        for index, heading in enumerate(self.headings(first)):
            column, said = self.explained(heading, first, index)
            if column is None:
                empty = not heading and (self.sheet.texts[body, index] == "").all()
                if empty or self.skipped(heading) or self.chooses(heading):
                    continue
                shown = (
                    f"die Überschrift „{' / '.join(heading)}“"
                    if heading
                    else ("eine Spalte ohne Überschrift")
                )
                raise self.wrong(
                    f"{shown} ist in der Zuordnung {self.mapping.id} nicht erklärt"
                    f"{self.like(heading)}. Nächster Schritt: sie dort unter [[mapping.columns]] "
                    "aufnehmen, oder unter skip_columns, wenn sie nicht gelesen werden soll"
                    f"{self.lines_for(heading)}",
                    first + self.mapping.header_rows - 1,
                    index,
                )
            found.add(id(column))
            yield index, column, said
        for column in self.mapping.columns:
            if id(column) not in found:
                raise self.wrong(
                    f"die Spalte „{' / '.join(column.headings)}“ der Zuordnung {self.mapping.id} "
                    "fehlt in der Datei. Nächster Schritt: die Überschrift dort oder in der Datei "
                    "berichtigen",
                    first,
                )

    def like(self, heading: tuple[str, ...]) -> str:
        """Which heading of the mapping is almost this one, as the rest of a sentence."""
        wanted = [own_words.Known(p, p) for c in self.mapping.columns for p in c.headings if p]
        words = own_words.Words(one for one in wanted if not PLACEHOLDER.search(one.word))
        near = [known.word for part in heading if (known := words.nearest(part))]
        return f"; am ähnlichsten ist dort „{near[0]}“" if near else ""

    def lines_for(self, heading: tuple[str, ...]) -> str:
        """The lines that explain a heading where one of the columns takes any category."""
        for kind in {name for column in self.mapping.columns for name in column.placeholders}:
            for text in heading:
                if kind != PERIOD and (near := self.words.nearest(text, kind)):
                    lines = own_words.explaining(f"mapping.words.{kind}", {text: near})
                    return (
                        f"; ist {self.words.said(near, kind)} gemeint, in der Zuordnung:\n\n{lines}"
                    )
        return ""

    def chooses(self, heading: tuple[str, ...]) -> bool:
        return matches(" / ".join(heading), list(self.mapping.rows))

    def skipped(self, heading: tuple[str, ...]) -> bool:
        return "*" in self.mapping.skip_columns or any(
            matches(part, self.mapping.skip_columns) for part in heading
        )

    def explained(
        self, heading: tuple[str, ...], first: int, index: int
    ) -> tuple[Column | None, dict[str, str | Period]]:
        """The explanation of a heading: printed as it is, else with any ending, else one that
        stands for periods, regions or categories."""
        exact: list[tuple[Column, dict[str, str | Period]]] = []
        open_end: list[tuple[Column, dict[str, str | Period]]] = []
        placed: list[tuple[Column, dict[str, str | Period]]] = []
        for column in self.mapping.columns:
            for headings in (column.headings, *((other,) for other in column.also)):
                wanted = tuple(part for part in headings if part)
                if len(wanted) != len(heading):
                    continue
                for said in self.readings(wanted, heading, column):
                    loose = any(part.endswith("*") for part in wanted)
                    (placed if said else open_end if loose else exact).append((column, said))
        if exact:
            fits = exact
        elif any(matches(p, [s for s in self.mapping.skip_columns if s != "*"]) for p in heading):
            return None, {}
        else:
            fits = open_end or placed
        if len(fits) > 1:
            raise self.wrong(
                f"die Überschrift „{' / '.join(heading)}“ ist in der Zuordnung {self.mapping.id} "
                "mehrfach erklärt oder lässt sich auf mehrere Arten lesen. Nächster Schritt: dort "
                'die Spalte genauer benennen; sagt sie mehreres, is = ["region", "…"] schreiben',
                first,
                index,
            )
        return fits[0] if fits else (None, {})

    def readings(
        self, wanted: tuple[str, ...], heading: tuple[str, ...], column: Column
    ) -> list[dict[str, str | Period]]:
        """All ways in which texts of a heading are what a column wants: what each says."""
        found: list[dict[str, str | Period]] = [{}]
        for part, text in zip(wanted, heading, strict=True):
            if PLACEHOLDER.search(part):
                ways = self.placed(part, text, column)
            else:
                ways = [{}] if matches(text, [part]) else []
            found = [before | way for before in found for way in ways]
        return found

    def placed(self, part: str, text: str, column: Column) -> list[dict[str, str | Period]]:
        """What a text says that has the form of "Plätze <period>"; empty if it has not."""
        literals = PLACEHOLDER.split(part)
        text = re.sub(r"\s+", " ", unmarked(text)).strip()
        ways = []
        for texts in _cut(text, literals[::2]):
            said = {
                kind: self.meaning(piece, kind, column.level)
                for kind, piece in zip(literals[1::2], texts, strict=True)
            }
            known = {kind: meant for kind, meant in said.items() if meant is not None}
            if len(known) == len(said) and known not in ways:
                ways.append(known)
        return ways

    def known_for_all(self, first: int) -> dict[str, str | Period | np.ndarray]:
        """What holds for every value of the sheet: the mapping says so, or the sheet's name."""
        known: dict[str, str | Period | np.ndarray] = dict.fromkeys(self.dimensions, TOTAL)
        known |= self.mapping.fixed
        if self.mapping.region:
            known[REGION] = self.mapping.region
        if self.mapping.period in (TITLE, FILE):
            known[PERIOD] = self.period_in_words(first)
        elif self.mapping.period:
            known[PERIOD] = as_period(self.mapping.period, self.period_rule)
        if kind := self.mapping.sheet_is:
            meant = self.meaning(self.sheet.name, kind)
            if meant is None:
                raise self.unexplained([self.sheet.name], kind, None, None)
            known[kind] = meant
        return known

    def period_in_words(self, first: int) -> Period:
        """The one period that the title or the file's name tells."""
        titled = self.mapping.period == TITLE
        above = self.sheet.texts[:first]
        texts = [*above[above != ""]] if titled else [self.file]
        told = self.periods_in(texts, _A_PERIOD)
        if not told and may_be_split(self.period_rule):
            told = self.periods_in(texts, _A_SHORT_PERIOD)
        if len(told) != 1:
            where = "Über der Kopfzeile" if titled else "Im Dateinamen"
            kind = periods.TYPES[self.dataset.period.type]
            raise self.wrong(
                f"{where} muss genau eine Zeitangabe der Art {kind} stehen, gefunden: "
                f"{', '.join(told) or 'keine'}"
            )
        return told.popitem()[1]

    def periods_in(self, texts: list[str], pattern: re.Pattern) -> dict[str, Period]:
        """The periods that stand in these texts, by their labels."""
        told = {}
        for text in (found for words in texts for found in pattern.findall(words)):
            text = YEAR_FIRST.sub(r"\3.\2.\1", DAY_FIRST.sub(r"\1.\2.\3", text))
            try:
                period = as_period(text, self.period_rule)
            except periods.PeriodError:
                continue
            told[period.label] = period
        return told

    def labels(self, index: int, column: Column, kind: str, body: np.ndarray) -> np.ndarray:
        """The region, period or category each row names in a column."""
        texts = pd.Series(self.sheet.texts[body, index])
        if column.fill_down:
            texts = texts.where(texts != "").ffill().fillna("")
        numbers, words = pd.factorize(texts)
        found = [self.meaning(word, kind, column.level) for word in words]
        if lacking := [number for number, meaning in enumerate(found) if meaning is None]:
            row = int(body[np.argmax(numbers == lacking[0])])
            raise self.unexplained([words[number] for number in lacking], kind, row, index)
        return np.array([*found, None], dtype=object)[:-1][numbers]

    def block(
        self,
        index: int,
        column: Column,
        said: dict[str, str | Period],
        body: np.ndarray,
        known: dict[str, str | Period | np.ndarray],
    ) -> pd.DataFrame:
        """The values of one column of the sheet, a row each, in the columns of `rows`."""
        of_all = known | said | column.where
        period = of_all[PERIOD]
        return pd.DataFrame(
            {
                "region": of_all[REGION],
                "period": _each(period, lambda one: one.label),
                "start": _each(period, lambda one: one.start),
                **{name: of_all[name] for name in self.dimensions},
                "measure": column.measure,
                **self.values(index, column, body),
                "line": self.sheet.lines[body],
                "column": index + 1,
            }
        )

    def values(self, index: int, column: Column, body: np.ndarray) -> dict[str, np.ndarray]:
        """Number, status and flag of every cell of a column; each distinct text is read once."""
        texts, stored = self.sheet.texts[body, index], self.sheet.numbers[body, index]
        if column.counts:
            return self.counted(index, body)
        assert column.measure  # a column that counts no rows holds a measure
        measure = self.dataset.measure(column.measure)
        whole = measure.additive and measure.unit == "Anzahl" and measure.shown_decimals == 0
        numbers, places = pd.factorize(
            pd.Series(texts) + np.where(np.isnan(stored), "", "\x00"), use_na_sentinel=False
        )
        read: list[OwnCell] = []
        for number, text in enumerate(places):
            at = int(np.argmax(numbers == number))
            row = int(body[at])
            # what Excel holds as a number is in no need of a decimal sign
            decimal = self.mapping.decimal if np.isnan(stored[at]) else ","
            cell = read_own_cell(text.removesuffix("\x00"), self.signs, decimal)
            if (
                cell is None
                or (cell.grouped and not whole)
                or (row, index) in self.sheet.dates
                or (cell.percent and measure.unit != "%")
            ):
                raise self.unreadable(texts[at], cell, row, index)
            value = cell.value
            if value is not None and not np.isnan(stored[at]):
                value = stored[at]
            if value is not None and not cell.percent:
                value = round(value * column.factor, 10)
            if whole and value is not None and value != round(value):
                raise self.wrong(
                    f"„{texts[at]}“ ist keine ganze Zahl, {measure.name} wird aber gezählt. "
                    "Nächster Schritt: prüfen, ob die Spalte zu dieser Messgröße gehört, und ob "
                    f"decimal (hier „{self.mapping.decimal}“) stimmt",
                    row,
                    index,
                )
            read.append(OwnCell(value, cell.status, cell.flag))
        merged = {row for row, column in self.sheet.covered if column == index}
        covered = sorted(merged & set(body.tolist()))
        if covered:
            raise self.wrong(
                "hier ist ein Wert über mehrere Zellen verbunden; wozu er gehört, ist nicht "
                "erkennbar. Nächster Schritt: die Verbindung in Excel aufheben",
                covered[0],
                index,
            )
        values = np.array([np.nan if c.value is None else c.value for c in read], dtype=float)
        return {
            "value": values[numbers],
            "status": np.array([c.status.value for c in read], dtype=object)[numbers],
            "flags": np.array([c.flag for c in read], dtype=object)[numbers],
        }

    def counted(self, index: int, body: np.ndarray) -> dict[str, np.ndarray]:
        """One for every filled cell of a list, none for an empty one; a sign keeps its meaning."""
        texts = pd.Series(self.sheet.texts[body, index])
        signs = [
            OwnCell(0.0, Status.ZERO) if text == "" else read_own_cell(text, self.signs, ",")
            for text in texts
        ]
        signs = [sign if sign and sign.status != Status.OK else None for sign in signs]
        status = np.array([(sign.status if sign else Status.OK).value for sign in signs], object)
        value = np.array([sign.value if sign else 1.0 for sign in signs], dtype=float)
        return {"value": value, "status": status, "flags": np.full(len(texts), "", dtype=object)}

    def unreadable(self, text: str, cell: OwnCell | None, row: int, column: int) -> FileError:
        if (row, column) in self.sheet.dates or re.match(r"\d?\d?\.? ?[A-Z][a-zä]{2}\b", text):
            reason = (
                f"„{text}“ ist ein Datum; Excel macht aus Texten wie „1/2“ oder „1.2“ von selbst "
                "ein Datum. Nächster Schritt: die Zellen in Excel als Zahl oder Text formatieren "
                "und den Wert neu eintragen"
            )
        elif cell is not None and cell.percent:
            reason = (
                f"„{text}“ ist ein Anteil, die Messgröße wird aber nicht in Prozent gemessen. "
                "Nächster Schritt: prüfen, ob die Spalte zu dieser Messgröße gehört"
            )
        else:
            other = "." if self.mapping.decimal == "," else ","
            reason = (
                f"„{text}“ ist weder eine Zahl noch ein erklärtes Zeichen. Nächster Schritt: das "
                f"Zeichen in der Zuordnung {self.mapping.id} unter [mapping.symbols] erklären; "
                f'steht vor den Nachkommastellen ein „{other}“, dort decimal = "{other}" setzen'
            )
        return self.wrong(reason, row, column)


def headings_of(sheet: Sheet, first: int, header_rows: int) -> list[tuple[str, ...]]:
    """The headings of every column. A text in an upper row that has others below it stands for the
    columns to its right up to the next one; cells merged downwards count once."""
    last = first + header_rows
    head = sheet.texts[first:last].copy()
    for row, column in sheet.covered:
        if first < row < last and head[row - first, column] == sheet.texts[row - 1, column]:
            head[row - first, column] = ""
    for row in range(len(head) - 1):
        grouped = (head[row + 1 :] != "").any(axis=0)
        for column in range(1, head.shape[1]):
            if head[row, column] == "" and grouped[column] and grouped[column - 1]:
                head[row, column] = head[row, column - 1]
    return [tuple(text for text in column if text != "") for column in head.T]


def _of_level(key: str | None, level: str | None) -> str | None:
    """The key of the region of this level that a region lies in, or is."""
    if key is None or level is None:
        return key
    whole, _, _ = key.partition("-")
    digits = _DIGITS[level]
    return whole[:digits] if whole.isdigit() and len(whole) >= digits else None


def _cut(text: str, literals: list[str]) -> Iterator[list[str]]:
    """All ways to cut a text into what stands between these literals, and what that is. A * at the
    end of the last literal stands for any ending."""
    head, *rest = literals
    if not rest:
        if fits(text.strip().casefold(), head):
            yield []
        return
    start = re.sub(r"\s+", " ", head)
    if text[: len(start)].casefold() != start.casefold():
        return
    text = text[len(start) :]
    following = re.sub(r"\s+", " ", rest[0]).removesuffix("*").casefold()
    for end in range(1, len(text) + 1):
        if text[end : end + len(following)].casefold() == following:
            for more in _cut(text[end:], rest):
                yield [text[:end], *more]


def _listing(words) -> str:
    shown = ", ".join(f"„{word}“" for word in words[:_NAMED])
    return shown + (" und anderes" if len(words) > _NAMED else "")


def _only(found: list[str]) -> str | None:
    return found[0] if len(found) == 1 else None


def _each(value, what: Callable):
    """`what` of one thing, or of every thing in an array (each distinct one once)."""
    if not isinstance(value, np.ndarray):
        return what(value)
    numbers, distinct = pd.factorize(value)
    return np.array([what(one) for one in distinct], dtype=object)[numbers]
