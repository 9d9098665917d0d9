"""What the answer of panels says of its lines: the ends of their range, an example, the table."""

from collections.abc import Sequence

import pandas as pd

from indicators import formats, texts
from indicators.answers import lines
from indicators.answers.answer import Table
from indicators.answers.context import Context, row_of
from indicators.answers.panel_lines import NAMES, Line, Panel, at_once
from indicators.answers.telling import before
from indicators.catalog.definition import TOTAL
from indicators.symbols import SIGNS, Status
from indicators.texts import Value

_NAMED = 3  # places that share the highest value, by name


def common_period(lines: Sequence[Line]) -> str:
    """The newest period in which at least half of the panels that have any number have one."""
    known = [line.rows[line.rows["value"].notna()].assign(of=line.panel.id) for line in lines]
    every = pd.concat([one for one in known if len(one)])
    counted = every.groupby(["start", "period"])["of"].nunique().reset_index()
    enough = counted["of"] >= min(every["of"].nunique() / 2, counted["of"].max())
    return counted[enough].sort_values("start")["period"].iloc[-1]


def headline_of(context: Context, lines: Sequence[Line], period: str, each: str) -> str:
    """The ends of the range of all lines in one period, by name; of counts without regions that
    contain others, which are larger by their nature."""
    main = [line for line in lines if line.is_main]
    compared = main if any(_at(line, period) for line in main) else list(lines)
    compared = [line for line in compared if not _contains_another(context, line, compared)]
    values = [(line, value) for line in compared if (value := _at(line, period)) is not None]
    name = context.indicator.name
    name += f" ({context.qualifier})" if context.qualifier else ""
    if not values:
        return f"{name}: zum Zeitraum {period} keine Werte"
    told = [(_where(context, line, each), value) for line, value in values]
    sentence = f"{name} {values[0][1].period.adverbial}: {_range(context, told)}"
    if len(values) < len(compared):
        what = "Gebieten" if each in NAMES else "Ausprägungen"
        of = f"{formats.number(len(values))} von {formats.number(len(compared))}"
        sentence += f"; Werte liegen für {of} {'Linien' if context.view.by else what} vor"
    return sentence


def _contains_another(context: Context, line: Line, lines: Sequence[Line]) -> bool:
    if not context.indicator.is_count:
        return False
    region = context.release.region(line.region)
    others = {context.release.region(one.region) for one in lines}
    return any(
        other.id != region.id and (other.id in region.members or other.parent in region.parts)
        for other in others
        if other.id != line.region
    )


def _at(line: Line, period: str) -> Value | None:
    """The value of a line in a period; None where it has no number."""
    found = line.rows[(line.rows["period"] == period) & line.rows["value"].notna()]
    return line.panel.context.value(row_of(found)) if len(found) else None


def _where(context: Context, line: Line, each: str) -> str:
    """ "in der Stadt Hof bei „weiblich“", "bei „Gymnasium, weiblich“" """
    category = context.category_name(line.category) if context.view.by else ""
    place = context.release.region(line.region).where
    if each in NAMES:
        return f"{place} bei „{category}“" if category else place
    told = f"bei „{', '.join(filter(None, [line.panel.name, category]))}“"
    return told if line.is_main else f"{told} {place}"


def _range(context: Context, values: Sequence[tuple[str, Value]]) -> str:
    """ "am höchsten in der Stadt Hof (12,8 %), am niedrigsten im Landkreis Hof (4,1 %)" """
    shown = [(where, texts.said(context.indicator, value)) for where, value in values]
    if len({words for _, words in shown}) == 1:
        return f"{shown[0][0] if len(shown) == 1 else 'überall'} {shown[0][1]}"
    numbers = [value.number for _, value in values]
    told = []
    for word, end in (("am höchsten", max(numbers)), ("am niedrigsten", min(numbers))):
        words = shown[numbers.index(end)][1]
        ties = [where for where, others in shown if others == words]
        where = formats.listing(ties) if len(ties) <= _NAMED else f"in {len(ties)} Fällen"
        told.append(f"{word} {where} ({words})")
    return ", ".join(told)


def subtitle_of(context: Context, each: str, rows: pd.DataFrame) -> str:
    dimensions = context.catalog.dimensions
    what = NAMES.get(each) or dimensions[each].name
    labels = lines.labels_of(rows)
    told = [
        f"nach {what}" if at_once(rows) else f"ein Bild je {what}",
        f"nach {dimensions[context.view.by].name}" if context.view.by else "",
        context.region.name,
        " bis ".join(dict.fromkeys([*labels[:1], *labels[-1:]])),
    ]
    return ", ".join(filter(None, told))


def reading_aid(context: Context, lines: Sequence[Line], period: str, each: str) -> str:
    """One number with its counts: of the first place that has one, of categories the largest."""
    known = [(line, now) for line in lines if (now := _at(line, period)) is not None]
    if not known:
        return ""
    main = [one for one in known if one[0].is_main] or known
    line, now = main[0] if each in NAMES else max(main, key=lambda one: one[1].number)
    own = line.panel.context
    values = [own.value(row) for row in line.rows.itertuples(index=False)]
    return texts.reading_aid(context.indicator, now, before(own, values, now))


def table_of(context: Context, panels: Sequence[Panel], categories: list[str], each: str) -> Table:
    """A row for each panel and period, the newest first; a column for each category or region."""
    columns: dict[tuple[str, str], str] = {}
    by = context.view.by
    if by:
        known = {category for panel in panels for category in panel.rows["category"]}
        for category in [*categories, *([TOTAL] if TOTAL in known else [])]:
            columns["", category] = context.category_name(category)
    elif each in NAMES:
        columns["", TOTAL] = context.indicator.short_name
    else:
        for region, _ in panels[0].regions:
            columns[region, TOTAL] = context.release.region(region).name
    body = []
    for panel in panels:
        own = panel.regions[0][0]
        cells = {(r.region, r.category, r.period): r for r in panel.rows.itertuples(index=False)}
        ordered = panel.rows.sort_values("start", ascending=False)
        for period in dict.fromkeys(ordered["period"]):
            found = [cells.get((region or own, c, period)) for region, c in columns]
            told = [
                texts.shown(context.indicator, None) if row is None else panel.context.shown(row)
                for row in found
            ]
            body.append((panel.name, period, *told))
        if panel.rows.empty:
            body.append((panel.name, "–", *[SIGNS[Status.MISSING].short] * len(columns)))
    what = "Gebiet" if each in NAMES else context.catalog.dimensions[each].name
    heads = (what, "Zeitraum", *columns.values())
    return Table(heads, tuple(body), (False, False, *[True] * len(columns)))


def as_data(panels: Sequence[Panel]) -> list[dict]:
    """The rows in the stable form of the command line, each with its panel."""
    return [
        {"panel": panel.id, "panel_name": panel.name} | row
        for panel in panels
        for row in panel.context.rows_as_data(panel.rows)
    ]
