"""School starters of the parts of a region, in whole children that add up to the whole."""

from collections.abc import Sequence
from dataclasses import replace

from indicators import formats, texts
from indicators.analysis import projection
from indicators.answers.answer import Table
from indicators.answers.starters.expected import projected_rows
from indicators.answers.starters.model import Model, Row, school_year
from indicators.answers.starters.options import VARIANTS
from indicators.answers.starters.result import StartersAnswer, answer_of, basis_text, text_of
from indicators.errors import ViewError
from indicators.figures.starters import Grid, GridRow


def answer(model: Model) -> StartersAnswer:
    """One row per part and year, in whole children that add up to the whole."""
    variant = model.variants[0]
    years = range(model.last + 1, model.last + projection.BORN_AHEAD + 1)
    rows, is_complete = _rows(model, variant, years)
    headline = _headline(model, rows, years)
    alt = (
        f"Tabelle: Schulanfängerinnen und Schulanfänger der Teile, {model.region.name}. {headline}."
    )
    found = answer_of(
        model,
        rows,
        headline=headline,
        subtitle=model.context.subtitle(
            f"{model.region.name} und Teile, {VARIANTS[variant]}, {basis_text(model)}"
        ),
        table=_table(model, rows, years),
        reading_aid=_reading_aid(model, rows),
        alt=alt,
        figure=_grid(model, rows, years, alt),
    )
    return replace(found, notes=[*_notes(model, is_complete), *found.notes])


def _rows(model: Model, variant: str, years: range) -> tuple[list[Row], bool]:
    """The rows of the whole, then of each part; and whether the parts make up the whole in every
    year. Raises ViewError where no part has children."""
    whole_rows = {
        row.year: row for row in projected_rows(model, variant) if row.category.endswith("_born")
    }
    exact = {
        id: {
            one.year: one.children
            for one in model.starters(model.release.region(id).parts, model.last, years, variant)
        }
        for id in model.part_ids
    }
    exact = {id: found for id, found in exact.items() if model.data.ages.get(id)}
    if not exact:
        raise ViewError(
            f"Für die Teile von {model.region.name} gibt es keine Kinder nach Altersjahren.",
            name="show",
            value="parts",
        )
    rows = [
        *_last_observed(model, model.region.id, model.region.parts),
        *(whole_rows[year] for year in years),
    ]
    whole_numbers = _apportioned(exact, whole_rows, years)
    for id, found in exact.items():
        rows += _last_observed(model, id, [id])
        for year in years:
            value = whole_numbers.get(year, {}).get(id, found[year])
            name = f"{VARIANTS[variant]}, Kinder geboren"
            flags = () if value is None else ("estimated",)
            rows.append(model.row(id, year, f"{variant}_born", name, value, [id], flags))
    return rows, set(whole_numbers) == set(years)


def _notes(model: Model, is_complete: bool) -> list[str]:
    method = (
        "Jedes Mitglied ist mit seinen eigenen Quoten fortgeschrieben"
        if model.region.members
        else "Gemeinden und Stadtteile: eigene Kinder, fortgeschrieben mit den Quoten des Kreises"
    )
    notes = [
        f"{method}; die Summe der Teile ist die Zahl des Ganzen. Ganze Kinder sind so gerundet, "
        "dass die Summe stimmt, und können um ein Kind von der eigenen Ansicht eines Teils "
        "abweichen."
    ]
    if not is_complete:
        notes.append(
            "Die Teile ergeben nicht überall das Ganze: Manche Kinder sind keinem Teil zugeordnet "
            "oder nicht ausgewiesen."
        )
    return notes


def _apportioned(
    exact: dict[str, dict[int, float | None]], whole_rows: dict[int, Row], years: range
) -> dict[int, dict[str, float]]:
    """Whole numbers of the parts by year; of the years in which the parts make up the whole."""
    found: dict[int, dict[str, float]] = {}
    for year in years:
        values = {id: by_year[year] for id, by_year in exact.items()}
        whole = whole_rows[year].value
        known = [v for v in values.values() if v is not None]
        if whole is not None and len(known) == len(values) and abs(sum(known) - whole) <= 0.51:
            numbers = projection.apportion(known, whole)
            found[year] = dict(zip(values, map(float, numbers), strict=True))
    return found


def _last_observed(model: Model, id: str, ids: Sequence[str]) -> list[Row]:
    """The entries of the newest year that the whole region knows; none if there is none."""
    years = [y for y, v in model.observed(model.region.parts).items() if v is not None]
    if not years:
        return []
    value = model.observed(ids).get(years[-1])
    return [model.row(id, years[-1], "observed", "eingeschult", value, ids)]


def _by_part(rows: list[Row]) -> dict[str, tuple[Row | None, list[Row]]]:
    """Region → its observed row and its calculated rows."""
    found: dict[str, tuple[Row | None, list[Row]]] = {}
    for row in rows:
        before, after = found.get(row.region, (None, []))
        if row.category == "observed":
            found[row.region] = (row, after)
        else:
            found[row.region] = (before, [*after, row])
    return found


def _change(before: Row | None, after: list[Row]) -> str:
    """From the last entries to the last year whose children are born."""
    last = after[-1] if after else None
    if before is None or before.value is None or last is None or last.value is None:
        return "–"
    if min(before.value, last.value) < texts.FEWEST_FOR_RELATIVE_CHANGE:
        return "nicht beurteilbar"
    return formats.signed((last.value / before.value - 1) * 100, 0) + formats.suffix("%")


def _table(model: Model, rows: list[Row], years: range) -> Table:
    body = [
        (
            model.release.region(id).name,
            text_of(before),
            *(text_of(row) for row in after),
            _change(before, after),
        )
        for id, (before, after) in _by_part(rows).items()
    ]
    seen = next((row.year for row in rows if row.category == "observed"), None)
    observed = f"Eingeschult {school_year(seen)}" if seen else "Eingeschult"
    columns = ("Gebiet", observed, *map(school_year, years), "Veränderung")
    return Table(columns, tuple(body), (False, *[True] * (len(columns) - 1)))


def _grid(model: Model, rows: list[Row], years: range, alt: str) -> Grid:
    seen = next((row.year for row in rows if row.category == "observed"), None)
    lines = []
    for id, (before, after) in _by_part(rows).items():
        base = before.value if before else None
        shares = [
            row.value / base - 1
            if base
            and row.value is not None
            and min(base, row.value) >= texts.FEWEST_FOR_RELATIVE_CHANGE
            else None
            for row in after
        ]
        lines.append(
            GridRow(
                name=model.release.region(id).name,
                texts=(text_of(before), *(text_of(row) for row in after)),
                changes=(None, *shares),
                change_text=_change(before, after),
                is_whole=id == model.region.id,
            )
        )
    columns = (school_year(seen) if seen else "zuletzt", *map(school_year, years))
    return Grid(model.context.indicator.name, alt, columns, tuple(lines))


def _headline(model: Model, rows: list[Row], years: range) -> str:
    """The parts with the largest changes that can be judged."""
    judged = []
    for id, (before, after) in _by_part(rows).items():
        text, last = _change(before, after), after[-1].value
        if id != model.region.id and text[-1] == "%" and before and before.value and last:
            judged.append((last / before.value - 1, id, text))
    if not judged:
        return (
            f"{texts.begin(model.region.where)} ist bis {school_year(years[-1])} für keinen Teil "
            "eine Veränderung beurteilbar"
        )
    names = [
        f"{model.release.region(id).name} ({text})"
        for _, id, text in dict.fromkeys([max(judged), min(judged)])
    ]
    to = school_year(years[-1])
    if len(names) == 1:
        return f"Schulanfänger bis {to}: {names[0]}"
    return f"Schulanfänger bis {to}: {names[1]} bis {names[0]}"


def _reading_aid(model: Model, rows: list[Row]) -> str:
    row = next((r for r in rows if r.region != model.region.id and r.category != "observed"
                and r.value is not None), None)  # fmt: skip
    if row is None or row.value is None:
        return ""
    where = model.release.region(row.region).where
    return texts.starters_reading_aid(school_year(row.year), row.value, "", [], where)
