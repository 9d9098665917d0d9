"""The values of an indicator: the only way from counts to what figure, table and text show."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import pandas as pd

from indicators import formats
from indicators.analysis import ratio
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Calculation, Dimension, Indicator, Reform, Term, Transfer
from indicators.release import queries, territory
from indicators.release.releases import KEPT_VALUES, Release
from indicators.symbols import WITH_NUMBER, Status

_NUMBERS = {status.value for status in WITH_NUMBER}
COLUMNS = [
    *ratio.PLACE,
    "numerator",
    "denominator",
    "value",
    "status",
    "flags",
    "sources",
    "calculation",
]
_FLOATS = {"numerator": float, "denominator": float, "value": float}
# A ready-made ratio of a joint region: no numerator, so nothing to sum.
READY_MADE = "ready_made"


def indicator_values(
    release: Release,
    indicator: Indicator,
    regions: Sequence[str],
    *,
    by: str | None = None,
    only: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """One row per region, period and category of `by` ("total" without it).

    Columns: region, period, start, year, category, numerator, denominator (None for counts and
    ready-made ratios), value in the indicator's unit, status, flags, sources (numbers of files,
    joined by commas), calculation (which of the indicator's calculations it came from).
    `only` restricts dimensions to one category. Joint regions are summed from their members.
    Regions and periods nobody has a file for have no row. In order of time, region and category.
    """
    asked = dict(only or {})
    for breakdown in indicator.breakdowns:
        # where the total says nothing (all school types are 100 %), the default category is meant
        if breakdown.default and breakdown.dimension != by:
            asked.setdefault(breakdown.dimension, breakdown.default)
    if not by and asked == usual(indicator) and _is_kept(release, indicator):
        return queries.kept_values(release, indicator.id, regions)[COLUMNS]
    return _computed(release, indicator, regions, by, asked)


def usual(indicator: Indicator) -> dict[str, str]:
    """What an indicator is restricted to where nobody asks for anything: dimension → category."""
    return {b.dimension: b.default for b in indicator.breakdowns if b.default}


def usual_values(release: Release, indicator: Indicator) -> pd.DataFrame:
    """One row per region of the release and period, undivided and computed from its counts, in the
    columns of `indicator_values`. The build keeps them, so that readers wait for none of them."""
    return _computed(release, indicator, list(release.regions), None, usual(indicator))


def _is_kept(release: Release, indicator: Indicator) -> bool:
    """Whether the release has the values of this very definition: a count in place of a share has
    the same id and other values."""
    return (
        KEPT_VALUES in release.tables and release.catalog.indicators.get(indicator.id) is indicator
    )


def _computed(
    release: Release,
    indicator: Indicator,
    regions: Sequence[str],
    by: str | None,
    only: dict[str, str],
) -> pd.DataFrame:
    parts: list[pd.DataFrame] = []
    for index, calculation in enumerate(indicator.calculations):
        found = _calculate(release, indicator, calculation, regions, by, only)
        if len(found):
            if index:  # the first keeps its own key dates: 15.03.2008 is not 01.03.2008
                found = _in_periods_of(found, indicator.calculations[0], release)
            parts.append(found.assign(calculation=index))
    if not parts:
        return pd.DataFrame(columns=COLUMNS).astype(_FLOATS)
    rows = _of_one_source(pd.concat(parts, ignore_index=True), indicator)
    # a ratio of too few cases is withheld, and no ready-made one may bring it back
    settled = rows["status"].isin([*_NUMBERS, Status.TOO_FEW.value])
    rows = rows.assign(empty=~settled).sort_values(["empty", "calculation"], kind="stable")
    rows = rows.drop_duplicates(["region", "period", "category"])
    rows = _in_order(rows, release.catalog.dimensions[by] if by else None)
    return rows.astype(_FLOATS)


def as_shown(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The rows with every number as a reader sees it: values with the indicator's decimals, the
    counts behind them whole (a third of three years of age is no whole number).

    The one place where what is shown is rounded. Sentences, tables, figures and every export take
    their numbers from here, and whoever reckons with them reckons as a reader does.

    Grain and columns stay: one row per region, period and category.
    """
    return rows.assign(
        value=formats.rounded_column(rows["value"], indicator.shown_decimals),
        numerator=formats.rounded_column(rows["numerator"], 0),
        denominator=formats.rounded_column(rows["denominator"], 0),
    )


def _in_order(rows: pd.DataFrame, dimension: Dimension | None) -> pd.DataFrame:
    """By time and region, categories as their dimension orders them and the total behind them: the
    one order of every table, legend and export."""
    ids = [category.id for category in dimension.categories] if dimension else []
    place = {id: i for i, id in enumerate([*ids, TOTAL])}
    rows = rows.assign(place=rows["category"].map(place))
    return rows.sort_values(["start", "region", "place"], ignore_index=True)[COLUMNS]


def _of_one_source(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Of a region that has numbers from a calculation kept to some levels (its own register), only
    these: in one line with official counts they would look like growth or loss."""
    kept = [i for i, one in enumerate(indicator.calculations) if one.levels]
    is_kept = rows["calculation"].isin(kept)
    own = set(rows.loc[is_kept & rows["status"].isin(_NUMBERS), "region"])
    return rows[is_kept | ~rows["region"].isin(own)]


def _in_periods_of(rows: pd.DataFrame, first: Calculation, release: Release) -> pd.DataFrame:
    """The rows in the kind of period of the first calculation, so that one year is one point: a
    ready-made share of "2019" stands beside counts of "31.12.2019"."""
    rule = release.catalog.datasets[first.terms[0].dataset].period
    known = rows[["period", "start"]].drop_duplicates("period")
    renamed = {row.period: rule.of_year(row.start.year) for row in known.itertuples(index=False)}
    return rows.assign(
        period=rows["period"].map({old: new.label for old, new in renamed.items()}),
        start=pd.to_datetime(rows["period"].map({o: new.start for o, new in renamed.items()})),
    )


def _calculate(
    release: Release,
    indicator: Indicator,
    calculation: Calculation,
    regions: Sequence[str],
    by: str | None,
    only: dict[str, str],
) -> pd.DataFrame:
    if not {term.dataset for term in calculation.terms} <= release.datasets:
        return pd.DataFrame(columns=COLUMNS)
    if calculation.levels:
        regions = [id for id in regions if release.region(id).level in calculation.levels]
        if not regions:
            return pd.DataFrame(columns=COLUMNS)
    if calculation.given:
        return _given(release, indicator, calculation, calculation.given, regions, by, only)
    if not can_divide(release, indicator, calculation, [*only, *([by] if by else [])]):
        return pd.DataFrame(columns=COLUMNS)

    def side(terms: list[Term], *, above: bool) -> pd.DataFrame:
        """One row per region, period and category, in the columns of `indicator_values`."""
        return _sum_of(release, indicator, terms, regions, by, only, above=above)

    above = side(calculation.numerator, above=True)
    if above.empty:
        return above
    if not calculation.denominator:
        return above.assign(
            numerator=above["value"], denominator=None, value=above["value"] * indicator.factor
        )
    below = _spread(side(calculation.denominator, above=False), above, by)
    if calculation.numerator_base:
        above_base = _spread(side(calculation.numerator_base, above=True), above, by)
        below_base = _spread(side(calculation.denominator_base, above=False), above, by)
        shares = ratio.divide(above, above_base, factor=1)
        base = ratio.divide(below, below_base, factor=1)
        out = ratio.divide(shares, base, factor=indicator.factor)
        # what a reader can check is the count on top and the group it is taken from
        out = out.assign(numerator=shares["numerator"], denominator=shares["denominator"])
        # a share of a handful of cases makes the ratio of shares jump
        too_few = out["numerator"] < indicator.minimum_denominator
        out = out.assign(
            value=out["value"].mask(too_few),
            status=out["status"].mask(too_few & out["value"].notna(), Status.TOO_FEW.value),
        )
    else:
        out = ratio.divide(above, below, factor=indicator.factor)
    least = least_denominator(release, indicator, calculation, out["sources"])
    too_few = out["value"].notna() & (out["denominator"] < least)
    out = out.assign(
        value=out["value"].mask(too_few),
        status=out["status"].mask(too_few, Status.TOO_FEW.value),
    )
    mixed = _of_two_territories(release, calculation, out) & out["value"].notna()
    return out.assign(
        value=out["value"].mask(mixed),
        status=out["status"].mask(mixed, Status.NOT_APPLICABLE.value),
    )


def _of_two_territories(
    release: Release, calculation: Calculation, rows: pd.DataFrame
) -> pd.Series:
    """Whether a ratio would divide counts of a Kreis after a reform by those before it: cases of a
    year by the population at the end of the year before."""
    rules = release.catalog.territory
    found = pd.Series(False, index=rows.index)
    changes: list[tuple[Reform | Transfer, Collection[str]]] = [
        *((reform, reform.changed) for reform in rules.reforms),
        *((transfer, transfer.regions) for transfer in rules.transfers),
    ]
    for change, regions in changes:
        of = rows["region"].isin(regions)
        for year in rows.loc[of, "year"].unique():
            days = [_counted_on(release, term, int(year)) for term in calculation.terms]
            if min(days) < change.day <= max(days) and not _all_alike(
                release, change, calculation, int(year)
            ):
                found |= of & (rows["year"] == year)
    return found


def _counted_on(release: Release, term: Term, year: int) -> date:
    rule = release.catalog.datasets[term.dataset].period
    return rule.counted_on(rule.of_year(year + term.offset))


def _all_alike(
    release: Release, change: Reform | Transfer, calculation: Calculation, year: int
) -> bool:
    """Whether the figures themselves say that all terms are of one territory."""
    if isinstance(change, Transfer):
        return False
    lands = {key[:2] for key in change.changed}
    kreise = [key for key in territory.every_kreis(release) if key[:2] in lands]
    done = set()
    for term in calculation.terms:
        counts = queries.counts(release, term, regions=kreise)
        counts = counts[counts["year"] == year + term.offset]
        known = next(iter(territory.figures_of(counts).values()), territory.Figures())
        done.add(territory.is_done(release, change, _counted_on(release, term, year), known))
    return len(done) == 1


def least_denominator(
    release: Release, indicator: Indicator, calculation: Calculation, sources: pd.Series
) -> pd.Series:
    """Of how many there must be at least for a ratio: as the indicator says, and for a town's own
    numbers also as the rules say that protect them (release.protection). A count is its own group
    where shares of it are shown."""
    datasets = release.catalog.datasets
    group = calculation.denominator or calculation.numerator
    persons = [t for t in group if datasets[t.dataset].measure(t.measure).persons]
    rules = [release.protection.get(term.dataset) for term in persons]
    least = max((rule.minimum_denominator for rule in rules if rule), default=0)
    own = {str(id) for id, source in release.sources.items() if source.own}
    is_own = [not own.isdisjoint(text.split(",")) for text in sources.fillna("")]
    floor = indicator.minimum_denominator
    return pd.Series([max(floor, least) if o else floor for o in is_own], index=sources.index)


def can_divide(
    release: Release, indicator: Indicator, calculation: Calculation, asked: list[str]
) -> bool:
    """Whether its counts know every dimension asked for: the births of a table without sex are
    never shown as those of girls."""
    for dimension in asked:
        terms = [*calculation.numerator, *calculation.numerator_base]
        breakdown = indicator.breakdown(dimension)
        if breakdown and breakdown.of == "both":
            terms += [*calculation.denominator, *calculation.denominator_base]
        if not all(_knows(release, term, dimension) for term in terms):
            return False
    return True


def _knows(release: Release, term: Term, dimension: str) -> bool:
    dimensions = release.catalog.datasets[term.dataset].dimensions
    return dimension in dimensions or _finer(release, term, dimension) is not None


def _finer(release: Release, term: Term, dimension: str) -> Dimension | None:
    """The dimension of the term's dataset whose categories add up to those of this one: years of
    age where age groups are asked for."""
    dataset = release.catalog.datasets[term.dataset]
    if dimension in dataset.dimensions:
        return None
    own = [release.catalog.dimensions[id] for id in dataset.dimensions if id not in term.where]
    return next((d for d in own if dimension in d.groups), None)


def _sum_of(
    release: Release,
    indicator: Indicator,
    terms: list[Term],
    regions: Sequence[str],
    by: str | None,
    only: dict[str, str],
    *,
    above: bool,
) -> pd.DataFrame:
    """The sum of some terms for all regions; joint regions from their members."""
    members = {id: release.region(id).parts for id in regions}
    asked = sorted({part for parts in members.values() for part in parts} | set(members))
    frames = []
    for term in terms:
        restricted = dict(term.where)
        for dimension, category in only.items():
            breakdown = indicator.breakdown(dimension)
            if above or (breakdown and breakdown.of == "both"):
                finer = _finer(release, term, dimension)
                if finer:
                    restricted[finer.id] = finer.groups[dimension].get(category, category)
                else:
                    restricted.setdefault(dimension, category)
        breakdown = indicator.breakdown(by) if by else None
        divided = by if breakdown and (above or breakdown.of == "both") else None
        finer = _finer(release, term, divided) if divided else None
        if finer and divided:
            groups = finer.groups[divided].items()
            found = pd.concat(
                [
                    _count(release, term, restricted | {finer.id: parts}, asked, None).assign(
                        category=group
                    )
                    for group, parts in groups
                ]
            )
        else:
            found = _count(release, term, restricted, asked, divided)
        if term.weight != 1:
            found = found.assign(value=found["value"] * term.weight)
        if term.offset:
            found = found.assign(year=found["year"] - term.offset)
        if term.first:
            found = _first_of(found)
        frames.append((found, term.sign))
    base = frames[0][0]
    summed = ratio.add([(base, frames[0][1]), *[(_at(f, base), s) for f, s in frames[1:]]])
    return _with_joint_regions(summed, members)


def _count(
    release: Release, term: Term, where: dict, regions: list[str], by: str | None
) -> pd.DataFrame:
    """A term's counts, the categories named in `where` summed up; where a part is hidden, their
    sum if it is published."""
    term = term.model_copy(update={"where": where})
    found = queries.counts(release, term, regions=regions, by=by)
    expected = 1
    for wanted in where.values():
        expected *= len(wanted) if isinstance(wanted, list) else 1
    found = ratio.total(found.assign(sources=found["source"].astype(str)), ratio.PLACE, expected)
    sums = queries.published_sums(release, term, regions=regions, by=by)
    sums = sums.assign(sources=sums["source"].astype(str)).drop(columns="source")
    return ratio.instead(found, sums, ratio.PLACE)


def _first_of(frame: pd.DataFrame) -> pd.DataFrame:
    """What a region had in its first period, at every period there is."""
    first = frame[frame["start"] == frame.groupby("region")["start"].transform("min")]
    periods = frame[["period", "start", "year"]].drop_duplicates()
    return first.drop(columns=["period", "start", "year"]).merge(periods, how="cross")


def _at(frame: pd.DataFrame, base: pd.DataFrame) -> pd.DataFrame:
    """The frame at the periods that each region has in `base`: periods of different types meet in
    their year. What other regions have beside it changes nothing."""
    periods = base[["region", "period", "start", "year"]].drop_duplicates()
    return frame.drop(columns=["period", "start"]).merge(periods, on=["region", "year"])


def _spread(below: pd.DataFrame, above: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """The denominator at the numerator's periods, and for each of its categories where only the
    numerator is divided."""
    below = _at(below, above)
    if by is None or set(below["category"]) != {TOTAL}:
        return below
    categories = above[["category"]].drop_duplicates()
    return below.drop(columns="category").merge(categories, how="cross")


def _with_joint_regions(frame: pd.DataFrame, members: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    # most regions are their only part: summing up one row each takes long and changes nothing
    joint = {region: parts for region, parts in members.items() if parts != (region,)}
    every_part = {part for parts in joint.values() for part in parts}
    alone = frame[~frame["region"].isin({*joint, *(every_part - members.keys())})]
    pairs = pd.DataFrame(
        [(region, part) for region, parts in joint.items() for part in parts],
        columns=["asked", "region"],
    )
    parts = frame[frame["region"].isin(every_part)]
    own = frame[frame["region"].isin(joint)]
    if parts.empty and own.empty:
        return alone
    expected = pairs.groupby("asked").size()
    rows = (
        parts.merge(pairs, on="region").drop(columns="region").rename(columns={"asked": "region"})
    )
    summed = ratio.instead(ratio.total(rows, ratio.PLACE, expected), own, ratio.PLACE)
    return pd.concat([alone, summed], ignore_index=True) if len(alone) else summed


def _given(
    release: Release,
    indicator: Indicator,
    calculation: Calculation,
    ratio: Term,
    regions: Sequence[str],
    by: str | None,
    only: dict[str, str],
) -> pd.DataFrame:
    """Ready-made ratios: shown as delivered, never summed, never divided."""
    dataset = release.catalog.datasets[ratio.dataset]
    if (by and by not in dataset.dimensions) or any(d not in dataset.dimensions for d in only):
        defaults = {b.dimension: b.default for b in indicator.breakdowns}
        if by or any(defaults.get(d) != c for d, c in only.items()):
            return pd.DataFrame(columns=COLUMNS)
    members = {id: release.region(id).parts for id in regions}
    asked = sorted({part for parts in members.values() for part in parts})
    restricted = ratio.where | {d: c for d, c in only.items() if d in dataset.dimensions}
    found = queries.counts(
        release,
        ratio.model_copy(update={"where": restricted}),
        regions=asked,
        by=by if by in dataset.dimensions else None,
    )
    found = found.assign(
        numerator=None,
        denominator=None,
        value=found["value"] * calculation.given_factor,
        sources=found["source"].astype(str),
    ).drop(columns="source")
    single = found[found["region"].isin([id for id, parts in members.items() if len(parts) == 1])]
    joint = []
    for id, parts in members.items():
        if len(parts) > 1:
            rows = found[found["region"].isin(parts)].drop_duplicates(["period", "category"])
            joint.append(
                rows.assign(
                    region=id, value=None, status=Status.NOT_APPLICABLE.value, flags=READY_MADE
                )
            )
    frames = [frame for frame in [single, *joint] if len(frame)]
    return pd.concat(frames, ignore_index=True) if frames else single
