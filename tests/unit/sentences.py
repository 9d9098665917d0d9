"""A reader of sentences: finds every number in what an answer says, and whose it is.

A sentence names a category, a region and a period, and every number in it must be that of the
answer's row for them as it is shown there, or follow from two such rows (a difference, a rank, a
count). The reader knows German sentences, not the code that writes them. `faults` gives one line
for each number that is not where the sentence says it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from indicators import formats
from indicators.answers.answer import Answer
from indicators.definition import TOTAL
from indicators.release import Release

_PERIOD = re.compile(
    r"\b\d\d\.\d\d\.\d{4}\b|\b(?:WS )?(?:19|20)\d\d/\d\d\b|(?<=Jahr )(?:19|20)\d\d\b"
    r"|(?<=bis )20\d\d(?= voraussichtlich)"
)
_NUMBER = re.compile(r"[+−]?\d[\d.]*(?:,\d+)?(?!\w)")
_TAG = re.compile(r"⟦([RCPX]):([^⟧]*)⟧")
# A sentence ends at a point before a capital (or at the end), not at that of "31.12." or "1.234".
_END = re.compile(r"(?<=[^\d\s]\.) (?=[A-ZÄÖÜ⟦])|(?<=\d\.) (?=[A-ZÄÖÜ⟦](?!nd ))")


def number(text: str) -> float:
    """ "−1.234,5" → -1234.5"""
    return float(text.replace(".", "").replace("−", "-").replace("+", "").replace(",", "."))


@dataclass(frozen=True)
class Found:
    """A number in a sentence: as written, what stands before and behind it, and the tags whose it
    is (region, category and period; "" where no text names one)."""

    text: str
    before: str
    behind: str
    region: str
    category: str
    period: str

    @property
    def value(self) -> float:
        return number(self.text)


class Reader:
    """The words by which an answer's texts name regions, categories and periods."""

    def __init__(self, release: Release, answer: Answer, rows: list[dict]):
        self.release, self.answer, self.rows = release, answer, rows
        self.words = sorted(self._words(), key=lambda pair: -len(pair[0]))

    def read(self, *texts: str) -> Iterator[Found]:
        """All numbers of some texts that are read one behind the other, each with its context."""
        last = dict.fromkeys("RCP", "")
        for text in texts:
            for sentence in _END.split(self.tagged(text)):
                yield from self._sentence(sentence, last)

    def _sentence(self, sentence: str, last: dict[str, str]) -> Iterator[Found]:
        tags = [(m.start(), m.end(), m[1], m[2]) for m in _TAG.finditer(sentence)]
        spans = [(start, end) for start, end, _, _ in tags]
        for match in _NUMBER.finditer(sentence):
            if any(start <= match.start() < end for start, end in spans):
                continue
            whose = {}
            for kind in "RCP":
                of_kind = [(s, e, name) for s, e, k, name in tags if k == kind]
                after = [(s, name) for s, _, name in of_kind if s >= match.end()]
                earlier = [name for _, e, name in of_kind if e <= match.start()]
                between = sentence[match.end() : after[0][0]] if after else ""
                close = re.fullmatch(r"(?:[^\d⟦;,]|⟦X:⟧){0,45}\(", between)
                if close:  # "12,8 % (Stadt Hof)"
                    whose[kind] = after[0][1]
                elif earlier:
                    whose[kind] = earlier[-1]
                else:
                    whose[kind] = after[0][1] if after else last[kind]
            before, behind = sentence[: match.start()], sentence[match.end() :]
            yield Found(match[0].rstrip("."), before, behind, *whose.values())
        for _, _, kind, name in tags:
            if kind in last:
                last[kind] = name

    def tagged(self, text: str) -> str:
        """The text with what is no number of its own replaced by a tag."""
        text = text.replace(formats.NO_BREAK_SPACE, " ")
        held: list[str] = []

        def hold(tag: str):
            def replaced(_) -> str:
                held.append(tag)
                return f"\x00{len(held) - 1}\x00"

            return replaced

        for word, tag in self.words:
            pattern = word if tag.startswith("⟦C:") else rf"(?<!\w){re.escape(word)}(?!\w)"
            text = re.sub(pattern, hold(tag), text)
        text = _PERIOD.sub(lambda match: hold(f"⟦P:{match[0]}⟧")(match), text)
        while "\x00" in text:
            text = re.sub(r"\x00(\d+)\x00", lambda match: held[int(match[1])], text)
        return text

    def _words(self) -> Iterator[tuple[str, str]]:
        """Each with the tag that takes its place: R region, C category, X fixed words."""
        answer, catalog = self.answer, self.release.catalog
        ids = {row["region"] for row in self.rows} | {answer.view.region}
        ids |= {self.release.region(id).parent for id in ids} - {None}
        ids |= {"DG", self.release.region(answer.view.region).land} - {""}
        for id in ids:
            if id not in self.release.regions:
                continue
            region = self.release.region(id)
            yield from ((word, f"⟦R:{id}⟧") for word in (region.name, region.where))
            yield region.where[0].upper() + region.where[1:], f"⟦R:{id}⟧"
        yield from ((word, "⟦X:⟧") for word in self._fixed() if re.search(r"\d", word))
        yield from ((label, f"⟦P:{label}⟧") for label in {row["period"] for row in self.rows})
        dimension = catalog.dimensions.get(answer.view.by)
        for row in self.rows:
            name, id = row["category_name"], row["category"]
            if id == TOTAL or not dimension:
                continue
            told = re.escape(name)
            yield rf"{re.escape(dimension.name)}: {told}(?!\w)", f"⟦C:{id}⟧"
            yield rf"(?<!\w){told} (?=[−\d])", f"⟦C:{id}⟧ "
            yield rf"„{told}“", f"⟦C:{id}⟧"
            yield rf"(?<!\w){told}(?= (?:20|19)\d\d/)", f"⟦C:{id}⟧"
            if answer.indicator.grouped_by == dimension.id:
                land = self.release.region(answer.view.region).land
                words = answer.indicator.statement.group(id, name, land)
                yield rf"(?<!\w){re.escape(words)}(?!\w)", f"⟦C:{id}⟧"

    def _fixed(self) -> Iterator[str]:
        """Words with digits in them that tell no number: names, categories, units."""
        answer = self.answer
        dimensions = self.release.catalog.dimensions.values()
        yield from (c.name for d in dimensions for c in d.categories)
        yield from ("je 1.000", "je 100", "Rang 1 =", "Von 3 bis 5 Jahren", "von 3 bis 5 Jahren")
        yield from ("unter 3 als", "unter 3 mit")
        for row in answer.rows:
            yield from filter(None, (row.get("indicator_name"), row.get("unit"), row["selection"]))
        if not answer.indicator:
            return
        indicator = answer.indicator
        yield from (indicator.name, indicator.short_name, indicator.unit)
        yield from (indicator.numerator_name, indicator.denominator_name)
        for words in (indicator.statement.rest, indicator.statement.rest_one):
            yield from (part.strip(" „“()") for part in re.split(r"\{\w+\}", words))

    def row(self, found: Found) -> dict | None:
        """The row the sentence speaks of; None if there is none."""
        return self.at(found.region, found.category, found.period)

    def at(self, region: str, category: str, period: str) -> dict | None:
        region = region or self.answer.view.region
        mine = [r for r in self.rows if r["region"] == region]
        mine = [r for r in mine if r["category"] == (category or TOTAL)]
        if not period:
            period = self.answer.period or self._newest(mine)
        return next((r for r in mine if _of(r["period"], period)), None)

    def before(self, row: dict) -> dict | None:
        """The row of the same region and category in the year before."""
        year = _year(row["period"]) - 1
        return next(
            (
                r
                for r in self.rows
                if (r["region"], r["category"]) == (row["region"], row["category"])
                and _year(r["period"]) == year
            ),
            None,
        )

    @staticmethod
    def _newest(rows: Iterable[dict]) -> str:
        known = [r["period"] for r in rows if r["value"] is not None]
        return max(known, key=_year, default="")


def _of(period: str, told: str) -> bool:
    return period == told or (len(told) == 4 and period.endswith(told))


def _year(period: str) -> int:
    found = re.search(r"(?:19|20)\d\d", period)
    return int(found[0]) if found else 0


def shown_in(row: dict, *names: str) -> set[float]:
    return {float(row[name]) for name in names if row[name] is not None}


def expected(reader: Reader, found: Found) -> tuple[set[float], str]:
    """What the number may be where it stands, and in words what it was taken for."""
    row = reader.row(found)
    if row is None:
        return set(), f"no row of {found.region}, {found.category}, {found.period}"
    behind, before = found.behind, found.before
    if re.match(r"[^\d,;]{0,60}(mehr|weniger|höher|niedriger)( ⟦X:⟧| je \w+)? als im Vorj", behind):
        return _difference(row, reader.before(row)), "change to the year before"
    if re.search(r"als im Vorjahr \($", before):
        return _relative(row, reader.before(row)), "relative change"
    if before.endswith("Rang ") or re.search(r"Rang \S+ von $", before):
        return _rank(reader, row, before.endswith("Rang ")), "rank"
    if before.endswith("das sind "):
        return shown_in(row, "numerator"), "numerator"
    if re.search(r"das sind \S+ von $|Grundlage: $", before):
        return shown_in(row, "denominator"), "denominator"
    if before.endswith("voraussichtlich um "):
        return {round(abs(row["value"] - 100), 2)}, "growth since the first period"
    if behind.startswith("-mal"):
        return _withheld(reader, row), "how many are withheld"
    return shown_in(row, "value"), "value"


def _difference(row: dict, earlier: dict | None) -> set[float]:
    if earlier is None or earlier["value"] is None:
        return set()
    return {round(abs(row["value"] - earlier["value"]), 3)}


def _relative(row: dict, earlier: dict | None) -> set[float]:
    if earlier is None or not earlier["value"]:
        return set()
    return {formats.rounded((row["value"] / earlier["value"] - 1) * 100, 1)}


def _rank(reader: Reader, row: dict, is_rank: bool) -> set[float]:
    values = [r["value"] for r in reader.rows if r["value"] is not None]
    return {float(sum(v > row["value"] for v in values) + 1 if is_rank else len(values))}


def _withheld(reader: Reader, row: dict) -> set[float]:
    alike = [
        r for r in reader.rows if (r["region"], r["category"]) == (row["region"], row["category"])
    ]
    counts = {status: sum(r["status"] == status for r in alike) for r in alike for status in
              [r["status"]]}  # fmt: skip
    counts["protected"] = sum(counts.get(s, 0) for s in ("suppressed", "secret"))
    return set(map(float, counts.values()))


def faults(release: Release, answer: Answer, more: list[dict]) -> list[str]:
    """Every number of the answer's sentences that is not what the sentence says. `more` are rows of
    the undivided table of the same indicator, of which a flow's headline tells."""
    reader = Reader(release, answer, [*answer.rows, *more])
    told = []
    for name, texts in {
        "headline": [answer.headline],
        "text": [answer.reading_aid, answer.comparison],
        "alt": [answer.alt],
        "paragraph": [answer.paragraph],
    }.items():
        for found in reader.read(*filter(None, texts)):
            right, role = expected(reader, found)
            if found.value not in right:
                told.append(
                    f"{answer.view.to_query()}: {name}: {found.text} is no {role} of "
                    f"({found.region}, {found.category}, {found.period}): {sorted(right)}; "
                    f"{found.before[-60:]}[{found.text}]{found.behind[:40]}"
                )
        told += _broken(answer, name, texts)
    return told


def _broken(answer: Answer, name: str, texts: list[str]) -> list[str]:
    """Sentences with an empty word or a sign of code in them."""
    pattern = r"„“|\(\)|  | [,;.)]|\bNone\b|\bnan\b|[{}]|\(\s|: ,|^\s"
    return [
        f"{answer.view.to_query()}: {name}: broken: {text}"
        for text in texts
        if re.search(pattern, text)
    ]
