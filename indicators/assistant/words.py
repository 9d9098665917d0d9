"""What the words of the chosen columns mean, asked one by one where nobody knows: times, regions,
categories. Answers become words, new regions or rows that are not read."""

import re
from collections.abc import Iterable

from indicators.assistant.case import Case, Place
from indicators.assistant.columns import DIMENSION, VALUE, Role, kreis_of, split_years
from indicators.assistant.proposal import Choice
from indicators.assistant.shape import Shape, is_time, is_total
from indicators.assistant.spelling import german
from indicators.catalog.definition import TOTAL
from indicators.catalog.mappings import PERIOD, REGION
from indicators.publishing.own_sheet import FILE, TITLE
from indicators.regions import normalise

SKIP_ROW, NEW, TYPED = "skip", "new", "typed"
NOT_READ = "Gebiet, nicht gelesen"
# First of several hundred, where it is seen.
_UNLISTED = Choice(NEW, "eine Gemeinde, die hier noch nicht steht")
_MOST_ASKED = 25
_MOST_PARTS = 2000  # no town and no Land has as many Stadtteile
_SPLIT = ("school_year", "training_year", "winter_semester")
_IN_TEXT = re.compile(
    r"(?<!\d)(\d\d?\.\d\d?\.(?:19|20)\d\d|(?:19|20)\d\d\s*[-–/_]\s*(?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d)(?!\d)"
)


def settle(case: Case, roles: dict[int, Role]) -> None:
    """Asks what must be known of all words; what is answered goes into the case."""
    told = {role.of or role.kind for role in roles.values() if role.kind in (PERIOD, REGION)}
    told |= {role.of for role in roles.values() if role.kind == DIMENSION}
    told |= {case.sheet_is} if case.sheet_is else set()
    told |= _in_headings(case, roles)
    _years(case, roles)
    if PERIOD not in told:
        _period_of_all(case)
    if REGION not in told:
        _region_of_all(case)
    _zeros(case, roles)
    # the region first: what a word means differs by Land
    for column, role in sorted(roles.items(), key=lambda one: one[1].kind != REGION):
        kind = role.of if role.kind == DIMENSION else role.kind
        if kind in told and role.kind in (PERIOD, REGION, DIMENSION):
            texts = _filled(case, column, case.texts(column))
            _explain(case, kind, texts, column)
    if placed := [t for kind, t in _parts(case, roles) if kind == REGION]:
        _explain(case, REGION, placed)


def _filled(case: Case, column: int, texts: list[str]) -> list[str]:
    """The texts of a column that says something of its rows; whether the one above holds where a
    cell is empty, is asked."""
    if "" not in texts or len(texts) == 1:
        return texts
    heading = case.shape.name(column)
    empty = next(
        (
            Place(s, row)
            for s in case.shapes
            for row in case.rows(s)
            if s.sheet.texts[row, column] == "" and not _is_sum(s, row)
        ),
        None,
    )
    if empty is None:
        return [text for text in texts if text]
    said = case.answers.ask(
        f"fill:{heading}",
        f"In der Spalte „{heading}“ sind Zellen leer. Gilt dort, was darüber steht?",
        [Choice("yes", "ja, der Text darüber gilt weiter"), Choice("no", "nein")],
        help=f"Zum Beispiel {empty.words}.",
    )
    if said == "no":
        raise case.wrong(
            f"in der Spalte „{heading}“ ist diese Zelle leer; wozu die Zahlen der Zeile gehören, "
            "ist nicht zu erkennen. Nächster Schritt: die Zelle in der Datei füllen",
            empty,
            column,
        )
    if said:
        case.fill_down.add(column)
    return [text for text in texts if text]


def _is_sum(shape: Shape, row: int) -> bool:
    """Whether a row begins with "Summe" or the like: whether it is read, is asked of that word."""
    return is_total(str(next((text for text in shape.sheet.texts[row] if text != ""), "")))


def _parts(case: Case, roles: dict[int, Role]) -> list[tuple[str, str]]:
    """What parts of the headings over values say: kind and text."""
    rows = {role.kind for role in roles.values()} | {case.sheet_is}
    values = [i for i, role in roles.items() if role.kind == VALUE]
    return [
        (kind, part)
        for i in values
        for part in case.shape.headings[i]
        if (kind := placeholder(case, part, rows))
    ]


def placeholder(case: Case, part: str, rows: Iterable[str | None]) -> str:
    """Whether a part of a heading is a time or a region, where no column or sheet says that."""
    if PERIOD not in rows and (is_time(part) or split_years(part) or case.is_period(part)):
        return PERIOD
    if REGION not in rows and (
        case.meaning(part, REGION)
        or case.candidates(part)
        or part in case.words.get(REGION, {})
        or case.answers.given.get("headings") == REGION
    ):
        return REGION
    return ""


def _in_headings(case: Case, roles: dict[int, Role]) -> set[str]:
    return {kind for kind, _ in _parts(case, roles)}


# --- times ----------------------------------------------------------------------------------------


def _years(case: Case, roles: dict[int, Role]) -> None:
    """What a bare year, or two years in one word, mean for this dataset."""
    texts = [t for i, r in roles.items() if r.kind == PERIOD for t in case.texts(i)]
    texts += [t for kind, t in _parts(case, roles) if kind == PERIOD]
    if case.sheet_is == PERIOD:
        texts += [shape.sheet.name for shape in case.shapes]
    rule = case.dataset.period
    years = [t for t in texts if re.fullmatch(r"(19|20)\d\d(\.0)?", t.strip())]
    split = [t for t in texts if re.fullmatch(r"\D*\d{2,4}\s*[-–/_]\s*\d{2,4}", t.strip())]
    joined = [t for t in texts if split_years(t)]
    if rule.type in _SPLIT and joined and len(joined) == len([t for t in texts if t]):
        _joined(case, joined)
    elif rule.type in _SPLIT and years and rule.year_is is None:
        _bare_years(case, years[0])
    elif rule.type not in _SPLIT and split and rule.year_is is None:
        first = int(re.findall(r"\d{2,4}", split[0])[0][-2:])
        said = case.answers.ask(
            "year_is",
            f"Welches Jahr ist mit „{split[0]}“ gemeint?",
            [Choice("start", f"20{first:02d}"), Choice("end", f"20{(first + 1) % 100:02d}")],
            help="Der Datensatz zählt zu einem Tag oder in einem Kalenderjahr.",
        )
        case.settings |= {"year_is": said} if said else {}
    elif years and rule.type == "key_date":
        case.tell(
            "Stichtag",
            f"{years[0]} gilt als {rule.day_of(int(years[0][:4]))}{years[0][:4]}",
            f"so zählt der Datensatz „{case.dataset.name}“",
        )


def _joined(case: Case, joined: list[str]) -> None:
    said = case.answers.ask(
        "split_years",
        f"Heißt „{joined[0]}“ Schuljahr {split_years(joined[0])}?",
        [Choice("yes", f"ja, Schuljahr {split_years(joined[0])}"), Choice("no", "nein")],
        help="Vier Ziffern ohne Strich können auch ein Jahr oder eine Nummer sein.",
    )
    if said == "yes":
        case.words.setdefault(PERIOD, {}).update({t: split_years(t) for t in joined})
    elif said == "no":
        raise case.wrong(
            f"was „{joined[0]}“ als Zeitraum heißt, ist nicht zu erkennen. Nächster Schritt: in "
            "der Datei Schuljahre wie 2024/25 schreiben"
        )


def _bare_years(case: Case, text: str) -> None:
    year = int(float(text))
    said = case.answers.ask(
        "year_is",
        f"Welches Schuljahr ist mit „{year}“ gemeint?",
        [
            Choice("start", f"{year}/{(year + 1) % 100:02d} (das Jahr, in dem es beginnt)"),
            Choice("end", f"{year - 1}/{year % 100:02d} (das Jahr, in dem es endet)"),
        ],
        help="Schülerzahlen nennen meist das Jahr des Beginns, Abschlüsse das Jahr des Endes.",
    )
    case.settings |= {"year_is": said} if said else {}


def _period_of_all(case: Case) -> None:
    """The one time of a table that names none in its rows or headings."""
    choices = []
    for place, source, texts in (
        (TITLE, "in der Zeile über der Tabelle steht", case.shape.above),
        (FILE, "im Dateinamen steht", [case.file]),
    ):
        found = {t for text in texts for t in _IN_TEXT.findall(text)}
        known = [t for t in found if case.is_period(t.replace("_", "/"))]
        if len(known) == 1:
            choices.append(Choice(place, f"{known[0]} – {source} es so"))
    said = None
    if choices:
        choices.append(Choice(TYPED, "ein anderer Zeitraum"))
        said = case.answers.ask(
            "period",
            "Für welchen Zeitraum gilt die Tabelle?",
            choices,
            help="In Zeilen und Überschriften steht kein Zeitraum.",
            suggestion=choices[0].id if len(choices) == 2 else "",
        )
    if not choices or said == TYPED:
        typed = case.answers.ask(
            "period_typed",
            "Für welchen Zeitraum gilt die Tabelle?",
            [],
            help="In der Datei steht kein Zeitraum. Zum Beispiel 2024/25, 2024 oder 31.12.2024.",
        )
        if typed and not case.is_period(typed):
            raise case.wrong(
                f"„{typed}“ ist kein Zeitraum der Art, die der Datensatz „{case.dataset.name}“ "
                "kennt. Nächster Schritt: den Zeitraum anders schreiben, zum Beispiel 2024/25"
            )
        said = typed
    case.settings |= {"period": said} if said else {}


# --- regions --------------------------------------------------------------------------------------


def _region_of_all(case: Case) -> None:
    said = case.answers.ask(
        "region",
        "Für welches Gebiet gilt die Tabelle?",
        [_UNLISTED, *case.region_choices],
        help="In Zeilen und Überschriften steht kein Gebiet. Tippen Sie den Anfang des Namens.",
        suggestion=case.usual_region or _named_in_file(case),
    )
    if said == NEW:
        said = _new_gemeinde(case, "region")
    case.settings |= {"region": said} if said else {}


def _named_in_file(case: Case) -> str:
    """The one region whose name stands in the file's name or above the table; "" for none."""
    words = re.split(r"[\s_.,;:()–-]+", " ".join([case.file.rpartition(".")[0], *case.shape.above]))
    found = [case.candidates(word) for word in words if len(word) > 3 and word.isalpha()]
    ids = {id for candidates in found for id in candidates}
    return ids.pop() if len(ids) == 1 else ""


def _new_gemeinde(case: Case, of: str) -> str | None:
    """The key of a Gemeinde that nobody has named yet, with its name."""
    name = case.answers.ask(f"{of}_name", "Wie heißt die Gemeinde?", [])
    key = case.answers.ask(
        f"{of}_key",
        "Welchen amtlichen Gemeindeschlüssel hat sie?",
        [],
        help="Acht Ziffern, zum Beispiel 08335043. Er steht auf jedem Statistikblatt der Gemeinde.",
    )
    if not key or not name:
        return None
    found = normalise(key)
    if not re.fullmatch(r"\d{8}", key) or not found or key[:5] not in case.register:
        raise case.wrong(
            f"„{key}“ ist kein Gemeindeschlüssel in einem Kreis, den es gibt. Nächster Schritt: "
            "alle acht Ziffern angeben, auch die Null am Anfang"
        )
    if found not in case.register:
        case.new_regions.append(
            {"id": found, "name": name, "level": "gemeinde", "parent": found[:5]}
        )
    return found


def _zeros(case: Case, roles: dict[int, Role]) -> None:
    """Whether keys that are a digit short have lost a zero in front."""
    columns = [i for i, role in roles.items() if role.kind == REGION]
    for column in columns:
        short = [t for t in case.texts(column) if re.fullmatch(r"\d{4}|\d{7}", t)]
        padded = [(t, key) for t in short if (key := normalise(t)) in case.register]
        if not padded:
            continue
        text, key = padded[0]
        said = case.answers.ask(
            f"zero:{case.shape.name(column)}",
            f"Ist „{text}“ der Schlüssel {key} ({case.register[str(key)].name}) ohne die Null "
            "davor?",
            [Choice("yes", f"ja, {key}"), Choice("no", "nein, das ist kein Gebietsschlüssel")],
            help="Excel streicht Nullen am Anfang von Zahlen.",
        )
        if said == "no":
            raise case.wrong(
                f"„{text}“ ist kein Gebietsschlüssel. Nächster Schritt: unter „Spalten“ sagen, was "
                f"in „{case.shape.name(column)}“ steht",
                None,
                column,
            )


# --- words ----------------------------------------------------------------------------------------


def _explain(case: Case, kind: str, texts: list[str], column: int | None = None) -> None:
    """Asks what nobody knows of these texts of a column, or of headings."""
    known = case.words.get(kind, {})
    unknown = [t for t in texts if t not in known and case.meaning(t, kind) is None]
    if kind == PERIOD and case.answers.given.get("split_years") != "yes":
        # what is asked of all of them at once is not asked again of each
        asked = any(question.id == "split_years" for question in case.answers.questions)
        unknown = [t for t in unknown if not (asked and split_years(t))]
    if kind == PERIOD and case.settings.get("year_is"):
        unknown = [t for t in unknown if not is_time(t)]
    if kind == REGION:
        if column is not None:
            unknown = _to_kreise(case, unknown, column)
        unknown = _new_regions(case, unknown)
    for text in unknown[:_MOST_ASKED]:
        said = _ask_word(case, kind, text, can_skip=column is not None)
        if said == SKIP_ROW and column == case.shape.columns[0]:
            case.skip_rows.append(text)
        elif said == SKIP_ROW and column is not None:
            case.left_out.setdefault(column, []).append(text)
            if kind == REGION:
                case.tell(NOT_READ, text, "so haben Sie es gesagt")
        elif said:
            case.words.setdefault(kind, {})[text] = said
    if len(unknown) > _MOST_ASKED:
        raise case.wrong(
            f"{len(unknown)} verschiedene Wörter sind nicht bekannt, zum Beispiel "
            f"„{unknown[0]}“ und „{unknown[-1]}“. Nächster Schritt: unter „Spalten“ prüfen, ob "
            "die Spalte richtig zugeordnet ist",
            None,
            column,
        )


def _to_kreise(case: Case, unknown: list[str], column: int) -> list[str]:
    """Whether keys of Gemeinden that nobody has named are counted for their Kreis; returns what is
    left to ask."""
    keys = [text for text in unknown if kreis_of(case, text)]
    if not keys:
        return unknown
    region = case.register[kreis_of(case, keys[0])]
    said = case.answers.ask(
        f"level:{case.shape.name(column)}",
        f"„{keys[0]}“ ist eine Gemeinde, die hier nicht bekannt ist. Für den Kreis zählen?",
        [
            Choice("kreis", f"ja, zum Beispiel für {region.name}"),
            Choice("no", "nein, ich ordne die Schlüssel einzeln zu"),
        ],
        help=f"So sind es {len(keys)} Schlüssel.",
    )
    if said == "kreis":
        case.levels[column] = "kreis"
    return [text for text in unknown if text not in keys] if said != "no" else unknown


def _ask_word(case: Case, kind: str, text: str, *, can_skip: bool) -> str | None:
    id = f"word:{kind}:{text}"
    shown = text or "die leere Zelle"
    skip = [Choice(SKIP_ROW, "Zeilen damit nicht lesen (Summe, Anmerkung)")] if can_skip else []
    help = "Excel macht aus „5-9“ oder „1/2“ ein Datum; gemeint ist, was vorher dort stand."
    help = help if re.search(r"\d{1,2}\.\d{1,2}\.\d{4}|\d{1,2}[-. ]+[A-Za-z]{3}\b", text) else ""
    if kind == PERIOD:
        choices = [*skip, Choice(TYPED, "ein Zeitraum, den ich eintippe")]
        said = case.answers.ask(
            id,
            f"Welcher Zeitraum ist „{shown}“?",
            choices if skip else [],
            help=help,
            suggestion=SKIP_ROW if skip and is_total(text) else "",
        )
        if said == TYPED:
            said = case.answers.ask(f"{id}:typed", f"Welcher Zeitraum ist „{shown}“?", [])
        if said and said != SKIP_ROW and not case.is_period(said):
            raise case.wrong(f"„{said}“ ist kein Zeitraum. Nächster Schritt: anders schreiben")
        return said
    if kind == REGION:
        return _ask_region(case, id, text, skip)
    dimension = case.dimensions[kind]
    if of_land := case.of_land(text, kind):
        return of_land
    choices = [Choice(c.id, c.name) for c in dimension.categories]
    choices += [Choice(TOTAL, f"alle zusammen ({dimension.total_name})"), *skip]
    # what other Länder call so is no suggestion: a Mittelschule is not everywhere the same
    elsewhere = any(text in c.land_names.values() for c in dimension.categories)
    near = case.reader.words.nearest(text, kind) if text and not elsewhere else None
    return case.answers.ask(
        id,
        f"Was bedeutet „{shown}“ ({dimension.name})?",
        choices,
        help=help or (f"„{text}“ könnte eine Summe sein." if is_total(text) else ""),
        suggestion=near or "",
    )


def _ask_region(case: Case, id: str, text: str, skip: list[Choice]) -> str | None:
    found = case.candidates(text)
    near = case.reader.words.nearest(text, REGION)
    ids = list(dict.fromkeys([*found, *([near] if near else [])]))
    choices = [Choice(one, case.region_name(one)) for one in ids if one in case.register]
    choices += [*skip, Choice(TYPED, "ein anderes Gebiet (Schlüssel eintippen)")]
    shown = f"„{text}“" if text else "die leere Zelle"
    said = case.answers.ask(
        id,
        f"Welches Gebiet ist {shown}?",
        choices,
        help="Mehrere Gebiete heißen so." if len(found) > 1 else "Der Name ist hier nicht bekannt.",
        suggestion=SKIP_ROW if skip and is_total(text) else "",
    )
    if said != TYPED:
        return said
    key = case.answers.ask(
        f"{id}:typed", f"Welchen amtlichen Schlüssel hat {shown}?", [], help="Zum Beispiel 09464."
    )
    found_key = normalise(key) if key else None
    if key and found_key not in case.register:
        raise case.wrong(f"„{key}“ ist kein Schlüssel eines Gebiets, das hier bekannt ist")
    return found_key


def _new_regions(case: Case, unknown: list[str]) -> list[str]:
    """Several names that nobody knows may be the parts of one town; returns those left to ask."""
    names = [t for t in unknown if t and not is_total(t) and not case.candidates(t)]
    if len(names) < 2:
        return unknown
    if len(names) > _MOST_PARTS:
        raise case.wrong(
            f"{len(names)} verschiedene Namen sind kein Gebiet, das bekannt ist, zum Beispiel "
            f"„{names[0]}“ und „{names[-1]}“. Nächster Schritt: unter „Spalten“ prüfen, ob die "
            "Spalte richtig zugeordnet ist"
        )
    shown = ", ".join(f"„{name}“" for name in names[:5]) + (" …" if names[5:] else "")
    said = case.answers.ask(
        "new_regions",
        f"{len(names)} Namen sind kein Gebiet, das bekannt ist: {shown}. Was sind sie?",
        [
            Choice("parts", "Stadtteile oder Bezirke einer Stadt; sie werden neu angelegt"),
            Choice("single", "etwas anderes; ich ordne sie einzeln zu"),
        ],
    )
    if said != "parts":
        return unknown if said else []
    parent = case.answers.ask(
        "new_regions_in",
        "Zu welcher Stadt gehören sie?",
        [
            _UNLISTED,
            *(c for c in case.region_choices if "-" not in c.id and len(c.id) in (5, 8)),
        ],
        help="Tippen Sie den Anfang des Namens.",
        suggestion=case.usual_region,
    )
    parent = _new_gemeinde(case, "new_regions_in") if parent == NEW else parent
    if not parent:
        return []
    taken = {
        int(id.rpartition("-")[2])
        for id in case.register
        if id.startswith(f"{parent}-") and id.rpartition("-")[2].isdigit()
    }
    number = max(taken, default=0)
    for name in names:
        number += 1
        region = f"{parent}-{number:02d}"
        title = german(name, case.catalog.files.values())
        case.new_regions.append(
            {"id": region, "name": title, "level": "stadtteil", "parent": parent}
        )
        case.words.setdefault(REGION, {})[name] = region
    return [t for t in unknown if t not in names]
