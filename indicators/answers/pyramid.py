"""Pyramid: the population by age, back to back by sex or citizenship, with a comparison outline."""

import re
from dataclasses import dataclass, replace

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Table
from indicators.answers.context import Context
from indicators.answers.unpublished import kept_back
from indicators.catalog.meaning import Breakdown, Calculation, Dimension, Term
from indicators.errors import NotPublishedError, ViewError
from indicators.figures.pyramid import OPEN_GROUP_YEARS, Bar, Pyramid
from indicators.periods import from_label
from indicators.release import queries
from indicators.release.releases import Release
from indicators.release.values import indicator_values
from indicators.symbols import SIGNS, Status
from indicators.view import View

# Datasets that can carry a pyramid, the finest first, and the dimension of their ages.
_DATASETS = (
    ("population_age", "age_year"),
    ("population", "age"),
    ("population_citizenship", "age_21"),
)
# The table that brings the official age groups, for those who have no register of residents.
_WANTED = "12411-02-03-4"
_NAME = "Bevölkerungspyramide"
_PER = 1000  # shares are per so many inhabitants
_AGE = re.compile(r"age_(\d+)(?:_(\d+|plus))?$")
# An age on which the reading aid explains a bar.
_EXAMPLE = 6


@dataclass(frozen=True)
class _Age:
    """A category of an age dimension: `years` is None for an open group."""

    id: str
    name: str
    first: int
    years: int | None

    @property
    def drawn_years(self) -> int:
        """An open group of many ages is drawn over some years; "100 und älter" over one."""
        if self.years is not None:
            return self.years
        return 1 if self.first >= 95 else OPEN_GROUP_YEARS


def answer(release: Release, view: View) -> Answer:
    """The pyramid of one key date: the one asked for, else the newest.

    `outline` names another key date and `compare` another region, drawn as an outline. Rule: the
    same region at another date is compared in persons, another region in persons per 1,000
    inhabitants, because the sizes differ. `by=citizenship` puts German and foreign back to back
    instead of the sexes; `citizenship=foreign` restricts to one of them. Raises ViewError if no
    dataset has the ages of the region.
    """
    context = Context(release, view.with_(by=""))
    # an undivided view of the indicator shows one age; here all of them are asked for
    context.restrict(dict(view.only))
    found = _ages_of(context, view)
    rows = found.rows[found.rows["region"] == context.region.id]
    context.check_period(rows, view.period)
    period = context.chosen_period(rows)
    of = _compared(context, view, found, rows, period)
    context.indicator = context.indicator.model_copy(update={"name": _NAME})
    headline = _headline(context, found, of)
    alt = f"{_NAME}, {context.region.name}, {period}. {headline}."
    per = "Personen je 1.000 der Bevölkerung und Altersjahr" if of.shares else ""
    against = f"im Vergleich mit {of.name}" if of.name else ""
    told = [context.region.name, period, against, per]
    shown = pd.concat([of.own, of.outline], ignore_index=True)
    result = context.answer(
        shown.assign(category="total"),
        headline=headline,
        subtitle=context.subtitle(", ".join(part for part in told if part)),
        table=_table(found, of),
        reading_aid=_reading_aid(context, found, of),
        alt=alt,
        period=period,
        periods=_periods(rows),
        figure=_picture(context, found, of, alt),
    )
    unit = {"unit": "je 1.000", "factor": _PER, "decimals": 1} if of.shares else {}
    return replace(
        result,
        view=view,
        indicator=context.indicator.model_copy(update=unit),
        rows=_as_data(context, found, shown, of.shares),
        notes=[
            *_notes(found, shown, of.shares, bool(of.name)),
            *([] if of.shares or not of.name else _between(context, found, of)),
            *result.notes,
        ],
    )


@dataclass(frozen=True)
class _Found:
    """The population by age: `rows` have one row per region, period, age and side, with the columns
    of indicator_values (category: the age) and `side`, `first`, `years` (drawn) and `drawn` (mean
    per year of age)."""

    dataset: str
    ages: tuple[_Age, ...]
    sides: tuple[tuple[str, str], ...]
    side_name: str
    rows: pd.DataFrame

    @property
    def is_grouped(self) -> bool:
        return any(age.drawn_years > 1 for age in self.ages)


@dataclass(frozen=True)
class _Compared:
    """The bars of one key date and their outline. `own` and `outline` are rows of `_Found`, the
    latter none where nothing is compared; `name` is what the outline is of, `outlined` its key date
    ("" for none). With `shares` both are per 1,000 inhabitants. `scale` is the longest bar of all
    key dates."""

    period: str
    own: pd.DataFrame
    outlined: str
    outline: pd.DataFrame
    name: str
    shares: bool
    scale: float


def _ages_of(context: Context, view: View) -> _Found:
    """From the finest dataset that has ages for the region and the one it is compared with."""
    by = view.by or "sex"
    if by not in ("sex", "citizenship"):
        raise ViewError(
            "Eine Pyramide stellt weiblich und männlich (by=sex) oder deutsch und ausländisch "
            "(by=citizenship) gegenüber.",
            name="by",
            value=by,
        )
    regions = list(dict.fromkeys([context.region.id, *view.compare[:1]]))
    only = {d: c for d, c in view.only if d in ("sex", "citizenship")}
    for dataset, ages in _DATASETS:
        known = context.catalog.datasets.get(dataset)
        if known is None or not {ages, by, *only} <= set(known.dimensions):
            continue
        found = _read(context, dataset, ages, by, only, regions)
        if found is None and only and by not in only:
            # no table divides the restricted group once more: bars to one side
            (side,) = list(only)[:1]
            found = _read(context, dataset, ages, side, only, regions)
        if found is not None:
            return found
    region = context.release.region(regions[-1])
    for dataset, ages in _DATASETS:
        divided = {ages: None, by: None, **only}
        if reason := kept_back(context.release, region, dataset, divided):
            raise NotPublishedError(reason)
    where = region.where
    what = texts.qualifier(context.catalog, only)
    raise ViewError(
        f"{texts.begin(where)} gibt es noch keine Bevölkerung nach Alter"
        f"{f' ({what})' if what else ''}. Nächster Schritt: die Tabelle {_WANTED} der "
        "Regionaldatenbank (17 Altersgruppen) oder einen Auszug des Melderegisters nach "
        "Altersjahren holen und einlesen; wie das geht, steht unter „Daten und Methodik“."
    )


def regions_with_ages(release: Release) -> list[str]:
    """The ids of the regions whose ages are known and published, in order."""
    found: set[str] = set()
    for dataset, ages in _DATASETS:
        by_level: dict[str, str] = {}  # what is published depends on the level alone
        for id in queries.regions_with(release, [dataset]):
            region = release.region(id)
            if region.level not in by_level:
                divided = {ages: None, "sex": None}
                by_level[region.level] = kept_back(release, region, dataset, divided)
            if not by_level[region.level]:
                found.add(id)
    return sorted(found)


def _read(
    context: Context, dataset: str, ages: str, by: str, only: dict[str, str], regions: list[str]
) -> _Found | None:
    """The ages in one dataset; None unless each region has a number in one of its periods."""
    catalog = context.catalog
    measure = catalog.datasets[dataset].measures[0].id
    indicator = context.indicator.model_copy(
        update={
            "calculations": [Calculation(numerator=[Term(dataset=dataset, measure=measure)])],
            "breakdowns": [Breakdown(dimension=d) for d in {ages: 0, by: 0, **only}],
        }
    )
    names = catalog.dimensions[by]
    sides = [only[by]] if by in only else [c.id for c in names.categories if not c.subset]
    frames = []
    for side in sides[:2]:
        found = indicator_values(
            context.release, indicator, regions, by=ages, only=only | {by: side}
        )
        if len(found):
            frames.append(found.assign(side=side))
    if not frames:
        return None
    spans = {age.id: age for age in _spans(catalog.dimensions[ages])}
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["category"].isin(spans)]
    if set(rows.loc[rows["value"].notna(), "region"]) != set(regions):
        return None
    years = rows["category"].map({id: age.drawn_years for id, age in spans.items()})
    rows = rows.assign(
        first=rows["category"].map({id: age.first for id, age in spans.items()}),
        years=years,
        drawn=rows["value"] / years,
        place=rows["side"].map({side: i for i, side in enumerate(sides)}),
    ).sort_values(["start", "first", "place"], ignore_index=True)
    present = set(rows["category"])
    return _Found(
        dataset=dataset,
        ages=tuple(age for age in spans.values() if age.id in present),
        sides=tuple((side, names.category_name(side, context.region.land)) for side in sides[:2]),
        side_name=names.name,
        rows=rows,
    )


def _spans(dimension: Dimension) -> list[_Age]:
    """The ages of a dimension from the ids of its categories: age_7, age_6_9, age_75_plus."""
    found = []
    for category in dimension.categories:
        match = _AGE.match(category.id)
        if match and not category.subset:
            first, last = int(match[1]), match[2]
            years = None if last == "plus" else int(last or first) - first + 1
            found.append(_Age(category.id, category.name, first, years))
    return sorted(found, key=lambda age: age.first)


def _compared(
    context: Context, view: View, found: _Found, rows: pd.DataFrame, period: str
) -> _Compared:
    """`rows` are those of the own region. Raises ViewError where there is nothing to compare."""
    other, outlined = _outline(context, view, found, period)
    own = _select(found.rows, context.region.id, period)
    outline = _select(found.rows, other, outlined) if outlined else own.iloc[:0]
    if other == context.region.id:
        return _Compared(period, own, outlined, outline, outlined, False, rows["drawn"].max())
    name = context.release.region(other).name
    if outlined != period:
        name += f", {outlined}"
    both = _as_shares(found.rows[found.rows["region"].isin([context.region.id, other])])
    scale = both["drawn"].max()
    return _Compared(period, _as_shares(own), outlined, _as_shares(outline), name, True, scale)


def _outline(context: Context, view: View, found: _Found, period: str) -> tuple[str, str]:
    """Region and key date of the outline; no date if none is asked for. Raises ViewError."""
    other = view.compare[0] if view.compare else context.region.id
    asked = view.setting("outline") or (period if other != context.region.id else "")
    if not asked:
        return context.region.id, ""
    known = _periods(found.rows[found.rows["region"] == other])
    if asked not in known:
        name = context.release.region(other).name
        raise ViewError(
            f"Für {name} gibt es keinen Stichtag „{asked}“ zum Vergleich; vorhanden sind "
            f"{', '.join(known)}.",
            name="outline" if view.setting("outline") else "compare",
            value=asked,
        )
    return other, asked


def _periods(rows: pd.DataFrame) -> list[str]:
    known = rows[rows["value"].notna()].sort_values("start")
    return list(dict.fromkeys(known["period"]))


def _select(rows: pd.DataFrame, region: str, period: str) -> pd.DataFrame:
    return rows[(rows["region"] == region) & (rows["period"] == period)]


def _as_shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Per 1,000 of all ages and sides with a number at that date, and per year of age."""
    total = rows.groupby(["region", "period"])["value"].transform(lambda v: v.sum(min_count=1))
    total = total.where(total > 0)
    return rows.assign(denominator=total, drawn=rows["drawn"] * _PER / total)


def _total(rows: pd.DataFrame) -> float | None:
    """The sum of bars; None if one of them has no number."""
    return None if rows.empty or rows["value"].isna().any() else float(rows["value"].sum())


def _picture(context: Context, found: _Found, of: _Compared, alt: str) -> Pyramid:
    cells = {(row.category, row.side): row for row in of.own.itertuples(index=False)}
    compared = {(row.category, row.side): row for row in of.outline.itertuples(index=False)}

    def drawn(row) -> float | None:
        return None if row is None or pd.isna(row.drawn) else float(row.drawn)

    sides = [id for id, _ in found.sides]
    bars = tuple(
        Bar(
            first=age.first,
            years=age.drawn_years,
            name=age.name,
            values=tuple(drawn(cells.get((age.id, side))) for side in sides),
            texts=tuple(_shown(cells.get((age.id, side)), of.shares) for side in sides),
            outline=tuple(drawn(compared.get((age.id, side))) for side in sides) if of.name else (),
        )
        for age in found.ages
    )
    totals = [_total(of.own[of.own["side"] == side]) for side in sides]
    return Pyramid(
        title=context.indicator.name,
        alt=alt,
        sides=tuple(label for _, label in found.sides),
        side_texts=tuple("" if total is None else formats.number(total) for total in totals),
        bars=bars,
        scale=float(of.scale) * 1.02 if pd.notna(of.scale) and of.scale > 0 else 1.0,
        unit="je 1.000 der Bevölkerung, je Altersjahr" if of.shares else "Personen je Altersjahr",
        decimals=1 if of.shares else 0,
        outline_name=of.name,
        outline_is_region=of.shares,
    )


def _shown(row, shares: bool) -> str:
    """The number of a bar as its table cell shows it, or why there is none."""
    if row is None or pd.isna(row.drawn):
        return SIGNS[Status(row.status) if row is not None else Status.MISSING].short
    return formats.number(row.drawn, 1) if shares else formats.number(row.value)


def _table(found: _Found, of: _Compared) -> Table:
    """A row per age, youngest first: each side, per year of age where ages are grouped, and the
    outline."""
    columns, frames = ["Alter"], []
    for rows, label in ((of.own, ""), (of.outline, of.name)) if of.name else ((of.own, ""),):
        for side, side_name in found.sides:
            cells = {r.category: r for r in rows[rows["side"] == side].itertuples(index=False)}
            heading = f"{side_name} ({label})" if label else side_name
            columns.append(heading)
            frames.append((cells, False))
            if found.is_grouped and not of.shares:
                columns.append(f"{heading}, je Altersjahr")
                frames.append((cells, True))
    body = []
    for age in found.ages:
        line = [age.name]
        for cells, per_year in frames:
            row = cells.get(age.id)
            if per_year and row is not None and pd.notna(row.drawn):
                line.append(formats.number(row.drawn, 1))
            else:
                line.append(_shown(row, of.shares))
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (False, *[True] * (len(columns) - 1)))


def _as_data(context: Context, found: _Found, rows: pd.DataFrame, shares: bool) -> list[dict]:
    """One row per age and side in the stable form of the command line, outline last. `value` is
    the length of the bar; for age groups it is the mean per year of age, and `numerator` the
    group."""
    ages = {age.id: age.name for age in found.ages}
    sides = dict(found.sides)
    return [
        {
            "region": row.region,
            "region_name": context.release.region(row.region).name,
            "period": row.period,
            "category": f"{row.category}.{row.side}",
            "category_name": f"{ages[row.category]}, {sides[row.side]}",
            "selection": context.qualifier,
            "numerator": _plain(row.value),
            "denominator": _plain(row.denominator) if shares else None,
            "value": _plain(
                formats.rounded(row.drawn, 1 if shares or row.years > 1 else 0)
                if pd.notna(row.drawn)
                else None
            ),
            "unit": "je 1.000" if shares else "Anzahl",
            "status": str(row.status),
            "flags": [flag for flag in row.flags.split(",") if flag],
        }
        for row in rows.itertuples(index=False)
    ]


def _plain(number) -> float | int | None:
    if number is None or pd.isna(number):
        return None
    return int(number) if float(number).is_integer() else float(number)


def _yearly(found: _Found, rows: pd.DataFrame, first: int, last: int) -> float | None:
    """The mean number of persons per year of age over a span that the ages divide exactly."""
    inside = rows[(rows["first"] >= first) & (rows["first"] <= last)]
    spans = inside[["category", "years"]].drop_duplicates()
    if spans["years"].sum() != last - first + 1 or len(inside) != len(spans) * len(found.sides):
        return None
    total = _total(inside)
    return None if total is None else total / (last - first + 1)


def _headline(context: Context, found: _Found, of: _Compared) -> str:
    """The finding: are the cohorts that come next smaller than those now in Kindergarten?"""
    group = texts.qualifier(context.catalog, dict(context.view.only), context.region.land)
    return texts.cohorts_headline(
        context.region, of.period, _yearly(found, of.own, 0, 2), _yearly(found, of.own, 3, 5), group
    )


def _reading_aid(context: Context, found: _Found, of: _Compared) -> str:
    age = next((a for a in found.ages if a.first <= _EXAMPLE < a.first + a.drawn_years), None)
    if age is None:
        return ""

    def numbers(rows: pd.DataFrame) -> list[tuple[str, float]] | None:
        cells = {r.side: r for r in rows[rows["category"] == age.id].itertuples(index=False)}
        if set(cells) != {side for side, _ in found.sides}:
            return None
        got = [(label, cells[side]) for side, label in found.sides]
        if any(pd.isna(row.value) for _, row in got):
            return None
        return [(label, row.drawn if of.shares else row.value) for label, row in got]

    here, there = numbers(of.own), numbers(of.outline)
    if here is None:
        return ""
    ages = f"in der Altersgruppe „{age.name}“"
    if age.years == 1:
        ages = f"im Alter von {age.first} Jahren"
    return texts.pyramid_reading_aid(
        context.region, of.period, ages, here, there, of.name, decimals=1 if of.shares else 0
    )


def _between(context: Context, found: _Found, of: _Compared) -> list[str]:
    """What makes two key dates of a region differ in kind: a census, a reform of its territory."""
    kind = context.catalog.datasets[found.dataset].period.type
    dates = sorted(from_label(label, kind) for label in (of.period, of.outlined))
    turns = context.turns(dates, datasets={found.dataset})
    return [turn.text for turn in turns if turn.is_break and turn.first == dates[1]]


def _notes(found: _Found, shown: pd.DataFrame, shares: bool, outlined: bool) -> list[str]:
    notes = []
    if shares and shown["value"].isna().any():
        notes.append("Grundlage der Anteile sind nur die Altersjahre mit einer Angabe.")
    if found.is_grouped:
        notes.append(
            "Es liegen nur Altersgruppen vor: Ein Balken ist so dick wie die Gruppe Jahre umfasst "
            "und so lang wie ihr Mittel je Altersjahr."
        )
    if any(age.years is None and age.drawn_years > 1 for age in found.ages):
        notes.append(
            f"Die offene Gruppe der Ältesten ist über {OPEN_GROUP_YEARS} Altersjahre verteilt "
            "gezeichnet."
        )
    if shares:
        notes.append(
            "Verschieden große Gebiete werden je 1.000 ihrer Bevölkerung verglichen, dasselbe "
            "Gebiet zu zwei Stichtagen in Personen."
        )
    elif outlined:
        notes.append(
            "Balken und Vergleichslinie zeigen Personen desselben Gebiets auf einer Achse."
        )
    notes.append("Die Achse reicht für alle Stichtage gleich weit.")
    return notes
