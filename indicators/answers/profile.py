"""Profile: the newest value of every indicator for one region, beside its Land and Germany."""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Table, labelled
from indicators.answers.context import Context, row_of, wholes
from indicators.answers.sources import source_line
from indicators.answers.telling import before, series
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Indicator
from indicators.errors import ViewError
from indicators.figures.chart import WITHHELD, withheld
from indicators.release.releases import Release
from indicators.symbols import SIGNS, Status
from indicators.texts import Value
from indicators.view import View


class Moment(NamedTuple):
    """One period of a series: its label, the year in which it begins, its value (None: no number),
    which of WITHHELD that is, if any, and whether a break lies between it and the one before."""

    label: str
    year: int
    value: float | None
    withheld: str
    after_break: bool = False


@dataclass(frozen=True)
class Figure:
    """The key figure of one indicator: newest value, the year before, comparisons, the series.

    `now` is None where no file feeds the indicator yet; `newer` is the newest period if its number
    is withheld and `now` an older one. `selection` names the categories it is restricted to by
    default ("Gymnasium").
    """

    indicator: Indicator
    now: Value | None
    newer: Value | None
    before: Value | None
    land: Value | None
    germany: Value | None
    series: tuple[Moment, ...]
    rows: pd.DataFrame
    selection: str = ""

    @property
    def period(self) -> str:
        """The period of the newest value, and after it the newest of all if that is withheld:
        "2022/23 (2023/24 geschützt)"; "" where there is no file."""
        if self.now is None:
            return ""
        label = self.now.period.label
        if self.newer is not None:
            label += f" ({self.newer.period.label} {texts.shown(self.indicator, self.newer)})"
        return label

    def known_in(self, years: list[int]) -> list[str]:
        """For each year "ja", why its number is withheld, or "–"."""
        told = {m.year: WITHHELD.get(m.withheld, "–") for m in self.series if m.value is None}
        told |= {m.year: "ja" for m in self.series if m.value is not None}
        return [told.get(year, "–") for year in years]


def figures(release: Release, view: View) -> list[Figure]:
    """One key figure per indicator of the theme (all themes if none), in the catalog's order, or of
    those that the view lists in its own. Raises ViewError for one that there is not."""
    known = release.catalog.indicators
    listed = [id for id in view.setting("indicators").split(",") if id]
    for id in listed:
        if id not in known:
            raise ViewError(
                f"Den Indikator „{id}“ gibt es nicht (Angabe indicators). Alle stehen auf der "
                "Seite „Daten und Methodik“.",
                name="indicators",
                value=id,
            )
    ids = listed or [i.id for i in known.values() if view.theme in ("", i.theme)]
    alone = view.with_(kind="trend", theme="", settings=())
    return [figure(release, alone.with_(indicator=id)) for id in ids]


def leading(release: Release, view: View, count: int) -> tuple[list[Figure], list[Figure]]:
    """The first key figures with a value, highlighted ones first, and those that introduce the
    region (how many live in it)."""
    indicators = list(release.catalog.indicators.values())
    ranked = sorted(indicators, key=lambda i: (i.highlight or 99, i.order))
    found: list[Figure] = []
    for indicator in ranked:
        if len(found) == count:
            break
        if not indicator.introduction:
            made = figure(release, view.with_(kind="trend", indicator=indicator.id))
            if made.now is not None and made.now.value is not None:
                found.append(made)
    first = [
        figure(release, view.with_(kind="trend", indicator=i.id))
        for i in indicators
        if i.introduction
    ]
    return found, [f for f in first if f.now is not None]


def source_of(release: Release, found: list[Figure]) -> str:
    """The short source line of some key figures."""
    used = {
        int(s) for f in found for text in f.rows["sources"].unique() for s in text.split(",") if s
    }
    sources = [release.sources[s] for s in sorted(used)]
    return source_line(sources, release.catalog, short=True) if sources else ""


def figure(release: Release, view: View) -> Figure:
    """The key figure of the view's indicator for the view's region."""
    context = Context(release, view)
    region = context.region
    compared = {role: id for id, role in wholes(region)}
    rows = context.values([region.id, *compared.values()])
    own = rows[(rows["region"] == region.id) & (rows["category"] == TOTAL)].sort_values("start")
    known = own[own["value"].notna()]
    now = newer = earlier = land = germany = None
    if len(known) or len(own):
        newest = row_of(known if len(known) else own, -1)
        now = context.value(newest)
        last = context.value(row_of(own, -1))
        newer = last if last.period != now.period and withheld(last.status) else None
        earlier = before(context, series(context, rows, region.id), now)
        land = _at(context, rows, compared.get("land"), newest.period)
        germany = _at(context, rows, compared.get("germany"), newest.period)
    used = own[own["period"] == now.period.label] if now else own
    known = [context.period(row) for row in own.itertuples(index=False)]
    turned = {turn.first for turn in context.turns(known) if turn.is_break}
    moments = [
        Moment(
            row.period,
            int(row.year),
            None if pd.isna(row.value) else float(row.value),
            withheld(Status(row.status)),
            period in turned,
        )
        for row, period in zip(own.itertuples(index=False), known, strict=True)
    ]
    return Figure(
        indicator=context.indicator,
        now=now,
        newer=newer,
        before=earlier,
        land=land,
        germany=germany,
        series=tuple(moments),
        rows=used,
        selection=", ".join(
            context.catalog.dimensions[d].category_name(c, region.land)
            for d, c in context.only.items()
        ),
    )


def _at(context: Context, rows: pd.DataFrame, region: str | None, period: str) -> Value | None:
    found = rows[(rows["region"] == region) & (rows["period"] == period) & rows["value"].notna()]
    return context.value(row_of(found)) if len(found) else None


def answer(release: Release, view: View) -> Answer:
    region = release.region(view.region)
    found = figures(release, view)
    filled = [f for f in found if f.now is not None]
    # an indicator that cannot be calculated here stays in the table, with the reason as its value
    known = [f for f in filled if f.now and f.now.value is not None]
    theme = release.catalog.vocabulary.themes[view.theme].name if view.theme else "Alle Themen"
    if view.setting("indicators"):
        theme = "Auswahl"
    rows, sources = [], set()
    for f in filled:
        alone = view.with_(kind="trend", indicator=f.indicator.id, theme="", settings=())
        context = Context(release, alone)
        for row in context.rows_as_data(f.rows):
            rows.append({"indicator": f.indicator.id, "indicator_name": f.indicator.name, **row})
        sources |= set(context.sources_used(f.rows))
    used = [release.sources[s] for s in sorted(sources)]
    return Answer(
        view=view,
        title=f"Profil {region.name}",
        headline=(
            f"{region.name}: {formats.number(len(known))} von {formats.number(len(found))} "
            "Indikatoren mit Angaben"
        ),
        subtitle=labelled(f"{theme}, neueste Angabe je Indikator", region),
        rows=rows,
        table=_table(release, region, filled),
        reading_aid=next(
            (
                texts.reading_aid(f.indicator, f.now, f.before)
                for f in known
                if f.now and f.now.value
            ),
            "",
        ),
        alt=f"Tabelle der neuesten Werte aller Indikatoren, {region.name}.",
        notes=[
            "Die Angaben stammen aus verschiedenen Jahren; das Jahr steht bei jedem Wert.",
            *_newer_signs(filled),
        ],
        footnotes=[],
        source=source_line(used, release.catalog) if used else "",
        source_short=source_line(used, release.catalog, short=True) if used else "",
        sources=tuple(used),
        release=release.id,
        published=release.published,
    )


def _newer_signs(found: list[Figure]) -> list[str]:
    """What is meant where a period says that its number is withheld, and an older one is shown."""
    signs = dict.fromkeys(SIGNS[f.newer.status] for f in found if f.newer is not None)
    return [f"{sign.short}: {sign.meaning}" for sign in signs]


def _table(release: Release, region, found: list[Figure]) -> Table:
    def told(f: Figure, value: Value | None) -> str:
        return "–" if value is None else texts.shown(f.indicator, value)

    others = [(release.region(id).name, role) for id, role in wholes(region)]
    columns = ["Indikator", "Zeitraum", region.name, *[name for name, _ in others]]
    body = [
        (
            f.indicator.name + (f" ({f.selection})" if f.selection else ""),
            f.period or "keine Datei",
            told(f, f.now),
            *[told(f, getattr(f, role)) for _, role in others],
        )
        for f in found
    ]
    return Table(tuple(columns), tuple(body), (False, False, *[True] * (len(columns) - 2)))
