"""A dataset nobody has defined yet: a few questions make it, with an indicator for each measure, so
that what is received shows up as a chart."""

import re

from indicators.assistant.definitions import name_of
from indicators.assistant.proposal import Answers, Choice
from indicators.assistant.shape import Shape, is_number, is_time
from indicators.assistant.spelling import german
from indicators.catalog import catalog as definitions
from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Dataset

_UNITS = {
    "persons": "Personen (kleine Zahlen werden geschützt)",
    "things": "Dinge, zum Beispiel Plätze, Gruppen, Schulen oder Fälle ohne Personenbezug",
    "share": "fertige Anteile in Prozent",
}
_PERIODS = {
    "school_year": "Schuljahre (2024/25)",
    "calendar_year": "Kalenderjahre (2024)",
    "key_date": "Stichtage (31.12.2024)",
}
_PLACES = {
    "wohnort": "wo die Menschen wohnen",
    "schulort": "wo die Schule steht",
    "einrichtungsort": "wo die Einrichtung steht",
    "arbeitsort": "wo der Arbeitsplatz ist",
}
_VERBS = {"persons": "waren es", "things": "gab es", "share": "lag"}
_MOST_COLUMNS = 30


def asked(
    shape: Shape, answers: Answers, catalog: Catalog, file: str, title: str
) -> tuple[Dataset, Catalog, dict[str, list[dict]]] | None:
    """The new dataset, the catalog with it, and the tables to be written; None until all is
    said."""
    name = answers.ask(
        "new:name",
        "Wie soll der neue Datensatz heißen?",
        [],
        help="Zum Beispiel „Betreuungsquote“.",
        suggestion=title[:60],
    )
    unit = answers.ask(
        "new:unit", "Was sind die Zahlen?", [Choice(i, t) for i, t in _UNITS.items()]
    )
    period = answers.ask(
        "new:period",
        "Worauf beziehen sich die Zahlen?",
        [Choice(i, t) for i, t in _PERIODS.items()],
        suggestion="school_year" if _in_school_years(shape) else "",
    )
    place = answers.ask("new:place", "Wo wird gezählt?", [Choice(i, t) for i, t in _PLACES.items()])
    theme = answers.ask(
        "new:theme",
        "Zu welchem Thema gehören die Zahlen?",
        [Choice(id, word.name) for id, word in catalog.vocabulary.themes.items()],
    )
    numbers = [i for i in shape.columns if _is_measure(shape, i)]
    one = len(numbers) < 2 or all(is_time(part) for i in numbers for part in shape.headings[i])
    counted = _counted(answers) if one else None
    if not (name and unit and period and place and theme and (counted or not one)):
        return None
    texts = catalog.files.values()
    id = name_of(name, [*catalog.datasets, *catalog.indicators])
    names = (
        [counted] if counted else [german(shape.name(i), texts) for i in numbers[:_MOST_COLUMNS]]
    )
    measures = _measures([n for n in names if n], unit)
    divisions, dimensions = _dimensions(shape, catalog, id)
    dataset = {
        "id": id,
        "name": name,
        "statistic": "eigene Erhebung",
        "publisher": "Stadt oder Landkreis",
        "licence": "intern",
        "place": place,
        "symbols": "municipal",
        "dimensions": divisions,
        "crosses": [divisions] if divisions else [],
        "period": {"type": period},
        "measures": measures,
    }
    indicators = [_indicator(id, m, name, unit, place, theme, divisions, catalog) for m in measures]
    parts = {"dimensions": dimensions, "datasets": [dataset], "indicators": indicators}
    parts = {kind: entries for kind, entries in parts.items() if entries}
    from indicators.assistant.definitions import file_of

    text = file_of(file, parts)
    extended = definitions.from_texts(catalog.files | {"definitions/neu.toml": text}, complete=True)
    return extended.datasets[id], extended, parts


def _counted(answers: Answers) -> str | None:
    """What the numbers of a table are that no heading names; None until it is said."""
    return answers.ask(
        "new:counted",
        "Wie heißt, was gezählt wird?",
        [],
        help="Zum Beispiel „Kinder in Tagespflege“. So steht es über dem Diagramm.",
    )


def _is_measure(shape: Shape, column: int) -> bool:
    cells = [cell for cell in shape.cells(column) if cell]
    numbers = [cell for cell in cells if is_number(cell)]
    years = [cell for cell in cells if is_time(cell)]
    return len(numbers) > 0.5 * len(cells) and len(years) < 0.7 * len(cells)


def _in_school_years(shape: Shape) -> bool:
    cells = shape.cells(shape.columns[0]) + [part for h in shape.headings for part in h]
    years = [cell for cell in cells if re.fullmatch(r"(19|20)\d\d/\d\d", cell)]
    return 2 * len(years) > len(shape.body) or len(years) > 2


def _measures(names: list[str], unit: str) -> list[dict]:
    taken: list[str] = []
    found = []
    for name in names:
        taken.append(name_of(name, taken))
        one: dict = {"id": taken[-1], "name": name}
        if unit == "share":
            one |= {"unit": "%", "additive": False}
        elif unit == "things":
            one |= {"persons": False}
        found.append(one)
    return found


def _dimensions(shape: Shape, catalog: Catalog, of: str) -> tuple[list[str], list[dict]]:
    """The divisions that columns of words tell: known ones where all words are known, else new."""
    ids: list[str] = []
    new: list[dict] = []
    for column in shape.columns[1:]:
        words = list(dict.fromkeys(cell for cell in shape.cells(column) if cell))
        few = 1 < len(words) <= max(2, len(shape.body) // 2) and len(words) <= 40
        if not few or any(is_number(w) or is_time(w) for w in words):
            continue
        if _known_place(shape.name(column)):
            continue
        id = name_of(f"{of}_{shape.name(column)}", [*catalog.dimensions, *ids])
        taken: list[str] = []
        categories = []
        for word in words:
            taken.append(name_of(word, [*taken, "total"]))
            categories.append({"id": taken[-1], "name": word})
        ids.append(id)
        new.append(
            {
                "id": id,
                "name": german(shape.name(column), catalog.files.values()),
                "partition": False,
                "categories": categories,
            }
        )
    return ids, new


def _known_place(heading: str) -> bool:
    from indicators.assistant.columns import _OF_PLACE

    return bool(_OF_PLACE.fullmatch(heading))


def _indicator(
    dataset: str,
    measure: dict,
    name: str,
    unit: str,
    place: str,
    theme: str,
    divisions: list[str],
    catalog: Catalog,
) -> dict:
    term = {"dataset": dataset, "measure": measure["id"]}
    several = measure["name"] if measure["name"] == name else f"{name}: {measure['name']}"
    rest = {
        "persons": f"{{value}} ({measure['name']})",
        "things": f"{{value}} ({measure['name']})",
        "share": f"der Wert „{measure['name']}“ bei {{value}}",
    }[unit]
    return {
        "id": name_of(f"{dataset}_{measure['id']}"[:55], catalog.indicators),
        "name": several,
        "short_name": measure["name"],
        "theme": theme,
        "life_phase": "uebergreifend",
        "baustein": 1,
        "unit": "%" if unit == "share" else "Anzahl",
        "polarity": "neutral",
        "place": place,
        "definition": f"{several}, wie eingelesen.",
        "formula": measure["name"],
        "numerator_name": measure["name"],
        "period_meaning": "Zeitraum, wie er in der Datei steht.",
        "statement": {"verb": _VERBS[unit], "rest": rest},
        "calculations": [{"given": term} if unit == "share" else {"numerator": [term]}],
        "breakdowns": [{"dimension": id} for id in divisions],
    }
