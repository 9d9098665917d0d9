"""Telling: what an answer says of its rows in sentences, each made from rows of one series.

A series is one region and one category over time. Headline, reading aid and comparison of an answer
come from the same one, so that no sentence takes its second number from another category.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from indicators import texts
from indicators.answers.answer import Context, row_of, wholes
from indicators.definition import TOTAL
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


def of_region(context: Context, rows: pd.DataFrame, period: str) -> Telling:
    """Of the asked region's undivided values: the one of the period, or if nobody asked for a
    period the newest."""
    values = series(context, rows, context.region.id)
    if not values:
        return Telling(f"Für {context.region.name} liegen keine Werte vor")
    now = next((value for value in values if value.period.label == period), None)
    if now is None and context.view.period:
        return Telling(f"Für {context.region.name} gibt es zum Zeitraum {period} keine Angabe")
    now = now or values[-1]
    previous = before(context, values, now)
    return Telling(
        texts.trend_headline(context.indicator, now, previous),
        texts.reading_aid(context.indicator, now, previous),
        _comparison(context, rows, values, now),
        "" if now.value is None else now.period.label,
    )


def of_division(context: Context, rows: pd.DataFrame, period: str) -> Telling:
    """Of the asked region's categories in one period: the ends of their range, and of the series
    of the largest one more."""
    own = rows[(rows["region"] == context.region.id) & (rows["category"] != TOTAL)]
    now = own[(own["period"] == period) & own["value"].notna()]
    if now.empty:
        return Telling(f"{context.region.name}: für {period} keine Werte nach Ausprägungen")
    largest = row_of(now, int(now["value"].argmax()))
    # a part of a whole that is empty (a school type the Land does not have) is no end of a range
    parts = context.indicator.breakdown(context.view.by).of == "numerator"
    some = now[now["value"] > 0] if parts and (now["value"] > 0).any() else now
    smallest = row_of(some, int(some["value"].argmin()))
    values = series(context, own, context.region.id, largest.category)
    told = next(value for value in values if value.period.label == period)
    return Telling(
        texts.division_headline(
            context.indicator,
            context.qualifier,
            *(
                (context.category_name(row.category), context.value(row))
                for row in (largest, smallest)
            ),
        ),
        texts.reading_aid(context.indicator, told, before(context, values, told)),
        _comparison(context, rows, values, told),
        period,
    )


def _comparison(context: Context, rows: pd.DataFrame, values: Sequence[Value], now: Value) -> str:
    """The value beside those the region is measured by, else beside the first one of its series
    that is of the same territory."""
    known = [value for value in values if value.value is not None]
    ids = [id for id, _ in wholes(context.region)]
    others = [value for id in ids for value in series(context, rows, id, now.category)]
    return texts.comparison(context.indicator, now, others) or texts.earlier(
        context.indicator, now, context.first_alike(known)
    )
