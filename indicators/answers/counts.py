"""Counts behind many indicators at once: a first look that is fast because it is one query.

What is shown is always taken from `indicator_values` afterwards; this only finds where to look.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indicators import periods
from indicators.answers.context import Context
from indicators.catalog.meaning import Calculation, Indicator, Term
from indicators.periods import Period
from indicators.release import queries
from indicators.release.releases import Release

# "je 100" is the ratio of two groups, not the share of one in the other.
_SHARES = ("%", "je 1.000")


@dataclass(frozen=True)
class Counts:
    """Numerator and denominator (None for a count) of a region at a period, and which of the
    indicator's calculations they belong to."""

    region: str
    period: Period
    cases: float
    of: float | None
    calculation: int


Table = dict[tuple[str, int], Counts]  # by region and the year in which the period begins


def is_plain(indicator: Indicator, calculation: Calculation) -> bool:
    """A sum of counts of persons or things, or a share of such sums: no ready-made ratio, no
    index, no difference, no weights, no sum of days."""
    if calculation.given or calculation.numerator_base or not calculation.numerator:
        return False
    if any(t.sign != 1 or t.weight != 1 or t.first for t in calculation.terms):
        return False
    if calculation.numerator[0].offset:  # its periods are not those of the indicator
        return False
    if calculation.denominator:
        return indicator.unit in _SHARES
    return indicator.is_count and indicator.unit == "Anzahl"


def of_many(
    release: Release, contexts: Iterable[Context], regions: Sequence[str]
) -> dict[str, Table]:
    """The counts of the plain calculations of each context's indicator, by indicator.

    `regions` are single ones: a joint one is summed with `summed`. Where a number of a sum is
    lacking, or carries a break, there is no entry.
    """
    plans = {c.indicator.id: (c, list(_sides(c))) for c in contexts}
    terms: dict[str, Term] = {}
    for _, sides in plans.values():
        for _, above, below in sides:
            terms |= {_key(term): term for term in (*above, *below)}
    keys = list(terms)
    cells: dict[str, dict[tuple[str, int], tuple]] = {key: {} for key in keys}
    for row in queries.sums(release, list(terms.values()), regions=regions).itertuples(index=False):
        if not row.broken:
            cells[keys[row.term]][row.region, int(row.year)] = (row.value, row.period, row.start)
    return {id: _table(release, context, sides, cells) for id, (context, sides) in plans.items()}


def summed(table: Table, parts: Sequence[str], year: int, region: str) -> Counts | None:
    """The counts of a region, summed over its parts; None unless every part has them, of one
    calculation."""
    found = [table[part, year] for part in parts if (part, year) in table]
    if len(found) < len(parts) or len({(f.calculation, f.period) for f in found}) != 1:
        return None
    shares = [f.of for f in found if f.of is not None]
    of = sum(shares) if shares else None
    return replace(found[0], region=region, cases=sum(f.cases for f in found), of=of)


def _sides(context: Context) -> Iterable[tuple[int, list[Term], list[Term]]]:
    """Number, numerator and denominator of each plain calculation, with the default categories of
    the indicator's breakdowns."""
    datasets = context.catalog.datasets
    for index, calculation in enumerate(context.indicator.calculations):
        used = {t.dataset for t in calculation.terms}
        if not is_plain(context.indicator, calculation) or not used <= context.release.datasets:
            continue
        known = [datasets[t.dataset].dimensions for t in calculation.numerator]
        if any(d not in dimensions for dimensions in known for d in context.only):
            continue
        yield (
            index,
            [_restricted(context, term, above=True) for term in calculation.numerator],
            [_restricted(context, term, above=False) for term in calculation.denominator],
        )


def _restricted(context: Context, term: Term, *, above: bool) -> Term:
    more = {
        d: c for d, c in context.only.items() if above or context.indicator.divides(d) == "both"
    }
    return term.model_copy(update={"where": more | term.where})


def _key(term: Term) -> str:
    return f"{term.dataset}.{term.measure} {sorted(term.where.items())}"


def _table(
    release: Release,
    context: Context,
    sides: list[tuple[int, list[Term], list[Term]]],
    cells: dict[str, dict[tuple[str, int], tuple]],
) -> Table:
    """For each place the first calculation that has all its counts."""
    table: Table = {}
    for index, above, below in sides:
        levels = context.indicator.calculations[index].levels
        for (region, year), (_, label, start) in cells[_key(above[0])].items():
            if (region, year) in table or (levels and release.region(region).level not in levels):
                continue
            places = [
                [(cells[_key(t)], (region, year + t.offset)) for t in side]
                for side in (above, below)
            ]
            if any(place not in there for side in places for there, place in side):
                continue
            cases, of = (sum(there[place][0] for there, place in side) for side in places)
            table[region, year] = Counts(
                region,
                _period(context, index, label, start.year),
                float(cases),
                float(of) if below else None,
                index,
            )
    return table


def _period(context: Context, index: int, label: str, year: int) -> Period:
    """The period as `indicator_values` names it: in the kind of the first calculation's."""
    rule = context.catalog.datasets[context.indicator.calculations[0].terms[0].dataset].period
    if index:
        return rule.of_year(year)
    return periods.from_label(label, rule.type)
