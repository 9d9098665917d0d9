"""Telling: what an answer says of its rows in sentences, each made from rows of one series.

A series is one region and one category over time. Headline, reading aid and comparison of an answer
come from the same one, so that no sentence takes its second number from another category.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from indicators import texts
from indicators.answers.context import Context, row_of, wholes
from indicators.catalog.definition import TOTAL
from indicators.texts import Value


@dataclass(frozen=True)
class Telling:
    """The sentences of an answer: the finding, one example with its counts, and what that example
    is measured by ("" where there is nothing to say); `period` is the one they tell of, "" if no
    number is told."""

    headline: str
    reading_aid: str = ""
    comparison: str = ""
    period: str = ""


def series(context: Context, rows: pd.DataFrame, region: str, category: str = TOTAL) -> list[Value]:
    """The values of one region and category in order of time."""
    own = rows[(rows["region"] == region) & (rows["category"] == category)]
    return [context.value(row) for row in own.sort_values("start").itertuples(index=False)]


def before(context: Context, values: Sequence[Value], now: Value) -> Value | None:
    """The value of the series just before this one; None if there is none, or a break between."""
    earlier = [value for value in values if value.period.start < now.period.start]
    if not earlier or context.is_broken(earlier[-1].period, now.period):
        return None
    return earlier[-1]


def of_region(
    context: Context, rows: pd.DataFrame, period: str, *, with_members: bool = False
) -> Telling:
    """Of the asked region's undivided values: the one of the period, or if nobody asked for a
    period the newest. Where a joint region has none, those of its members are told; `with_members`
    tells them in any case."""
    values = series(context, rows, context.region.id)
    now = next((value for value in values if value.period.label == period), None)
    members = _members(context, rows, now.period.label if now else period)
    if members and (now is None or now.value is None):
        return Telling(
            texts.members_headline(context.indicator, members),
            texts.reading_aid(context.indicator, members[0]),
            period=members[0].period.label,
        )
    if not values:
        return Telling(f"Für {context.region.name} liegen keine Werte vor")
    if now is None and context.view.period:
        return Telling(f"Für {context.region.name} gibt es zum Zeitraum {period} keine Angabe")
    now = now or values[-1]
    previous = before(context, values, now)
    day = context.release.published.date()
    headline = texts.trend_headline(context.indicator, now, previous, day)
    if with_members and now.value is not None:
        headline = texts.with_members(headline, context.indicator, members)
    return Telling(
        headline,
        texts.reading_aid(context.indicator, now, previous),
        _comparison(context, rows, values, now),
        "" if now.value is None else now.period.label,
    )


def _members(context: Context, rows: pd.DataFrame, period: str) -> list[Value]:
    """The numbers of the members of a joint region in one period."""
    found = [value for id in context.region.members for value in series(context, rows, id)]
    return [v for v in found if v.period.label == period and v.value is not None]


def of_division(context: Context, rows: pd.DataFrame, period: str) -> Telling:
    """Of the asked region's categories in one period: the ends of their range, and of the series
    of the largest one more."""
    own = rows[(rows["region"] == context.region.id) & (rows["category"] != TOTAL)]
    now = own[(own["period"] == period) & own["value"].notna()]
    if now.empty:
        return Telling(f"{context.region.name}: für {period} keine Werte nach Ausprägungen")
    # an example of what is drawn: of many counts the largest is often none of them
    drawn = context.drawn_categories(now["category"]) if context.indicator.is_count else []
    some = now[now["category"].isin(drawn)] if drawn else now
    largest = row_of(some, int(some["value"].argmax()))
    values = series(context, own, context.region.id, largest.category)
    told = next(value for value in values if value.period.label == period)
    return Telling(
        _of_categories(context, rows, own, now),
        texts.reading_aid(context.indicator, told, before(context, values, told)),
        _comparison(context, rows, values, told),
        period,
    )


def _of_categories(
    context: Context, rows: pd.DataFrame, own: pd.DataFrame, now: pd.DataFrame
) -> str:
    """The sentence about the categories of one period (`now`, those with a number): of shares the
    whole and the ends of their range, of a few counts each with its change."""
    indicator, qualifier = context.indicator, context.qualifier
    ordered = now.sort_values("value", ascending=False, kind="stable")
    if indicator.is_count:
        drawn = context.drawn_categories(now["category"])
        if not drawn:
            row = row_of(ordered)
            name, value = context.category_name(row.category), context.value(row)
            return texts.largest_headline(indicator, qualifier, name, value)
        rows_of = {row.category: row for row in now.itertuples(index=False)}
        named = [
            (context.category_name(id), context.value(rows_of[id]), _first(context, own, id, now))
            for id in drawn
        ]
        return texts.counts_headline(indicator, qualifier, named)
    # a part of a whole that is empty (a school type the Land does not have) is no end of a range
    parts = indicator.divides(context.view.by) == "numerator"
    some = ordered[ordered["value"] > 0] if parts and (now["value"] > 0).any() else ordered
    named = [
        (context.category_name(row.category), context.value(row))
        for row in some.itertuples(index=False)
    ]
    return texts.division_headline(indicator, qualifier, named, _whole(context, rows, now))


def _whole(context: Context, rows: pd.DataFrame, now: pd.DataFrame) -> Value | None:
    """The value of all categories together in the same period; None where it says nothing, as that
    parts of a whole make 100 per cent, or where the sentence has no word for all of them."""
    by = context.view.by
    if context.indicator.divides(by) == "numerator" or context.indicator.grouped_by == by:
        return None
    values = series(context, rows, context.region.id)
    period = now["period"].iloc[0]
    return next((value for value in values if value.period.label == period), None)


def _first(context: Context, own: pd.DataFrame, category: str, now: pd.DataFrame) -> Value | None:
    """The first value of a category's series that can be compared with the one of now."""
    period = context.period(row_of(now))
    known = [
        value
        for value in series(context, own, context.region.id, category)
        if value.value is not None and value.period <= period
    ]
    turned = {t.first for t in context.turns([v.period for v in known]) if t.is_break and t.first}
    turned = {first for first in turned if first <= period}
    return next((v for v in known if not turned or v.period >= max(turned)), None)


def _comparison(context: Context, rows: pd.DataFrame, values: Sequence[Value], now: Value) -> str:
    """The value beside those the region is measured by, else beside the first one of its series
    that is of the same territory."""
    known = [value for value in values if value.value is not None]
    ids = [id for id, _ in wholes(context.region)]
    others = [value for id in ids for value in series(context, rows, id, now.category)]
    return texts.comparison(context.indicator, now, others) or texts.earlier(
        context.indicator, now, context.first_alike(known)
    )
