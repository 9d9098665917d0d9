"""A reader of sentences: finds every number in what an answer says, and whose it is.

A sentence names a category, a region and a period, and every number in it must be that of the
answer's row for them as it is shown there, or follow from two such rows (a difference, a rank, a
count). The reader knows German sentences, not the code that writes them. `faults` gives one line
for each number that is not where the sentence says it is.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from indicators import formats
from indicators.answers.answer import Answer
from indicators.catalog.definition import TOTAL
from indicators.release.releases import Release
from indicators.view import View

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
                apart = kind == "C" and re.search(r": (am \w+ bei )?$", between) and not earlier
                close = re.fullmatch(r"(?:[^\d⟦;,]|⟦X:⟧){0,45}\(", between)
                if close:  # "12,8 % (Stadt Hof)"
                    whose[kind] = after[0][1]
                elif apart:  # "… verließen 9,9 % die Schule: weiblich 8,1 %": of all of them
                    whose[kind] = ""
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
            # "8 Jahre" is a category, and no part of "43,8 Jahre"
            whole = rf"(?<!\w)(?<!\d,){re.escape(word)}(?!\w)"
            pattern = word if tag.startswith("⟦C:") else whole
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
        yield from (name for d in dimensions for name in (d.name, *(c.name for c in d.categories)))
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
            # what the subtitle says of all of it
            asked = self.answer.period or self.answer.view.period
            period = asked or self._newest(mine)
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
    return period.removeprefix("WS ") == told.removeprefix("WS ") or (
        len(told) == 4 and period.endswith(told)
    )


def _year(period: str) -> int:
    found = re.search(r"(?:19|20)\d\d", period)
    return int(found[0]) if found else 0


def shown_in(row: dict, *names: str) -> set[float]:
    return {float(row[name]) for name in names if row[name] is not None}


def expected(reader: Reader, found: Found) -> tuple[set[float], str]:
    """What the number may be where it stands, and in words what it was taken for."""
    if reader.answer.view.kind == "map" and re.match(
        r" (Kreise|Gemeinden|Stadtteile)", found.behind
    ):
        return {float(len(reader.answer.figure.extent or reader.answer.figure.region_ids))}, "areas"
    if re.search(r"nur für (\S+ von )?$", found.before):
        return _of_how_many(reader, found.before.endswith("nur für ")), "regions that are known"
    if found.behind.startswith("-mal"):  # also of a region without any number
        return _withheld(reader, found), "how many are withheld"
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
    if re.match(r" \w+ mehr als Bedarf", behind):  # a gap is need minus places
        return {-value for value in shown_in(row, "value")}, "surplus"
    if before.endswith("(") and re.match(r" von [\d.]+\)", behind):
        return shown_in(row, "numerator"), "numerator"
    if re.search(r"\([\d.]+ von $", before) and behind.startswith(")"):
        return shown_in(row, "denominator"), "denominator"
    since = re.search(r"Veränderung seit ⟦P:([^⟧]*)⟧", behind)
    if since and before.endswith("(") and behind.startswith(" %)"):
        return _growth(row, reader.at(found.region, found.category, since[1])), "growth"
    if before.endswith("das sind "):
        return shown_in(row, "numerator"), "numerator"
    if re.search(r"das sind \S+ von $|Grundlage: $", before):
        return shown_in(row, "denominator"), "denominator"
    if before.endswith("voraussichtlich um "):
        return {round(abs(row["value"] - 100), 2)}, "growth since the first period"
    return shown_in(row, "value"), "value"


def _difference(row: dict, earlier: dict | None) -> set[float]:
    if earlier is None or earlier["value"] is None:
        return set()
    return {round(abs(row["value"] - earlier["value"]), 3)}


def _relative(row: dict, earlier: dict | None) -> set[float]:
    if earlier is None or not earlier["value"]:
        return set()
    return {formats.rounded((row["value"] / earlier["value"] - 1) * 100, 1)}


def _growth(row: dict, first: dict | None) -> set[float]:
    if first is None or not first["value"]:
        return set()
    return {formats.rounded((row["value"] / first["value"] - 1) * 100, 0)}


def _rank(reader: Reader, row: dict, is_rank: bool) -> set[float]:
    values = [r["value"] for r in reader.rows if r["value"] is not None]
    return {float(sum(v > row["value"] for v in values) + 1 if is_rank else len(values))}


def _of_how_many(reader: Reader, is_known: bool) -> set[float]:
    """How many of the Kreise of the own Land have a value, or how many there are: a joint region is
    ranked in place of its members."""
    if is_known:
        known = {row["region"] for row in reader.answer.rows if row["value"] is not None}
        return {float(len(known))}
    own = reader.release.region(reader.answer.view.region)
    kreise = {
        region.id
        for region in reader.release.regions.values()
        if region.is_kreis and not region.valid_to and region.land == own.land
    }
    if reader.answer.view.kind == "ranking" and own.id in {r["region"] for r in reader.answer.rows}:
        kreise = kreise - set(own.parts) | {own.id}
    return {float(len(kreise))}


def _withheld(reader: Reader, found: Found) -> set[float]:
    place = found.region or reader.answer.view.region, found.category or TOTAL
    alike = [r for r in reader.rows if (r["region"], r["category"]) == place]
    counts = {status: sum(r["status"] == status for r in alike) for r in alike for status in
              [r["status"]]}  # fmt: skip
    counts["protected"] = sum(counts.get(s, 0) for s in ("suppressed", "secret"))
    return set(map(float, counts.values()))


def faults(release: Release, answer: Answer, ask: Callable[[View], Answer]) -> list[str]:
    """Every number of the answer's sentences that is not what the sentence says. `ask` gives the
    answers to other views: a flow's headline tells of an undivided table, a profile's example of
    the series of one indicator."""
    told = [fault for name, texts in said(answer).items() for fault in _broken(answer, name, texts)]
    if answer.view.kind in _OF_THEIR_OWN:
        return told + _OF_THEIR_OWN[answer.view.kind](release, answer, ask)
    reader = Reader(release, answer, answer.rows)
    for name, texts in said(answer).items():
        told += _wrong(reader, name, *texts)
    return told


def said(answer: Answer) -> dict[str, list[str]]:
    """Texts that are read one behind the other, by what they are."""
    found = {
        "headline": [answer.headline],
        "text": [answer.reading_aid, answer.comparison],
        "alt": [answer.alt],
        "paragraph": [answer.paragraph],
    }
    return {name: [text for text in texts if text] for name, texts in found.items()}


def _wrong(reader: Reader, name: str, *texts: str) -> list[str]:
    told = []
    for found in reader.read(*texts):
        right, role = expected(reader, found)
        if found.value not in right:
            told.append(
                f"{reader.answer.view.to_query()}: {name}: {found.text} is no {role} of "
                f"({found.region}, {found.category}, {found.period}): {sorted(right)}; "
                f"{found.before[-60:]}[{found.text}]{found.behind[:40]}"
            )
    return told


# --- kinds that tell of more than one indicator, or reckon ----------------------------------------


def _among(reader: Reader, name: str, text: str, right: Iterable[float]) -> list[str]:
    """The numbers of the text that are none of these."""
    right = set(map(float, right))
    return [
        f"{reader.answer.view.to_query()}: {name}: {found.text} is none of {sorted(right)}: {text}"
        for found in reader.read(text)
        if abs(found.value) not in right
    ]


def _flow(release: Release, answer: Answer, ask) -> list[str]:
    undivided = ask(answer.view.with_(kind="table", settings=()))
    reader = Reader(release, undivided, undivided.rows)
    told = (
        _wrong(reader, "headline", answer.headline) if " verteilen " not in answer.headline else []
    )
    aid = answer.reading_aid.replace(formats.NO_BREAK_SPACE, " ")
    found = re.match(r"So verteilen sich ([\d.]+) (.+?) im Schuljahr (\S+): (.*)\.$", aid)
    if found is None:
        return told
    origin = re.search(r"\((.*)\)$", found[2])
    ways = {
        tuple(row["category_name"].split(" → ")): row
        for row in answer.rows
        if origin is None or row["category_name"].startswith(f"{origin[1]} → ")
    }
    totals = {row["denominator"] for row in ways.values()}
    if totals != {number(found[1])}:
        told.append(f"{answer.view.to_query()}: {found[1]} is not {totals}")
    shares = {row["value"]: way for way, row in ways.items()}
    pairs = re.findall(r"(?:^|, | und )(.+?) ([\d.,]+) %", found[4])
    named = {(way[1], row["value"]) for way, row in ways.items()}
    told += [
        f"{answer.view.to_query()}: {name} {share} is none of {shares}"
        for name, share in pairs
        if (name, number(share)) not in named
    ]
    return told if pairs else [*told, f"{answer.view.to_query()}: no shares in {aid}"]


def _balance(release: Release, answer: Answer, ask) -> list[str]:
    reader = Reader(release, answer, answer.rows)
    (whole, *parts) = [row["gap"] for row in answer.rows]
    known = [gap for gap in parts if gap is not None]
    short, spare = [-g for g in known if g < 0], sum(g for g in known if g > 0)
    worst = max(short, default=0)
    right = [sum(short), worst, spare, len(short), len(known), short.count(worst)]
    right += [answer.rows[0][side] or 0 for side in ("numerator", "denominator")]
    told = _among(reader, "headline", answer.headline, [*right, abs(whole or 0)])
    example = answer.rows[1 + parts.index(-worst)] if worst else answer.rows[0]
    right = [example["numerator"] or 0, example["denominator"] or 0, abs(example["gap"] or 0)]
    return told + _among(reader, "text", answer.reading_aid, right)


def _example(release: Release, answer: Answer, ask) -> list[str]:
    """The Lesehilfe of a profile or a chain is that of the first indicator with a number."""
    row = next((r for r in answer.rows if r["value"]), None)
    if row is None or not answer.reading_aid:
        return []
    view = View("trend", row["indicator"], answer.view.region, period=row["period"])
    series = ask(view)
    if answer.view.kind == "chain" and not series.reading_aid.startswith(answer.reading_aid[:20]):
        return []
    return _wrong(Reader(release, series, series.rows), "text", answer.reading_aid)


def _profile(release: Release, answer: Answer, ask) -> list[str]:
    reader = Reader(release, answer, answer.rows)
    known = len({row["indicator"] for row in answer.rows if row["value"] is not None})
    theme = answer.view.theme
    every = sum(theme in ("", i.theme) for i in release.catalog.indicators.values())
    told = _among(reader, "headline", answer.headline, [known, every])
    return told + _example(release, answer, ask)


def _chain(release: Release, answer: Answer, ask) -> list[str]:
    reader = Reader(release, answer, answer.rows)
    telling = {
        (figure.indicator, figure.label)
        for step in release.catalog.chain_steps.values()
        for figure in step.figures
        if figure.tells
    }
    waited = [
        row["value"]
        for row in answer.rows
        if row["value"] is not None and (row["indicator"], row["figure"]) in telling
    ]
    counts = [sum(row["value"] is not None for row in answer.rows), len(answer.rows)]
    told = _among(reader, "headline", answer.headline, waited or counts)
    for row in answer.rows:
        decimals = release.catalog.indicators[row["indicator"]].shown_decimals
        if row["value"] is not None:
            decimals = 0 if row["unit"] == "Anzahl" else decimals
            spoken = f"{row['figure']} {formats.with_unit(row['value'], row['unit'], decimals)}"
            if spoken not in answer.alt:
                told.append(f"{answer.view.to_query()}: alt: no „{spoken}“")
    return told + _example(release, answer, ask)


def _notable(release: Release, answer: Answer, ask) -> list[str]:
    reader = Reader(release, answer, answer.rows)
    sorts = [row["sort"] for row in answer.rows]
    told = _among(reader, "headline", answer.headline, [sorts.count(sort) for sort in sorts])
    for row in answer.rows:
        right = [abs(row[name]) for name in ("value", "difference", "other_value")]
        right.append(formats.rounded(abs(row["value"] / (row["other_value"] or 1) - 1) * 100, 1))
        own = ask(View("trend", row["indicator"], row["region"], period=row["period"]))
        words = Reader(release, own, own.rows)
        told += _among(words, "sentence", row["sentence"], right)
    return told


def _together(release: Release, answer: Answer, ask) -> list[str]:
    """Every part of the headline is a finding of one of the indicators, in their order."""
    ids = list(dict.fromkeys(row["indicator"] for row in answer.rows))
    parts = answer.headline.split("; dort ")
    told = [] if len(parts) == len(ids) else [f"{answer.view.to_query()}: {parts} for {ids}"]
    for id, part in zip(ids, parts, strict=False):
        rows = [row for row in answer.rows if row["indicator"] == id]
        own = replace(ask(View("trend", id, answer.view.region)), rows=rows)
        told += _wrong(Reader(release, own, own.rows), "headline", part)
    return told


def _panels(release: Release, answer: Answer, ask) -> list[str]:
    """Both ends that the headline names are rows of its period, and no row lies beyond them."""
    now = [r for r in answer.rows if r["period"] == answer.period and r["value"] is not None]
    now = [r for r in now if not answer.view.by or r["category"] != TOTAL]
    headline = answer.headline.replace(formats.NO_BREAK_SPACE, " ")
    told, ends = [], []
    for word in ("am höchsten", "am niedrigsten"):
        named = re.search(rf"{word} (.+?) \(([−\d.,]+)([^()]*)\)", headline)
        if named is None or re.match(r"in \d+ Fällen", named[1]):
            continue
        # a gap is need minus places
        value = number(named[2]) * (-1 if "mehr als Bedarf" in named[3] else 1)
        end = [r for r in now if _is_named(release, answer, r, named[1]) and r["value"] == value]
        told += [] if end else [f"{answer.view.to_query()}: {named[0]} is no row"]
        ends += [row["value"] for row in end[:1]]
    if len(ends) == 2 and answer.indicator.unit == "%" and not answer.view.by:
        main = [r["value"] for r in now if r["region"] in (r["panel"], answer.view.region)]
        main = main or [r["value"] for r in now]
        if ends != [max(main), min(main)] and 0 not in main:
            told.append(f"{answer.view.to_query()}: {ends} are not the ends of {main}")
    sides = ("value", "numerator", "denominator")
    right = {abs(r[side]) for r in answer.rows for side in sides if r[side] is not None}
    values = [r["value"] for r in answer.rows if r["value"] is not None]
    right |= {abs(round(a - b, 3)) for a in values for b in values}
    right |= {formats.rounded(abs(a / b - 1) * 100, 1) for a in values for b in values if b}
    return told + _among(Reader(release, answer, answer.rows), "text", answer.reading_aid, right)


def _is_named(release: Release, answer: Answer, row: dict, words: str) -> bool:
    place = release.region(row["region"]).where
    names = (row["panel_name"], row["category_name"]) if answer.view.by else (row["panel_name"],)
    if row["region"] == row["panel"]:
        return place in words and (not answer.view.by or f"„{names[-1]}“" in words)
    return f"„{', '.join(names)}“" in words


def _flows(release: Release, answer: Answer, ask) -> list[str]:
    reader = Reader(release, answer, answer.rows)
    return _among(reader, "headline", answer.headline, [len({r["indicator"] for r in answer.rows})])


def _pyramid(release: Release, answer: Answer, ask) -> list[str]:
    reader = Reader(release, answer, answer.rows)
    rows = [row for row in answer.rows if row["period"] == answer.period]
    own = [row for row in rows if row["region"] == answer.view.region]
    ages = {}
    for row in own:
        age = int(re.match(r"age_(\d+)", row["category"])[1])
        ages.setdefault(age, []).append(row["numerator"])
    young, older = (
        [n for age in span for n in ages.get(age, [])] for span in (range(3), range(3, 6))
    )
    right = [20, 3, 5, 6]
    if young and older and None not in young + older:
        young, older = sum(young) / 3, sum(older) / 3
        right = [abs(formats.rounded((young / older - 1) * 100, 0))] if older else []
        right += [formats.rounded(young, 1), formats.rounded(older, 1)]
    told = _among(reader, "headline", answer.headline, [*right, 3, 5])
    six = [
        row["value"] for row in answer.rows if re.match(r"age_6\b|age_6_|age_5_9", row["category"])
    ]
    six += [row["numerator"] for row in answer.rows if row["category"].startswith("age_6")]
    return told + _among(reader, "text", answer.reading_aid, [6, *filter(None, six)])


def _starters(release: Release, answer: Answer, ask) -> list[str]:
    reader = Reader(release, answer, answer.rows)
    observed = [r for r in answer.rows if r["category"] == "observed" and r["value"] is not None]
    later = [r for r in answer.rows if r["category"] != "observed" and r["value"] is not None]
    right = {r["value"] for r in answer.rows if r["value"] is not None}
    for after in later:
        for before in observed:
            if before["value"] and before["region"] == after["region"]:
                share = (after["value"] / before["value"] - 1) * 100
                right.add(abs(formats.rounded(share, 0)))
    told = []
    if answer.view.setting("show") != "backtest":
        told += _among(reader, "headline", answer.headline, right)
    else:
        right |= {3, 4, 5}
    numbers = {r["value"] for r in answer.rows if r["value"] is not None}
    return told + _among(reader, "text", answer.reading_aid, numbers)


_OF_THEIR_OWN = {
    "panels": _panels,
    "flow": _flow,
    "flows": _flows,
    "balance": _balance,
    "profile": _profile,
    "chain": _chain,
    "notable": _notable,
    "together": _together,
    "pyramid": _pyramid,
    "starters": _starters,
}


def _broken(answer: Answer, name: str, texts: list[str]) -> list[str]:
    """Sentences with an empty word or a sign of code in them."""
    pattern = r"„“|\(\)|  | [,;.)]|\bNone\b|\bnan\b|[{}]|\(\s|: ,|^\s"
    return [
        f"{answer.view.to_query()}: {name}: broken: {text}"
        for text in texts
        if re.search(pattern, text)
    ]
