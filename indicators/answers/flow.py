"""Flow: from where to where persons go at a gate, with the rate of every way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import pandas as pd

from indicators import formats, texts
from indicators.analysis import ratio
from indicators.answers import rounding
from indicators.answers.answer import Answer, Table, labelled
from indicators.answers.context import Context
from indicators.answers.sources import source_line
from indicators.answers.telling import before, series
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dimension, Flow
from indicators.errors import ViewError
from indicators.figures import theme
from indicators.figures.flow import Band, FlowPicture, Gate, Node
from indicators.release import queries
from indicators.release.releases import Release
from indicators.release.values import COLUMNS, least_denominator
from indicators.symbols import SIGNS, WITH_NUMBER, Status
from indicators.view import View

_NUMBERS = {status.value for status in WITH_NUMBER}
_KEY = ["region", "period", "start", "year", "origin", "destination"]


def answer(release: Release, view: View) -> Answer:
    """The flows of one period: the one asked for, else the newest."""
    context = Context(release, view)
    flow = _flow(context)
    rows = flows(context)
    context.check_period(rows, view.period)
    known = rows[rows["value"].notna()]
    if known.empty:
        raise context.nothing()
    periods = list(dict.fromkeys(rows.sort_values("start")["period"]))
    period = view.period or known.sort_values("start")["period"].iloc[-1]
    gate = _gate(context, rows[rows["period"] == period], period)
    finding, aid = _sentences(context, gate, period)
    # the finding tells of one way, that of an undivided view; the figure shows all of them
    context.restrict({d: c for d, c in view.only if d not in (flow.origin, flow.destination)})
    shown = _as_values(gate.ways, context)
    found = context.answer(
        shown,
        headline=finding,
        subtitle=context.subtitle(f"{context.region.name}, {period}"),
        table=_table(context, gate),
        reading_aid=aid,
        alt=f"Flussdiagramm: {context.indicator.name}, {context.region.name}, {period}. {aid}",
        period=period,
        periods=periods,
        figure=FlowPicture(
            title=context.indicator.name,
            alt=f"Flussdiagramm: {context.indicator.name}, {context.region.name}, {period}. {aid}",
            gates=(_drawn(context, gate, flow, f"{flow.persons}, {period}"),),
        ),
    )
    notes = rounding.note(_wholes(context, gate), "%", 1)
    return replace(found, rows=_as_data(context, gate), notes=[*notes, *found.notes])


def across(release: Release, view: View) -> Answer:
    """The flows of all gates beside each other, each in its own newest period.

    They are not one cohort: whoever changes school this year left Kita years ago. A gate without
    flows is left out and named in the notes. Raises ViewError if none has any.
    """
    region = release.region(view.region)
    drawn, rows, lines, missing, sources = [], [], [], [], set()
    for gate in release.catalog.gates.values():
        if not gate.flow:
            continue
        try:
            found = answer(release, View("flow", gate.flow, view.region, only=view.only))
        except ViewError:
            missing.append(gate.name)
            continue
        assert found.indicator and isinstance(found.figure, FlowPicture)
        name = found.indicator.name
        drawn += [replace(g, title=f"{gate.name}, {found.period}") for g in found.figure.gates]
        rows += [{"indicator": gate.flow, "indicator_name": name} | row for row in found.rows]
        lines += [(f"{gate.name} ({found.period})", *line) for line in found.table.rows]
        sources |= set(found.sources)
    if not drawn:
        raise ViewError(
            f"Für {region.name} liegt noch zu keinem Übergang eine Tabelle mit Zählwerten vor. "
            "Nächster Schritt: eine eigene Tabelle „Übergänge zwischen zwei Schuljahren“ einlesen; "
            "wie das geht, steht unter „Daten und Methodik“, Abschnitt „Aktualisieren“."
        )
    used = sorted(sources, key=lambda source: source.table_code)
    title = f"Alle Übergänge in {region.name}"
    alt = f"Flussdiagramme von {formats.listing([g.title for g in drawn])}, {region.name}."
    columns = ("Übergang", "Von", "Nach", "Anzahl", "Anteil an der Herkunft")
    notes = [
        "Die Übergänge zeigen verschiedene Jahrgänge desselben Jahres, keine Kinder über Jahre."
    ]
    if missing:
        notes.append(f"Ohne Angaben für diese Region: {formats.listing(missing)}.")
    return Answer(
        view=view,
        title=title,
        headline=f"{region.name}: {formats.number(len(drawn))} Übergänge auf einen Blick",
        subtitle=labelled("Wege durch das Bildungswesen, jeweils neueste Angabe", region),
        rows=rows,
        table=Table(columns, tuple(lines), (False, False, False, True, True)),
        reading_aid="",
        alt=alt,
        notes=notes,
        footnotes=[],
        source=source_line(used, release.catalog),
        source_short=source_line(used, release.catalog, short=True),
        sources=tuple(used),
        release=release.id,
        published=release.published,
        figure=FlowPicture(title=title, alt=alt, gates=tuple(drawn)),
    )


def _flow(context: Context) -> Flow:
    if context.indicator.flow is None:
        able = [i.name for i in context.catalog.indicators.values() if i.flow]
        raise ViewError(
            f"{context.indicator.name} lässt sich nicht als Flussdiagramm zeigen. Das geht bei: "
            f"{'; '.join(able)}."
        )
    return context.indicator.flow


def flows(context: Context) -> pd.DataFrame:
    """One row per period, origin and destination (both with "total") of the asked region.

    Columns: region, period, start, year, origin, destination, value, status, flags, sources. A
    joint region is the sum of its members, which exists only where every member has a number.
    """
    flow = _flow(context)
    calculation = next(c for c in context.indicator.calculations if c.numerator)
    # a share is taken from all who leave the origin; a count is of them
    term = (calculation.denominator or calculation.numerator)[0]
    dataset = context.catalog.datasets[term.dataset]
    # the indicator's default category is one destination; here all of them are asked for
    only = {
        d: c
        for d, c in context.view.only
        if d in dataset.dimensions and d not in (flow.origin, flow.destination)
    }
    where = {d: c for d, c in term.where.items() if d != flow.destination} | only
    term = term.model_copy(update={"where": where})
    ask = partial(
        queries.flows, context.release, term, origin=flow.origin, destination=flow.destination
    )
    found = ask(regions=context.region.parts)
    sums = ask(regions=[context.region.id], sums=True)
    expected = len(context.region.parts)
    for dimension, wanted in where.items():
        if isinstance(wanted, list) and dimension not in (flow.origin, flow.destination):
            expected *= len(wanted)
    found = found.assign(region=context.region.id, sources=found["source"].astype(str))
    sums = sums.assign(sources=sums["source"].astype(str)).drop(columns="source")
    return ratio.instead(ratio.total(found, _KEY, expected), sums, _KEY)


@dataclass(frozen=True)
class _Gate:
    """The flows of one period. `ways` has a row per origin and destination that lead anywhere,
    with the origin's total and the share; `origins` and `destinations` are the categories in
    their fixed order."""

    ways: pd.DataFrame
    origins: list[str]
    destinations: list[str]
    totals: dict[str, float | None]
    arriving: dict[str, tuple[float | None, str]]
    period: str


def _gate(context: Context, now: pd.DataFrame, period: str) -> _Gate:
    flow, catalog = _flow(context), context.catalog
    number = now["value"].where(now["status"].isin(_NUMBERS))
    now = now.assign(value=number)
    parts = now[now["destination"] != TOTAL]
    if flow.origin:
        parts = parts[parts["origin"] != TOTAL]
    if flow.changes_only:
        parts = parts[parts["origin"] != parts["destination"]]
    # a way nobody goes is no way; one whose number is not shown is
    parts = parts[~(parts["value"] == 0) & (parts["status"] != Status.NOT_APPLICABLE.value)]
    ids = [c.id for c in catalog.dimensions[flow.destination].categories if not c.subset]
    destinations = [id for id in ids if id in set(parts["destination"])]
    parts = parts[parts["destination"].isin(destinations)]
    origins = [TOTAL]
    if flow.origin:
        categories = catalog.dimensions[flow.origin].categories
        origins = [c.id for c in categories if c.id in set(parts["origin"])]
    whole = now[now["destination"] == TOTAL].set_index("origin")["value"]
    totals = {o: _number(whole.get(o)) for o in origins}
    below = parts["origin"].map(totals).astype(float)
    calculation = next(c for c in context.indicator.calculations if c.numerator)
    enough = below >= least_denominator(
        context.release, context.indicator, calculation, parts["sources"]
    )
    share = (parts["value"] / below * 100).where(enough & parts["value"].notna())
    share = formats.rounded_column(share, 1)
    arriving = {}
    for id in destinations:
        rows = now[(now["destination"] == id) & (now["origin"] == TOTAL)]
        if rows.empty:  # only some origins are asked for: what arrives are their flows
            rows = parts[parts["destination"] == id]
        hidden = rows[rows["value"].isna()]
        arriving[id] = (
            None if len(hidden) else float(rows["value"].sum()),
            hidden["status"].iloc[0] if len(hidden) else Status.OK.value,
        )
    ways = parts.assign(total=below, share=share)
    order = {id: i for i, id in enumerate([*origins, *destinations])}
    ways = ways.sort_values(
        ["origin", "destination"], key=lambda column: column.map(order), ignore_index=True
    )
    return _Gate(ways, origins, destinations, totals, arriving, period)


def _number(value) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _name(dimension: Dimension | None, id: str, context: Context) -> str:
    if dimension is None:
        return _flow(context).origin_name
    return dimension.category_name(id, context.region.land)


def _dimensions(context: Context) -> tuple[Dimension | None, Dimension]:
    flow, catalog = _flow(context), context.catalog
    return (
        catalog.dimensions[flow.origin] if flow.origin else None,
        catalog.dimensions[flow.destination],
    )


def _share(value) -> str:
    return "" if pd.isna(value) else formats.with_unit(value, "%", 1)


def _count(value: float | None, status: str) -> str:
    return SIGNS[Status(status)].short if value is None else formats.number(value)


def _total(value: float | None, ways: list, side: str, id: str) -> float | None:
    """How many are at a node of which not all flows have a number."""
    some_hidden = any(pd.isna(way.value) for way in ways if getattr(way, side) == id)
    return value if some_hidden else None


def _drawn(context: Context, gate: _Gate, flow: Flow, title: str) -> Gate:
    """The gate as it is drawn: names, numbers, colours in the fixed order of the categories."""
    origin, destination = _dimensions(context)
    ways = list(gate.ways.itertuples(index=False))
    single = len(gate.origins) == 1
    shares = {w.destination: _share(w.share) for w in ways} if single else {}
    return Gate(
        title=title,
        origins=tuple(
            Node(
                id,
                _name(origin, id, context),
                f"{_count(gate.totals[id], Status.MISSING)}{f' {flow.persons}' if single else ''}",
                theme.category_colour(id, i),
                # who stays is no flow of changes, so that a node's number says nothing of its bands
                total=None if flow.changes_only else _total(gate.totals[id], ways, "origin", id),
            )
            for i, id in enumerate(gate.origins)
        ),
        destinations=tuple(
            Node(
                id,
                _name(destination, id, context),
                _count(*gate.arriving[id]),
                theme.category_colour(id, i),
                shares.get(id, ""),
                _total(gate.arriving[id][0], ways, "destination", id),
            )
            for i, id in enumerate(gate.destinations)
        ),
        bands=tuple(
            Band(
                w.origin,
                w.destination,
                _number(w.value),
                _share(w.share),
                f"{_name(origin, w.origin, context)} → {_name(destination, w.destination, context)}"
                f": {_count(_number(w.value), w.status)}"
                + (f" ({_share(w.share)})" if _share(w.share) else ""),
            )
            for w in ways
        ),
        hidden=tuple(
            dict.fromkeys(_count(None, w.status) for w in ways if _number(w.value) is None)
        ),
    )


def _sentences(context: Context, gate: _Gate, period: str) -> tuple[str, str]:
    """The finding (the indicator's own sentence) and the distribution of the largest origin."""
    origin, destination = _dimensions(context)
    values = series(context, context.values([context.region.id]), context.region.id)
    now = next((value for value in values if value.period.label == period), None)
    finding = ""
    if now is not None:
        day = context.release.published.date()
        finding = texts.trend_headline(context.indicator, now, before(context, values, now), day)
    sized = {o: total for o, total in gate.totals.items() if total}
    aid = ""
    if sized:
        largest = max(sized, key=sized.__getitem__)
        ways = gate.ways[(gate.ways["origin"] == largest) & gate.ways["share"].notna()]
        ways = ways.sort_values("share", ascending=False).head(3)
        told = [
            f"{_name(destination, w.destination, context)} {_share(w.share)}"
            for w in ways.itertuples(index=False)
        ]
        who = f"{formats.number(sized[largest])} {_flow(context).persons}"
        if origin:
            who += f" ({_name(origin, largest, context)})"
        if told:
            aid = f"So verteilen sich {who} im Schuljahr {period}: {formats.listing(told)}."
        else:
            aid = f"Es sind {who} im Schuljahr {period}; für Anteile sind es zu wenige."
    return finding or aid.rstrip(".") or context.indicator.name, aid


def _wholes(context: Context, gate: _Gate) -> Iterator[rounding.Whole]:
    """The shares of each origin whose ways all have one and lead everybody somewhere: of changes
    only, those who stay are lacking."""
    origin, _ = _dimensions(context)
    for id in gate.origins:
        ways = gate.ways[gate.ways["origin"] == id]
        total = gate.totals[id]
        if ways["share"].notna().all() and total and ways["value"].sum() == total:
            where = f"bei „{_name(origin, id, context)}“"
            yield rounding.Whole(where, tuple(ways["share"]), 100.0)


def _as_values(ways: pd.DataFrame, context: Context) -> pd.DataFrame:
    """The ways in the columns of `indicator_values`, for notes and sources."""
    few = ways["value"].notna() & ways["total"].notna() & ways["share"].isna()
    frame = ways.assign(
        category=ways["origin"] + ">" + ways["destination"],
        status=ways["status"].mask(few, Status.TOO_FEW.value),
        numerator=ways["value"],
        denominator=ways["total"],
        calculation=0,
    ).drop(columns="value")
    return frame.rename(columns={"share": "value"})[COLUMNS]


def _as_data(context: Context, gate: _Gate) -> list[dict]:
    """A row per way; its value is the share of its origin, also where the indicator is a count."""
    origin, destination = _dimensions(context)
    rows = context.rows_as_data(_as_values(gate.ways, context))
    for row, way in zip(rows, gate.ways.itertuples(index=False), strict=True):
        row["unit"] = "%"
        row["value"] = _number(way.share)
        row["category_name"] = (
            f"{_name(origin, way.origin, context)} → {_name(destination, way.destination, context)}"
        )
    return rows


def _remainder(context: Context, gate: _Gate, origin: str) -> float | None:
    """How many of an origin go ways without a number, as its total and the shown ways tell; None
    where all have one or it cannot be told (of changes only, those who stay are not shown)."""
    ways = gate.ways[gate.ways["origin"] == origin]
    total = gate.totals[origin]
    if _flow(context).changes_only or total is None or ways["value"].notna().all():
        return None
    rest = total - ways["value"].sum()
    return rest if rest > 0 else None


def _table(context: Context, gate: _Gate) -> Table:
    """A row per way in the order of the figure, and the total of each origin."""
    origin, destination = _dimensions(context)
    flow = _flow(context)
    columns = ["Von", "Nach", f"Anzahl {flow.persons}", "Anteil an der Herkunft"]
    body = []
    for id in gate.origins:
        for way in gate.ways[gate.ways["origin"] == id].itertuples(index=False):
            few = not pd.isna(way.value) and not pd.isna(way.total)
            body.append(
                (
                    _name(origin, id, context),
                    _name(destination, way.destination, context),
                    _count(_number(way.value), way.status),
                    _share(way.share) or (SIGNS[Status.TOO_FEW].short if few else "–"),
                )
            )
        name, total = _name(origin, id, context), gate.totals[id]
        if (rest := _remainder(context, gate, id)) is not None:
            body.append((name, "ohne einzelne Angabe, zusammen", formats.number(rest), ""))
        body.append((name, "insgesamt", _count(total, "missing"), ""))
    return Table(tuple(columns), tuple(body), (False, False, True, True))
