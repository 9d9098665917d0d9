"""Panels: small trends on one axis, one for each place or each category of a division.

What a panel is stands in the view's setting `each`; its division (`by`) makes several lines within
each. The rows are all of them: panel × region × category × period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from indicators import formats
from indicators.answers import rounding, scope, trend
from indicators.answers.answer import Answer
from indicators.answers.context import Context, row_of
from indicators.answers.lines import labels_of, notes_of, turns_of
from indicators.answers.panel_lines import (
    NAMES,
    PARTS,
    PLACES,
    Panel,
    all_rows,
    categories,
    figure_of,
    highest,
    lines_of,
)
from indicators.answers.panel_telling import (
    as_data,
    common_period,
    headline_of,
    reading_aid,
    subtitle_of,
    table_of,
)
from indicators.catalog.definition import TOTAL
from indicators.errors import NotPublishedError, ViewError
from indicators.figures.chart import withheld
from indicators.figures.panel_layout import PanelsPicture
from indicators.release.releases import Release
from indicators.symbols import Status
from indicators.view import View

MOST_PANELS = 36  # of a division; nobody compares more of them


def answer(release: Release, view: View) -> Answer:
    """Raises ViewError where the view's `each` is nothing this indicator has panels of."""
    context = Context(release, view)
    _check(context)
    each = view.setting("each") or default_each(context)
    context.restrict({d: c for d, c in context.only.items() if d != each})
    panels = _of_places(context, each) if each in NAMES else _of_categories(context, each)
    rows = all_rows(panels)
    _check_number(context, panels, rows, each)
    context.check_period(rows, view.period)
    there = categories(context, rows)
    drawn = (context.drawn_categories(there) or highest(rows, there)) if view.by else [TOTAL]
    zeros = [] if each in NAMES else _zeros(panels)
    shown = [panel for panel in panels if panel not in zeros]
    lines = lines_of(context, shown, drawn, each)
    period = view.period or common_period(lines)
    headline = headline_of(context, lines, period, each)
    turns = trend.told_turns(context, turns_of(context, rows))
    figure = figure_of(context, rows, shown, lines, turns, headline)
    if zeros and isinstance(figure, PanelsPicture):
        figure = replace(figure, told=(_zero_words(context, zeros),))
    found = context.answer(
        rows,
        headline=headline,
        subtitle=context.subtitle(subtitle_of(context, each, rows)),
        table=table_of(context, panels, there, each),
        reading_aid=reading_aid(context, lines, period, each),
        alt=figure.alt,
        period=period,
        periods=labels_of(rows),
        figure=figure,
    )
    notes = rounding.of_division(context, rows) if view.by else []
    if len(drawn) < len(there):
        notes.insert(0, "Gezeichnet sind die wichtigsten Gruppen; alle nennt die Tabelle.")
    notes += [*_kept_back(panels), *notes_of(rows, turns, territory=False)]
    found = replace(found, rows=as_data(panels), notes=[*dict.fromkeys([*notes, *found.notes])])
    return found.with_beside(notes_of(rows, turns, territory=True))


def offered(context: Context) -> list[str]:
    """What a panel can be: a place where there are several, a Gemeinde or Stadtteil where there are
    any, a category of each division of the indicator."""
    found = [PLACES] if len(_places(context, PLACES)) > 1 else []
    found += [PARTS] if scope.parts_of(context.release, context.region) else []
    dimensions = context.catalog.dimensions
    divisions = [b.dimension for b in context.indicator.breakdowns]
    found += [id for id in divisions if not dimensions[id].incomparable]
    return found or [PLACES]


def default_each(context: Context) -> str:
    """Places where there are several, else the first division that does not make the lines."""
    return next((id for id in offered(context) if id not in (PARTS, context.view.by)), PLACES)


def _check(context: Context) -> None:
    """Raises ViewError where panels or lines cannot be what the view asks for."""
    view = context.view
    each = view.setting("each")
    allowed = [*NAMES, *(b.dimension for b in context.indicator.breakdowns)]
    if each and each not in allowed:
        raise ViewError(
            f"each: „{each}“ gibt es nicht. Erlaubt sind {', '.join(allowed)}.",
            name="each",
            value=each,
        )
    if each and each == view.by:
        raise ViewError(
            f"Bilder und Linien sind beide nach {context.catalog.dimensions[each].name} geteilt. "
            "Nächster Schritt: unter „Aufteilung“ oder „Je Bild“ anderes wählen.",
            name="by",
            value=view.by,
        )
    for id in (each, view.by):
        if id in allowed[2:] and (reason := context.catalog.dimensions[id].incomparable):
            raise ViewError(
                f"{reason} Nächster Schritt: die Tabelle stellt alle nebeneinander.",
                name="each" if id == each else "by",
                value=id,
            )


def _places(context: Context, each: str) -> list[tuple[str, str]]:
    """The regions that have a panel, with their roles, the own one first: the joint region it is
    part of, the other members, chosen ones, Land and Germany; of a count not these, beside which
    all would lie flat on the axis. Or the Gemeinden and Stadtteile of the region."""
    own = context.region
    if each == PARTS:
        around = context.release.region(own.parent) if scope.is_part(own) and own.parent else own
        parts = [(id, "category") for id in scope.parts_of(context.release, around)]
        whole = (around.id, "own" if around.id == own.id else "land")
        found = [(own.id, "own"), whole, *parts]
    else:
        joint = [r.id for r in context.release.regions.values() if own.id in r.members]
        found = [(own.id, "own"), *((id, "category") for id in joint), *context.companions()]
        if context.indicator.is_count:
            found = [one for one in found if one[1] not in ("land", "germany")]
    roles: dict[str, str] = {}
    for id, role in found:
        roles.setdefault(id, role)
    return list(roles.items())


def _of_places(context: Context, each: str) -> list[Panel]:
    """A panel for each place; one that is only there to compare with, and of which nobody has
    anything, is left out."""
    places = _places(context, each)
    rows = context.values([region for region, _ in places], by=context.view.by or None)
    if each == PARTS:
        _check_parts(context, [region for region, role in places if role == "category"], rows)
    found = []
    for region, role in places:
        own = rows[rows["region"] == region]
        if own.empty and role in ("land", "germany"):
            continue
        of_place = Context(context.release, context.view)
        of_place.restrict(context.only)
        of_place.compared = (region,)
        name = context.release.region(region).name
        found.append(Panel(region, name, of_place, ((region, role),), own))
    return found


def _check_parts(context: Context, parts: list[str], rows: pd.DataFrame) -> None:
    """Raises why there is nothing of any Gemeinde or Stadtteil."""
    found = rows[rows["region"].isin(parts)]
    if context.view.by:
        found = found[found["category"] != TOTAL]
    if found["value"].notna().any() or any(withheld(Status(s)) for s in found["status"]):
        return
    asked = Context(context.release, context.view)
    asked.restrict(context.only)
    asked.compared = tuple(parts)
    if reason := asked.kept_back():
        raise NotPublishedError(reason)
    raise ViewError(
        f"{context.indicator.name}: Für Gemeinden und Stadtteile {context.region.where} liegen "
        "keine Werte vor. Nächster Schritt: unter „Je Bild“ anderes wählen."
    )


def _of_categories(context: Context, dimension: str) -> list[Panel]:
    """A panel for each category of which there is anything: with the line of the region and of its
    parts, or divided once more."""
    described, land = context.catalog.dimensions[dimension], context.region.land
    ids = [category.id for category in described.categories]
    if len(ids) > MOST_PANELS:
        ids = [id for id in ids if id in described.leading]
    if not ids:
        raise ViewError(
            f"{described.name} hat zu viele Ausprägungen für Bilder nebeneinander. Nächster "
            "Schritt: die Tabelle nennt alle.",
            name="each",
            value=dimension,
        )
    regions = [(context.region.id, "own")]
    if not context.view.by:
        regions += [one for one in context.companions() if one[1] in ("part", "other")]
    found = []
    for id in ids:
        of_category = Context(context.release, context.view)
        of_category.restrict(context.only | {dimension: id})
        rows = of_category.values([r for r, _ in regions], by=context.view.by or None)
        name = described.category_name(id, land)
        found.append(Panel(id, name, of_category, tuple(regions), rows))
    return [panel for panel in found if len(panel.rows)] or found


def _check_number(context: Context, panels: Sequence[Panel], rows: pd.DataFrame, each: str) -> None:
    """Raises why no panel has a number: nothing is published or known in these divisions."""
    if context.view.by:
        rows = rows[rows["category"] != TOTAL]
    if rows["value"].notna().any():
        return
    for panel in panels:
        if reason := panel.context.kept_back():
            raise NotPublishedError(reason)
    if each in NAMES:
        context.check_number(rows)
    whole = Context(context.release, context.view.with_(by=""))
    whole.check_number(whole.values([context.region.id]))
    divisions = [id for id in (each, context.view.by) if id and id not in NAMES]
    names = [context.catalog.dimensions[id].name for id in divisions]
    raise ViewError(
        f"Für {context.region.name} gibt es {context.indicator.name} nicht nach "
        f"{formats.listing(names)} getrennt. Nächster Schritt: unter „Je Bild“ oder „Aufteilung“ "
        "anderes wählen."
    )


def _zeros(panels: Sequence[Panel]) -> list[Panel]:
    """Those of several panels that are 0 wherever anything is known, such as school types that a
    Kreis does not have: told in words, they leave their room to the others."""
    found = [
        panel
        for panel in panels
        if (panel.rows["value"].dropna() == 0).all()
        and panel.rows["value"].notna().any()
        and not any(withheld(Status(status)) for status in panel.rows["status"])
    ]
    return found if len(found) > 1 and len(found) < len(panels) else []


def _zero_words(context: Context, zeros: Sequence[Panel]) -> str:
    known = zeros[0].rows[zeros[0].rows["value"].notna()]
    nothing = zeros[0].context.shown(row_of(known))
    names = formats.listing([panel.name for panel in zeros])
    return f"In allen Jahren mit Angaben {nothing}: {names}"


def _kept_back(panels: Iterable[Panel]) -> list[str]:
    """Why panels without any number have none, where that is on purpose."""
    empty = [panel for panel in panels if panel.rows["value"].isna().all()]
    return [reason for panel in empty if (reason := panel.context.kept_back())]
