"""Notable: the largest changes and gaps of a region that chance does not explain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import pandas as pd

from indicators import formats, periods, texts
from indicators.analysis import uncertainty
from indicators.answers.answer import (
    Answer,
    Context,
    Table,
    labelled,
    source_line,
    wholes,
)
from indicators.answers.breaks import is_broken
from indicators.catalog import TOTAL, Calculation, Indicator
from indicators.periods import Period
from indicators.release import Release
from indicators.symbols import Status
from indicators.texts import Value
from indicators.view import View

MOST = 3  # of each sort
MOST_OF_A_THEME = 2
_SORTS = {"change": "Veränderung zum Vorjahr", "gap": "Unterschied"}
# "je 100" is the ratio of two groups, not the share of one in the other.
_SHARES = ("%", "je 1.000")

RULE = (
    "Auffällig heißt: Der Unterschied ist größer als das 2,58-Fache seiner Zufallsschwankung "
    "(Irrtumswahrscheinlichkeit 1 %); gezeigt werden die größten Unterschiede, höchstens zwei je "
    "Thema, und nur bei mindestens 20 Fällen auf beiden Seiten eines Anteils von mindestens 100 "
    "(bei Anzahlen ab 50)."
)
_NO_CAUSE = "Eine Auffälligkeit ist ein Anlass nachzusehen, keine Erklärung und keine Bewertung."


@dataclass(frozen=True)
class Finding:
    """One thing that stands out: what changed against the year before ("change") or differs from
    another region ("gap"). `effect` is its size on one scale for all indicators, `z` how far
    beyond chance it is; `query` is the view that shows it."""

    sort: str
    indicator: Indicator
    now: Value
    other: Value
    z: float
    effect: float
    sentence: str
    basis: str
    caveat: str
    query: str


@dataclass(frozen=True)
class _Counts:
    """Numerator and denominator (None for a count) of a region at a period."""

    region: str
    period: Period
    cases: float
    of: float | None
    calculation: int


@dataclass(frozen=True)
class _Candidate:
    """A pair of counts that differ beyond chance; see Finding."""

    sort: str
    context: Context
    now: _Counts
    other: _Counts
    z: float
    effect: float


def answer(release: Release, view: View) -> Answer:
    """What stands out in the view's region, of all indicators or of one theme."""
    found = findings(release, view)
    region = release.region(view.region)
    theme = release.catalog.vocabulary.themes[view.theme].name if view.theme else "alle Themen"
    sorts = [f.sort for f in found]
    sources: set[int] = set()
    rows = []
    for f in found:
        row, used = _as_data(release, f)
        rows.append(row)
        sources |= used
    used = [release.sources[s] for s in sorted(sources)]
    headline = texts.notable_headline(region, sorts.count("change"), sorts.count("gap"))
    return Answer(
        view=view,
        title=f"Auffälligkeiten {region.name}",
        headline=headline,
        subtitle=labelled(
            f"{region.name}, {theme}, neueste Angabe je Indikator gegenüber dem Vorjahr und "
            "anderen Gebieten",
            region,
        ),
        rows=rows,
        table=_table(found),
        reading_aid=f"{found[0].sentence}." if found else "",
        alt=f"{headline}. " + " ".join(f"{f.sentence}." for f in found),
        notes=[RULE, _NO_CAUSE],
        footnotes=[],
        source=source_line(used, release.catalog) if used else "",
        source_short=source_line(used, release.catalog, short=True) if used else "",
        sources=tuple(used),
        release=release.id,
        published=release.published,
    )


def findings(release: Release, view: View) -> list[Finding]:
    """At most three changes, then at most three gaps, each the largest first; [] is a result.

    At most two of a theme and one of a numerator in each sort.
    """
    candidates = [
        candidate
        for indicator in release.catalog.indicators.values()
        if (not view.theme or indicator.theme == view.theme) and _can_be_tested(indicator)
        for candidate in _candidates(release, view, indicator)
    ]
    return [_told(c) for sort in _SORTS for c in _chosen(candidates, sort)]


def _chosen(candidates: list[_Candidate], sort: str) -> list[_Candidate]:
    """The largest of this sort, without those that say the same again."""
    taken: list[_Candidate] = []
    themes: list[str] = []
    numerators = set()
    ranked = sorted((c for c in candidates if c.sort == sort), key=lambda c: -abs(c.effect))
    for candidate in ranked:
        indicator = candidate.context.indicator
        numerator = _numerator(indicator.calculations[candidate.now.calculation], candidate)
        if themes.count(indicator.theme) >= MOST_OF_A_THEME or numerator in numerators:
            continue
        taken.append(candidate)
        themes.append(indicator.theme)
        numerators.add(numerator)
        if len(taken) == MOST:
            break
    return taken


def _numerator(calculation: Calculation, candidate: _Candidate) -> tuple:
    """What is counted, to recognise it in another indicator."""
    terms = [(t.dataset, t.measure, str(sorted(t.where.items()))) for t in calculation.numerator]
    return (*sorted(terms), *sorted(candidate.context.only.items()))


# --- what can be tested ---------------------------------------------------------------------------


def _can_be_tested(indicator: Indicator) -> bool:
    """Whether some calculation of the indicator is a plain count or a share of plain counts."""
    return any(_is_plain(indicator, c) for c in indicator.calculations)


def _is_plain(indicator: Indicator, calculation: Calculation) -> bool:
    """A sum of counts of persons or things, or a share of such sums: no ready-made ratio, no
    index, no difference, no weights, no sum of days."""
    if calculation.given or calculation.numerator_base or not calculation.numerator:
        return False
    if any(t.sign != 1 or t.weight != 1 or t.first for t in calculation.terms):
        return False
    if calculation.denominator:
        return indicator.unit in _SHARES
    return indicator.is_count and indicator.unit == "Anzahl"


def _candidates(release: Release, view: View, indicator: Indicator) -> Iterator[_Candidate]:
    """The change, the gap to the Land (Deutschland if it has no value) and the largest gap between
    members, as far as they are beyond chance."""
    region = release.region(view.region)
    if not set(indicator.datasets) & release.datasets:
        return
    context = Context(release, View(kind="trend", indicator=indicator.id, region=region.id))
    compared = [id for id, _ in wholes(region)]
    # single regions only: summing a joint one below spares most of the time
    asked = list(dict.fromkeys([*region.parts, *compared]))
    rows = context.values(asked)
    table = _by_place(context, rows)
    labels = {c.period for c in table.values()}
    known = sorted(p for p in labels if _of(table, region.parts, p, region.id))
    if not known:
        return
    newest = known[-1]
    now = _of(table, region.parts, newest, region.id)
    for before in known[:-1]:
        if periods.are_adjacent(before, newest) and not is_broken(
            release.catalog, indicator.datasets, region, before, newest
        ):
            earlier = _of(table, region.parts, before, region.id)
            yield from _tested("change", context, now, earlier)
    if now.of is None:  # counts of regions of different size say nothing side by side
        return
    others = (_of(table, (id,), newest, id) for id in compared)
    if whole := next(filter(None, others), None):
        yield from _tested("gap", context, now, whole, contained=True)
    members = [_of(table, (id,), newest, id) for id in region.parts if region.members]
    for first, second in combinations(filter(None, members), 2):
        yield from _tested("gap", context, first, second)


def _by_place(context: Context, rows: pd.DataFrame) -> dict[tuple[str, str], _Counts]:
    """The counts behind the values by region and period, of calculations that can be tested."""
    indicator = context.indicator
    plain = {i: c for i, c in enumerate(indicator.calculations) if _is_plain(indicator, c)}
    found = {}
    for row in rows.itertuples(index=False):
        calculation = plain.get(row.calculation)
        if calculation is None or row.category != TOTAL or "break" in row.flags.split(","):
            continue
        share = bool(calculation.denominator)
        if pd.isna(row.numerator) or (share and pd.isna(row.denominator)):
            continue
        of = float(row.denominator) if share else None
        found[row.region, row.period] = _Counts(
            row.region, context.period(row), float(row.numerator), of, int(row.calculation)
        )
    return found


def _of(
    table: dict[tuple[str, str], _Counts], parts: Sequence[str], period: Period, region: str
) -> _Counts | None:
    """The counts of a region, summed over its parts; None unless every part has them, of one
    calculation."""
    found = [table.get((part, period.label)) for part in parts]
    if None in found or len({f.calculation for f in found}) != 1:
        return None
    of = None if found[0].of is None else sum(f.of for f in found)
    return replace(found[0], region=region, cases=sum(f.cases for f in found), of=of)


def _tested(
    sort: str, context: Context, now: _Counts, other: _Counts, *, contained: bool = False
) -> Iterator[_Candidate]:
    """The pair, if the difference is beyond chance, of enough cases, and visible in the numbers
    shown. A region `contained` in the other is tested against the rest of it."""
    if now.calculation != other.calculation or (now.of is None) != (other.of is None):
        return
    indicator = context.indicator
    decimals = indicator.shown_decimals
    if formats.rounded(_value(indicator, now), decimals) == formats.rounded(
        _value(indicator, other), decimals
    ):
        return
    if now.of is None:
        if min(now.cases, other.cases) < uncertainty.FEWEST_COUNTED:
            return
        z = uncertainty.count_z(now.cases, other.cases)
        effect = uncertainty.count_effect(now.cases, other.cases)
    else:
        rest = other
        if contained:
            rest = replace(other, cases=other.cases - now.cases, of=other.of - now.of)
        if not all(_speaks(indicator, c) for c in (now, other, rest)):
            return
        z = uncertainty.share_z(now.cases, now.of, rest.cases, rest.of)
        effect = uncertainty.share_effect(now.cases / now.of, other.cases / other.of)
    if abs(z) >= uncertainty.LIMIT:
        yield _Candidate(sort, context, now, other, z, effect)


def _speaks(indicator: Indicator, counts: _Counts) -> bool:
    enough = counts.of >= indicator.minimum_denominator
    return enough and uncertainty.share_speaks(counts.cases, counts.of)


def _value(indicator: Indicator, counts: _Counts) -> float:
    return indicator.factor * (counts.cases / counts.of if counts.of else counts.cases)


# --- what is told -----------------------------------------------------------------------------


def _told(candidate: _Candidate) -> Finding:
    context, now, other = candidate.context, candidate.now, candidate.other
    indicator = context.indicator
    values = [_as_value(context, counts) for counts in (now, other)]
    write = texts.notable_change if candidate.sort == "change" else texts.notable_gap
    asked = View(
        kind="trend", indicator=indicator.id, region=context.region.id, period=now.period.label
    )
    return Finding(
        sort=candidate.sort,
        indicator=indicator,
        now=values[0],
        other=values[1],
        z=candidate.z,
        effect=candidate.effect,
        sentence=write(indicator, *values, context.qualifier),
        basis=_basis(candidate.sort, *values),
        caveat=indicator.caveats[0] if indicator.caveats else "",
        query=asked.to_query(),
    )


def _as_value(context: Context, counts: _Counts) -> Value:
    return Value(
        region=context.release.region(counts.region),
        period=counts.period,
        value=_value(context.indicator, counts),
        status=Status.OK,
        numerator=counts.cases,
        denominator=counts.of,
        group=context.group(TOTAL),
    )


def _basis(sort: str, now: Value, other: Value) -> str:
    """ "119 von 1.289; im Vorjahr 98 von 1.301", "…; Bayern 6.543 von 120.000" """
    name = "im Vorjahr" if sort == "change" else f"{other.region.name}:"
    return f"{_cases(now)}; {name} {_cases(other)}"


def _cases(value: Value) -> str:
    if value.denominator is None:
        return formats.number(value.numerator)
    return f"{formats.number(value.numerator)} von {formats.number(value.denominator)}"


def _as_data(release: Release, found: Finding) -> tuple[dict, set[int]]:
    """The row of a finding in the stable form, with what it is compared with, and the numbers of
    the files both values come from."""
    regions = list(dict.fromkeys([found.now.region.id, found.other.region.id]))
    context = Context(release, View(kind="trend", indicator=found.indicator.id, region=regions[0]))
    rows = context.values(regions)

    def at(value: Value) -> pd.DataFrame:
        return rows[
            (rows["region"] == value.region.id)
            & (rows["period"] == value.period.label)
            & (rows["category"] == TOTAL)
        ]

    (row,), (other,) = (context.rows_as_data(at(v)) for v in (found.now, found.other))
    decimals = found.indicator.shown_decimals
    difference = formats.rounded(row["value"] - other["value"], decimals)
    more = {
        "sort": _SORTS[found.sort],
        "indicator": found.indicator.id,
        "indicator_name": found.indicator.name,
        **row,
        "other_region": other["region"],
        "other_region_name": other["region_name"],
        "other_period": other["period"],
        "other_numerator": other["numerator"],
        "other_denominator": other["denominator"],
        "other_value": other["value"],
        "difference": difference,
        "sentence": found.sentence,
        "caveat": found.caveat,
        "query": found.query,
    }
    return more, set(context.sources_used(pd.concat([at(found.now), at(found.other)])))


def _table(found: list[Finding]) -> Table:
    columns = ("Art", "Befund", "Zeitraum", "Grundlage", "Zu beachten")
    body = tuple((_SORTS[f.sort], f.sentence, f.now.period.label, f.basis, f.caveat) for f in found)
    return Table(columns, body, (False,) * len(columns))
