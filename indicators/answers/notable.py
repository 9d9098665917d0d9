"""Notable: the largest changes and gaps of a region that chance does not explain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from indicators import formats, periods, texts
from indicators.analysis import uncertainty
from indicators.answers import counts
from indicators.answers.answer import Answer, Table, labelled
from indicators.answers.context import Context, wholes
from indicators.answers.counts import Counts, is_plain
from indicators.answers.sources import source_line
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Calculation, Indicator
from indicators.release.releases import Release
from indicators.texts import Value
from indicators.view import View

MOST = 3  # of each sort
MOST_OF_A_THEME = 2
_SORTS = {"change": "Veränderung zum Vorjahr", "gap": "Unterschied"}

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
    beyond chance it is; `query` is the series in which it stands, `rows` are the values of both."""

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
    context: Context
    rows: pd.DataFrame


@dataclass(frozen=True)
class _Candidate:
    """A pair of counts that differ beyond chance; see Finding."""

    sort: str
    context: Context
    now: Counts
    other: Counts
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
        row, used = _as_data(f)
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
    region = release.region(view.region)
    contexts = [
        Context(release, View(kind="trend", indicator=indicator.id, region=region.id))
        for indicator in release.catalog.indicators.values()
        if (not view.theme or indicator.theme == view.theme) and _can_be_tested(indicator)
    ]
    # single regions only: summing a joint one afterwards spares most of the time
    asked = dict.fromkeys([*region.parts, *(id for id, _ in wholes(region))])
    tables = counts.of_many(release, contexts, list(asked))
    candidates = [c for k in contexts for c in _candidates(k, tables[k.indicator.id])]
    return [finding for sort in _SORTS for finding in _chosen(candidates, sort)]


def _chosen(candidates: list[_Candidate], sort: str) -> list[Finding]:
    """The largest of this sort, without those that say the same again."""
    taken: list[Finding] = []
    themes: list[str] = []
    numerators = set()
    ranked = sorted((c for c in candidates if c.sort == sort), key=lambda c: -abs(c.effect))
    for candidate in ranked:
        indicator = candidate.context.indicator
        numerator = _numerator(indicator.calculations[candidate.now.calculation], candidate)
        if themes.count(indicator.theme) >= MOST_OF_A_THEME or numerator in numerators:
            continue
        finding = _told(candidate)
        if finding is None:
            continue
        taken.append(finding)
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
    return any(is_plain(indicator, c) for c in indicator.calculations)


def _candidates(context: Context, table: counts.Table) -> Iterator[_Candidate]:
    """The change, the gap to the Land (Deutschland if it has no value) and the largest gap between
    members, as far as they are beyond chance."""
    region = context.region

    def at(parts: Sequence[str], year: int, id: str) -> Counts | None:
        return counts.summed(table, parts, year, id)

    years = sorted(year for id, year in table if id == region.parts[0])
    known = {year: pair for year in years if (pair := at(region.parts, year, region.id))}
    if not known:
        return
    newest = max(known)
    now, earlier = known[newest], known.get(newest - 1)
    if (
        earlier
        and periods.are_adjacent(earlier.period, now.period)
        and not context.is_broken(earlier.period, now.period)
    ):
        yield from _tested("change", context, now, earlier)
    if now.of is None:  # counts of regions of different size say nothing side by side
        return
    others = (at((id,), newest, id) for id, _ in wholes(region))
    if whole := next(filter(None, others), None):
        yield from _tested("gap", context, now, whole, contained=True)
    members = [at((id,), newest, id) for id in region.members]
    for first, second in combinations(filter(None, members), 2):
        yield from _tested("gap", context, first, second)


def _tested(
    sort: str, context: Context, now: Counts, other: Counts, *, contained: bool = False
) -> Iterator[_Candidate]:
    """The pair, if the difference is beyond chance, of enough cases, and visible in the numbers
    shown. A region `contained` in the other is tested against the rest of it."""
    if now.calculation != other.calculation or now.period.type != other.period.type:
        return
    indicator = context.indicator
    decimals = indicator.shown_decimals
    if formats.rounded(_value(indicator, now), decimals) == formats.rounded(
        _value(indicator, other), decimals
    ):
        return
    if now.of is None or other.of is None:
        if min(now.cases, other.cases) < uncertainty.FEWEST_COUNTED:
            return
        z = uncertainty.count_z(now.cases, other.cases)
        effect = uncertainty.count_effect(now.cases, other.cases)
    else:
        cases, of = other.cases, other.of
        if contained:
            cases, of = cases - now.cases, of - now.of
        pairs = ((now.cases, now.of), (other.cases, other.of), (cases, of))
        if not all(_speaks(indicator, *pair) for pair in pairs):
            return
        z = uncertainty.share_z(now.cases, now.of, cases, of)
        effect = uncertainty.share_effect(now.cases / now.of, other.cases / other.of)
    if abs(z) >= uncertainty.LIMIT:
        yield _Candidate(sort, context, now, other, z, effect)


def _speaks(indicator: Indicator, cases: float, of: float) -> bool:
    return of >= indicator.minimum_denominator and uncertainty.share_speaks(cases, of)


def _value(indicator: Indicator, pair: Counts) -> float:
    return indicator.factor * (pair.cases / pair.of if pair.of else pair.cases)


# --- what is told -----------------------------------------------------------------------------


def _told(candidate: _Candidate) -> Finding | None:
    """The finding in words; None if the values shown elsewhere are not of these counts (a
    calculation with precedence has another number, or the indicator withholds it)."""
    context, pair = candidate.context, (candidate.now, candidate.other)
    found = context.values(list(dict.fromkeys(c.region for c in pair)))
    rows = pd.concat([_row_of(found, c) for c in pair])
    if len(rows) != 2 or rows["value"].isna().any():
        return None
    now, other = (context.value(row) for row in rows.itertuples(index=False))
    if (now.numerator, other.numerator) != tuple(c.cases for c in pair):
        return None
    indicator = context.indicator
    write = texts.notable_change if candidate.sort == "change" else texts.notable_gap
    asked = View(kind="trend", indicator=indicator.id, region=context.region.id)
    return Finding(
        sort=candidate.sort,
        indicator=indicator,
        now=now,
        other=other,
        z=candidate.z,
        effect=candidate.effect,
        sentence=write(indicator, now, other),
        basis=_basis(candidate.sort, now, other),
        caveat=indicator.caveats[0] if indicator.caveats else "",
        query=asked.to_query(),
        context=context,
        rows=rows,
    )


def _row_of(found: pd.DataFrame, at: Counts) -> pd.DataFrame:
    return found[
        (found["region"] == at.region)
        & (found["period"] == at.period.label)
        & (found["category"] == TOTAL)
    ]


def _basis(sort: str, now: Value, other: Value) -> str:
    """ "119 von 1.289; im Vorjahr 98 von 1.301", "…; Bayern 6.543 von 120.000" """
    name = "im Vorjahr" if sort == "change" else f"{other.region.name}:"
    return f"{_cases(now)}; {name} {_cases(other)}"


def _cases(value: Value) -> str:
    assert value.numerator is not None  # only plain counts and their shares are tested
    if value.denominator is None:
        return formats.number(value.numerator)
    return f"{formats.number(value.numerator)} von {formats.number(value.denominator)}"


def _as_data(found: Finding) -> tuple[dict, set[int]]:
    """The row of a finding in the stable form, with what it is compared with, and the numbers of
    the files both values come from."""
    row, other = found.context.rows_as_data(found.rows)
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
    return more, set(found.context.sources_used(found.rows))


def _table(found: list[Finding]) -> Table:
    columns = ("Art", "Befund", "Zeitraum", "Grundlage", "Zu beachten")
    body = tuple((_SORTS[f.sort], f.sentence, f.now.period.label, f.basis, f.caveat) for f in found)
    return Table(columns, body, (False,) * len(columns))
