"""Chain: the way of newly arrived persons, station by station, each with its newest figures."""

import re
from dataclasses import dataclass

import pandas as pd

from indicators import formats, texts
from indicators.answers.answer import Answer, Table, labelled
from indicators.answers.context import Context, row_of
from indicators.answers.sources import source_line
from indicators.answers.telling import before, series
from indicators.answers.wanted import wanted_tables
from indicators.catalog.arrangements import ChainStep, StepFigure
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Indicator
from indicators.errors import ViewError
from indicators.figures.chain import ChainPicture, Step, Tile
from indicators.release.releases import Release
from indicators.symbols import Status
from indicators.texts import Value
from indicators.view import View

_NOTES = [
    "Die Angaben stammen aus verschiedenen Erhebungen; der Zeitraum steht bei jeder Zahl.",
    "Die Stationen zeigen nicht den Weg derselben Personen: Jede zählt, wer in diesem Zeitraum "
    "dort war.",
]


@dataclass(frozen=True)
class Found:
    """One figure of a step with what is known of it: `now` None where nobody has a file, `before`
    None where there is no year before that may be compared; `rows` is its row of values (none or
    one), `years` are (year, label) of all periods with a number; `outdated` says that there are
    newer periods without one (protected, mostly), so that this is not how things stand today."""

    step: ChainStep
    figure: StepFigure
    indicator: Indicator
    context: Context
    now: Value | None
    before: Value | None
    rows: pd.DataFrame
    years: tuple[tuple[int, str], ...]
    outdated: bool = False


def answer(release: Release, view: View) -> Answer:
    """All steps of the chain; with a period, all figures of the year in which it begins.

    Raises ViewError where no steps are defined or nothing begins in that year.
    """
    steps = release.catalog.chain_steps
    if not steps:
        raise ViewError("Es sind keine Stationen festgelegt (chain_steps in den Definitionen).")
    region = release.region(view.region)
    year = _year(view.period)
    found = [_found(release, view, s, f, year) for s in steps.values() for f in s.figures]
    periods = _periods(found)
    if year is not None and all(f.rows.empty for f in found):
        raise ViewError(
            f"Zu keiner Station gibt es Angaben für „{view.period}“; vorhanden sind "
            f"{', '.join(periods) or 'keine'}."
        )
    known = sum(f.now is not None and f.now.value is not None for f in found)
    if all(f.rows.empty for f in found):
        raise ViewError(_nothing(release, found))
    (waiting_time, since), (waiting, as_of) = (
        _telling(found, what) for what in ("waiting_time", "waiting")
    )
    headline = texts.chain_headline(
        region, waiting_time, waiting, known, len(found), dates=(since, as_of)
    )
    aids = (
        texts.reading_aid(f.indicator, f.now, f.before)
        for f in found
        if f.now is not None and f.now.value is not None
    )
    alt = f"Kette der Stationen, {region.name}: {_spoken(found)}. {headline}."
    used = {s for f in found for s in f.context.sources_used(f.rows)}
    sources = [release.sources[s] for s in sorted(used)]
    return Answer(
        view=view,
        title="Von der Ankunft bis zur Ausbildung",
        headline=headline,
        subtitle=labelled(
            f"Neu zugewanderte Kinder und Jugendliche, {region.name}, "
            f"{'Jahr ' + str(year) if year else 'neueste Angabe je Station'}",
            region,
        ),
        rows=[_as_data(f) for f in found],
        table=_table(found),
        reading_aid=next(aids, ""),
        alt=alt,
        notes=_NOTES + _caveats(found),
        footnotes=[],
        source=source_line(sources, release.catalog) if sources else "",
        source_short=source_line(sources, release.catalog, short=True) if sources else "",
        sources=tuple(sources),
        release=release.id,
        published=release.published,
        period=view.period,
        periods=periods,
        figure=ChainPicture(
            title="Von der Ankunft bis zur Ausbildung", alt=alt, steps=_drawn(found)
        ),
    )


def _nothing(release: Release, found: list[Found]) -> str:
    """Which tables would bring the figures of the stations."""
    wanted = dict.fromkeys(wanted_tables(release, f.indicator, f.context.region) for f in found)
    region = found[0].context.region
    return (
        f"Zu keiner Station gibt es Angaben für {region.name}. Nächster Schritt: "
        f"{formats.listing([w for w in wanted if w])} einlesen; wie das geht, steht unter „Daten "
        "und Methodik“, Abschnitt „Aktualisieren“."
    )


def _year(period: str) -> int | None:
    """The year in which a period begins, however it is written; None for no period."""
    found = re.search(r"(?:19|20)\d\d", period)
    return int(found[0]) if found else None


def _found(
    release: Release, view: View, step: ChainStep, figure: StepFigure, year: int | None
) -> Found:
    """The figure at the year, else at its newest period with a number, else at its newest."""
    asked = View(
        kind="trend", indicator=figure.indicator, region=view.region, measure=figure.measure
    )
    context = Context(release, asked)
    rows = context.values([context.region.id])
    rows = rows[rows["category"] == TOTAL].sort_values("start")
    known = rows[rows["value"].notna()]
    years = tuple((int(row.year), row.period) for row in known.itertuples(index=False))
    outdated = year is None and len(known) > 0 and known["start"].max() < rows["start"].max()
    at = rows[rows["year"] == year] if year is not None else known if len(known) else rows
    if at.empty:
        return Found(step, figure, context.indicator, context, None, None, at, years)
    at = at.iloc[[-1]]
    now = context.value(row_of(at))
    earlier = before(context, series(context, rows, context.region.id), now)
    return Found(step, figure, context.indicator, context, now, earlier, at, years, outdated)


def _periods(found: list[Found]) -> list[str]:
    """What can be asked for: each year once, as the first figure that knows it writes it."""
    labels: dict[int, str] = {}
    for f in found:
        for year, label in f.years:
            labels.setdefault(year, label)
    return [labels[year] for year in sorted(labels)]


def _telling(found: list[Found], what: str) -> tuple[tuple[Indicator, Value] | None, str]:
    """The first figure of this kind that has a number, and its period if that is not today's."""
    for f in found:
        if f.figure.tells == what and f.now is not None and f.now.value is not None:
            return (f.indicator, f.now), f.now.period.label if f.outdated else ""
    return None, ""


def _spoken(found: list[Found]) -> str:
    return "; ".join(f"{f.step.name}: {f.figure.label} {_number(f)}" for f in found)


def _number(f: Found) -> str:
    """The number, or in words why there is none."""
    return texts.shown(f.indicator, f.now)


def _change(f: Found) -> str:
    return texts.short_change(f.indicator, f.now, f.before) if f.now else ""


def _drawn(found: list[Found]) -> tuple[Step, ...]:
    steps: dict[str, list[Found]] = {}
    for f in found:
        steps.setdefault(f.step.id, []).append(f)
    return tuple(
        Step(
            of_step[0].step.name,
            tuple(
                Tile(
                    label=f.figure.label,
                    number=_number(f),
                    known=f.now is not None and f.now.value is not None,
                    period=f.now.period.label if f.now else "",
                    change=_change(f),
                )
                for f in of_step
            ),
            beside=of_step[0].step.beside,
        )
        for of_step in steps.values()
    )


def _as_data(f: Found) -> dict:
    """The row of a figure in the stable form; without a file its number is missing."""
    rows = f.context.rows_as_data(f.rows)
    row = (
        rows[0]
        if rows
        else {
            "region": f.context.region.id,
            "region_name": f.context.region.name,
            "period": "",
            "category": TOTAL,
            "category_name": "insgesamt",
            "selection": f.context.qualifier,
            "numerator": None,
            "denominator": None,
            "value": None,
            "unit": f.indicator.unit,
            "status": Status.MISSING.value,
            "flags": [],
        }
    )
    return {
        "step": f.step.id,
        "step_name": f.step.name,
        "figure": f.figure.label,
        "indicator": f.indicator.id,
        "indicator_name": f.indicator.name,
        **row,
    }


def _basis(f: Found) -> str:
    """ "34 von 412" for a share, the size of the group for another ratio."""
    if f.now is None or f.now.denominator is None:
        return ""
    group = formats.number(f.now.denominator)
    if f.indicator.unit == "%" and f.now.numerator is not None:
        return f"{formats.number(f.now.numerator)} von {group}"
    return f"{group} {f.indicator.denominator_name}"


def _table(found: list[Found]) -> Table:
    columns = ("Station", "Angabe", "Zeitraum", "Wert", "Grundlage", "Veränderung")
    body = tuple(
        (
            f.step.name,
            f"{f.figure.label}: {f.indicator.name}",
            f.now.period.label if f.now else "–",
            _number(f),
            _basis(f),
            _change(f),
        )
        for f in found
    )
    return Table(columns, body, (False, False, False, True, True, True))


def _caveats(found: list[Found]) -> list[str]:
    """The first caveat of every figure that has a number, each once."""
    shown = [f.indicator for f in found if f.now is not None and f.indicator.caveats]
    return list(dict.fromkeys(f"{i.short_name}: {i.caveats[0]}" for i in shown))
