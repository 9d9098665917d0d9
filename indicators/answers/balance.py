"""Balance: places against need, for the whole region and each of its parts."""

import unicodedata
from dataclasses import replace

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Table
from indicators.answers.context import Context, row_of
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Balance, Calculation, Indicator, Term
from indicators.errors import ViewError
from indicators.figures.balance import BalancePicture, Row
from indicators.release.releases import Release
from indicators.release.values import COLUMNS, as_shown, indicator_values
from indicators.symbols import SIGNS, Status
from indicators.view import View

_PARTS = ("gemeinde", "stadtteil")


def answer(release: Release, view: View) -> Answer:
    """Places and need of one period: the one asked for, else the newest that has both."""
    context = Context(release, view.with_(measure="share"))
    balance = _balance(context)
    parts = {id: parts_of(release, id) for id in context.region.parts}
    asked = [context.region.id, *parts, *(part for found in parts.values() for part in found)]
    rows = sides(context, list(dict.fromkeys(asked)))
    context.check_period(rows, view.period)
    period = view.period or _newest(context, rows)
    shown = _arranged(context, rows, parts, period)
    gaps = [gap_of(row) for row in shown.itertuples(index=False)]
    lines = list(zip(shown.itertuples(index=False), gaps, strict=True))
    headline, aid, notes = _sentences(context, balance, lines)
    undivided = [
        id for id, found in parts.items() if found and not set(found) & set(rows["region"])
    ]
    if undivided:
        names = formats.listing([release.region(id).name for id in undivided])
        notes.insert(0, f"Nach Teilgebieten liegen keine Angaben vor: {names}.")
    alt = (
        f"Balkendiagramm: {balance.places_name} und Bedarf ({balance.need_name}), "
        f"{context.region.name}, {period}. {headline}."
    )
    drawn = [_drawn(context, balance, row, gap) for row, gap in lines]
    found = context.answer(
        shown,
        headline=headline,
        subtitle=context.subtitle(f"{context.region.name}, {period}"),
        table=_table(context, balance, lines),
        reading_aid=aid,
        alt=alt,
        period=period,
        periods=_periods(rows),
        figure=BalancePicture(
            title=context.indicator.name,
            alt=alt,
            places_name=balance.places_name,
            need_name=f"Bedarf: {balance.need_name}",
            whole=drawn[0],
            rows=tuple(drawn[1:]),
        ),
    )
    data = [row | {"gap": gap} for row, gap in zip(found.rows, gaps, strict=True)]
    return replace(found, rows=data, notes=[*notes, *found.notes])


def _balance(context: Context) -> Balance:
    if context.indicator.balance is None:
        able = [i.name for i in context.catalog.indicators.values() if i.balance]
        raise ViewError(
            f"{context.indicator.name} stellt nicht Plätze einem Bedarf gegenüber. Das geht bei: "
            f"{'; '.join(able) or 'keinem Indikator'}."
        )
    return context.indicator.balance


def parts_of(release: Release, id: str) -> list[str]:
    """The Gemeinden or Stadtteile of a region; [] if none is known."""
    return [r.id for r in release.regions.values() if r.parent == id and r.level in _PARTS]


def sides(context: Context, regions: list[str]) -> pd.DataFrame:
    """One row per region and period in the columns of `indicator_values`: `numerator` the places,
    `denominator` those who need one, `value` the indicator's own, also where it is a difference."""
    rows = context.values(regions)
    if any(c.denominator for c in context.indicator.calculations):
        return rows
    places, need = (_one_side_values(context, regions, sign) for sign in (-1, 1))
    key = ["region", "period"]
    rows = rows.drop(columns=["numerator", "denominator"])
    for side, name in ((places, "numerator"), (need, "denominator")):
        rows = rows.merge(side[[*key, "value"]].rename(columns={"value": name}), on=key, how="left")
    return rows[COLUMNS]


def _one_side_values(context: Context, regions: list[str], sign: int) -> pd.DataFrame:
    side = _one_side(context.indicator, sign)
    return as_shown(indicator_values(context.release, side, regions, only=context.only), side)


def _one_side(indicator: Indicator, sign: int) -> Indicator:
    """Only the places (-1) or only the need (1) of a difference, as a count."""

    def kept(terms: list[Term]) -> list[Term]:
        return [t.model_copy(update={"sign": 1}) for t in terms if t.sign == sign]

    calculations = [
        Calculation(numerator=kept(c.numerator), levels=c.levels)
        for c in indicator.calculations
        if kept(c.numerator)
    ]
    return indicator.model_copy(update={"calculations": calculations, "factor": 1})


def _complete(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["numerator"].notna() & rows["denominator"].notna()].sort_values("start")


def _newest(context: Context, rows: pd.DataFrame) -> str:
    """The newest period in which the whole region has both sides, else any of its parts."""
    known = _complete(rows)
    own = known[known["region"] == context.region.id]
    best = own if len(own) else known if len(known) else rows.sort_values("start")
    return best["period"].iloc[-1]


def _periods(rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(_complete(rows)["period"]))


def _arranged(
    context: Context, rows: pd.DataFrame, parts: dict[str, list[str]], period: str
) -> pd.DataFrame:
    """The rows of the period in the order of the figure: the whole, then its parts, the largest
    shortage first and the unknown ones last. A part without a row is missing; where no part of a
    region has one in any period, the region (a member of a joint one) stands for them."""
    now = rows[(rows["period"] == period) & (rows["category"] == TOTAL)]
    there = {row.region: row for row in now.itertuples(index=False)}
    known, whole = set(rows["region"]), context.region.id
    shown = []
    for member, found in parts.items():
        shown += found if known & set(found) else [member] if member != whole else []
    when = row_of(now)
    lines = []
    for id in [whole, *shown]:
        row = there.get(id)
        if row is None:
            row = when._replace(
                region=id,
                numerator=float("nan"),
                denominator=float("nan"),
                value=float("nan"),
                status=Status.MISSING.value,
                flags="",
                sources="",
            )
        lines.append(row)

    def place(row) -> tuple:
        gap = gap_of(row)
        name = unicodedata.normalize("NFKD", context.release.region(row.region).name)
        return (gap is None, gap or 0, name.casefold())

    ordered = [lines[0], *sorted(lines[1:], key=place)]
    return pd.DataFrame(ordered, columns=rows.columns).astype(rows.dtypes.to_dict())


def gap_of(row) -> int | None:
    """Places minus need, as a reader reckons with the shown ones; None unless both are known."""
    if pd.isna(row.numerator) or pd.isna(row.denominator):
        return None
    return int(row.numerator - row.denominator)


def _why(row) -> str:
    status = Status(row.status)
    return SIGNS[status if SIGNS[status].sign else Status.MISSING].short


def _drawn(context: Context, balance: Balance, row, gap: int | None) -> Row:
    def number(value) -> float | None:
        return None if pd.isna(value) else float(value)

    return Row(
        name=context.release.region(row.region).name,
        places=number(row.numerator),
        need=number(row.denominator),
        numbers=f"{_count(row.numerator, row)} / {_count(row.denominator, row)}",
        gap=_why(row) if gap is None else texts.gap(balance, gap),
        short=gap is not None and gap < 0,
    )


def _count(value, row) -> str:
    """The number, or the sign of the reason why there is none."""
    if not pd.isna(value):
        return formats.number(value)
    status = Status(row.status)
    return SIGNS[status].sign or SIGNS[Status.MISSING].sign


def _sentences(context: Context, balance: Balance, lines: list) -> tuple[str, str, list[str]]:
    """Finding, Lesehilfe and what is to be known of the sum of the parts."""
    (whole, gap), parts = lines[0], lines[1:]
    short = [(row, g) for row, g in parts if g is not None and g < 0]
    told = [(context.release.region(row.region).where, g) for row, g in parts]
    sides = None if gap is None else (whole.numerator, whole.denominator)
    headline = texts.balance_headline(balance, gap, _why(whole), told, sides)
    example = next(((row, g) for row, g in [*short[:1], (whole, gap)] if g is not None), None)
    aid = ""
    if example:
        row, g = example
        aid = texts.balance_reading_aid(
            balance,
            context.release.region(row.region),
            context.period(row),
            row.numerator,
            row.denominator,
            g,
        )
    return headline, aid, _about_the_sum(balance, gap, [g for _, g in parts])


def _about_the_sum(balance: Balance, whole: int | None, parts: list[int | None]) -> list[str]:
    """Where the parts do not add up to the whole. With hidden parts no amount is told: it would
    give away what is hidden."""
    if not parts or whole is None:
        return []
    known = [gap for gap in parts if gap is not None]
    if hidden := len(parts) - len(known):
        areas = formats.quantity(hidden, "Gebiet", "Gebiete")
        return [
            f"Für {areas} gibt es keine Angabe; die übrigen ergeben deshalb zusammen nicht die "
            "ganze Region."
        ]
    return [] if sum(known) == whole else [texts.balance_sum(balance, whole, sum(known))]


def _table(context: Context, balance: Balance, lines: list) -> Table:
    """The rows of the figure, with the indicator's own value where it is more than the gap."""
    ratio = any(c.denominator for c in context.indicator.calculations)
    own = [context.indicator.short_name] if ratio else []
    body = []
    for row, gap in lines:
        line = [
            context.release.region(row.region).name,
            formats.number(row.numerator) if not pd.isna(row.numerator) else _why(row),
            formats.number(row.denominator) if not pd.isna(row.denominator) else _why(row),
            _why(row) if gap is None else texts.gap(balance, gap),
        ]
        body.append(tuple([*line, context.shown(row)] if ratio else line))
    columns = ("Gebiet", balance.places_name, balance.need_name, "Differenz", *own)
    numeric = (False, True, True, True, *[True] * len(own))
    return Table(columns, tuple(body), numeric)
