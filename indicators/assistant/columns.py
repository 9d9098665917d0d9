"""Which part each column plays: time, region, division, number of a measure, or none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indicators.assistant.case import Case
from indicators.assistant.proposal import Choice, ColumnRole
from indicators.assistant.shape import SIGN, is_number, is_time, is_total
from indicators.catalog.definition import TOTAL
from indicators.catalog.mappings import PERIOD, REGION
from indicators.errors import letters
from indicators.publishing import own_words
from indicators.regions import normalise
from indicators.wording import Known

SKIP, VALUE, DIMENSION = "skip", "value", "dimension"
_OF_TIME = re.compile(r"(?i).*(jahr|zeit|stichtag|datum|stand|periode|semester).*")
_IS_TIME = re.compile(r"(?i)((schul|kalender|kita|berichts|ausbildungs)?jahr|zeitraum|stichtag)")
_OF_PLACE = re.compile(
    r"(?i).*(ags|gemeinde|kreis|region|gebiet|stadtteil|bezirk|ort\b|land\b|schlüssel|kennziffer|"
    r"sprengel|raum\b|raumeinheit|quartier|viertel).*"
)
# Numbers that count nothing.
_NO_COUNT = re.compile(
    r"(?i).*(telefon|fax|vorwahl|durchwahl|plz|postleitzahl|latitude|longitude|koordinate|nummer|"
    r"\bnr\b|e-?mail|index).*|lfd.*|[xy]"
)
_SEPARATED = re.compile(r"[\s_/,;:()–-]+")
_NEUTRAL = frozenset(("anzahl", "zahl", "summe", "der", "die", "von", "und"))
_MOST_CHOICES = 120
_MOSTLY = 0.7
_FEW_WORDS = 40
_NOT_NEEDED = "ein Text, den der Datensatz nicht braucht"
_LOOKED_AT = 60  # different words of a column; what it is shows in the first ones


@dataclass(frozen=True)
class Role:
    """The part of a column: `kind` is period, region, dimension, value or skip ("" if nobody
    knows, or which of several dimensions it is); `of` its dimension or measure, `where` the
    categories that a value is of."""

    kind: str
    of: str = ""
    where: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    sure: bool = True

    @property
    def id(self) -> str:
        if self.kind == VALUE:
            where = ";".join(f"{name}={category}" for name, category in self.where)
            return f"{VALUE}:{self.of}:{where}" if where else f"{VALUE}:{self.of}"
        return f"{DIMENSION}:{self.of}" if self.kind == DIMENSION else self.kind


def of_id(id: str, reason: str) -> Role:
    """The role that an answer names."""
    kind, _, rest = id.partition(":")
    of, _, told = rest.partition(":")
    pairs = [part.partition("=") for part in told.split(";") if part]
    return Role(kind, of, tuple((name, category) for name, _, category in pairs), reason)


def roles(case: Case) -> dict[int, Role]:
    """The part each column plays, by its number: as somebody said, else as it seems."""
    guessed = _with_measure(case, _regions_as_headings(case, guess(case)))
    found: dict[int, Role] = {}
    for column in case.shape.columns:
        choices = _choices(case)
        role = guessed[column]
        id = f"column:{_key(case, column)}"
        given = case.answers.given.get(id, "")
        if any(choice.id == given for choice in choices):
            role = of_id(given, "so haben Sie es gesagt")
        if not role.kind or (not role.sure and not given):
            said = case.answers.ask(
                id,
                f"Was steht in der Spalte „{case.shape.name(column)}“?",
                choices,
                help=f"Zum Beispiel: {_examples(case, column)}. {role.reason}".strip(),
                suggestion=role.id,
            )
            role = of_id(said, "so haben Sie es gesagt") if said else role
        found[column] = role
    return found


def _regions_as_headings(case: Case, guessed: dict[int, Role]) -> dict[int, Role]:
    """Several headings over numbers that nobody knows may be names of regions."""
    if any(role.kind == REGION for role in guessed.values()) or case.sheet_is == REGION:
        return guessed
    unknown = [i for i, role in guessed.items() if not role.kind and is_numeric(case, i)]
    placed = [i for i, role in guessed.items() if role.kind == VALUE and "Gebiet" in role.reason]
    many = 2 * (len(unknown) + len(placed)) > sum(is_numeric(case, i) for i in guessed)
    if len(unknown) + len(placed) < 3 or not unknown or not many:
        return guessed
    shown = ", ".join(f"„{case.shape.name(i)}“" for i in unknown[:5])
    said = case.answers.ask(
        "headings",
        f"Was sind {shown}{' …' if unknown[5:] else ''}?",
        [
            Choice(REGION, "Namen von Gebieten, zum Beispiel Stadtteile"),
            Choice("other", "etwas anderes; ich ordne die Spalten einzeln zu"),
        ],
        help=f"Diese Überschriften kennt der Datensatz „{case.dataset.name}“ nicht.",
    )
    if said == "other":
        return guessed
    # until it is said, nothing else is asked of them
    value = Role(VALUE, reason="die Überschrift ist der Name eines Gebiets")
    return guessed | dict.fromkeys(unknown, value)


def _with_measure(case: Case, guessed: dict[int, Role]) -> dict[int, Role]:
    """What is counted, where no heading says so."""
    unsaid = [i for i, role in guessed.items() if role.kind == VALUE and not role.of]
    if not unsaid:
        return guessed
    measures = case.dataset.measures
    said: str | None = measures[0].id
    if len(measures) > 1:
        shown = ", ".join(f"„{case.shape.name(i)}“" for i in unsaid[:5])
        said = case.answers.ask(
            "measure",
            f"Was zählen die Zahlen unter {shown}{' …' if unsaid[5:] else ''}?",
            [Choice(measure.id, measure.name) for measure in measures],
        )
    of = said or measures[0].id
    return guessed | {
        i: Role(VALUE, of, guessed[i].where, guessed[i].reason, guessed[i].sure) for i in unsaid
    }


def shown(case: Case, found: dict[int, Role]) -> list[ColumnRole]:
    """The columns as readers see them, with what else each may be."""
    return [
        ColumnRole(
            f"column:{_key(case, column)}",
            letters(column + 1),
            case.shape.name(column),
            role.id,
            role.reason,
            _choices(case),
            _examples(case, column),
        )
        for column, role in found.items()
    ]


def _key(case: Case, column: int) -> str:
    """A column in an answer: by its heading, so that answers survive a column more."""
    name = case.shape.name(column)
    same = [i for i in case.shape.columns if case.shape.name(i) == name]
    return name if len(same) == 1 else f"{name} ({letters(column + 1)})"


def _examples(case: Case, column: int) -> str:
    cells = list(dict.fromkeys(cell for cell in case.shape.cells(column) if cell))
    return ", ".join(cells[:4]) or "alles leer"


def _choices(case: Case) -> list[Choice]:
    dimensions, measures = case.dimensions, case.dataset.measures
    found = [Choice(PERIOD, "Zeitraum"), Choice(REGION, "Gebiet")]
    found += [Choice(f"{DIMENSION}:{id}", f"Merkmal: {d.name}") for id, d in dimensions.items()]
    for measure in measures:
        found.append(Choice(f"{VALUE}:{measure.id}", f"Zahl: {measure.name}"))
    for measure in measures:
        found += [
            Choice(
                f"{VALUE}:{measure.id}:{id}={category.id}",
                f"Zahl: {measure.name} – {category.name}",
            )
            for id, dimension in dimensions.items()
            for category in dimension.categories
        ]
    found = found[:_MOST_CHOICES]
    return [*found, Choice(SKIP, "nicht lesen")]


# --- what seems right -----------------------------------------------------------------------------


def guess(case: Case) -> dict[int, Role]:
    """What each column seems to be, with the reason."""
    shape = case.shape
    found: dict[int, Role] = {}
    kinds: set[str] = {case.sheet_is} if case.sheet_is else set()
    for column in shape.columns:
        role = _label(case, column, kinds)
        if role:
            found[column] = role
            if role.kind in (PERIOD, REGION, DIMENSION):
                kinds.add(role.of or role.kind)
        elif odd := _odd(case, column):
            found[column] = odd
        elif is_numeric(case, column) and _counts_nothing(case, column):
            found[column] = Role(SKIP, reason="Nummern, Adressen und Lagen zählen nichts")
    numbers = [i for i in shape.columns if i not in found and is_numeric(case, i)]
    for column in shape.columns:
        if column in found:
            continue
        if column in numbers:
            found[column] = _value(case, column, kinds, alone=len(numbers) == 1)
        else:
            found[column] = _text(case, column)
    needed = _telling(case, found)
    if needed is not None:
        reason = "Ohne diese Spalte sagen mehrere Zeilen dasselbe."
        found[needed] = Role("", reason=reason)
    return found


def _telling(case: Case, found: dict[int, Role]) -> int | None:
    """The first column of few words that nobody knows, but that tells rows apart which else say the
    same."""
    said_by = [i for i, role in found.items() if role.kind in (PERIOD, REGION, DIMENSION)]
    if any(not role.kind for role in found.values()) or len(case.shape.body) < 2:
        return None
    rows = _different(case, said_by)
    if rows == len(case.shape.body):
        return None
    for column, role in found.items():
        few = 1 < len({cell for cell in case.shape.cells(column) if cell}) <= _FEW_WORDS
        if role.reason == _NOT_NEEDED and few and _different(case, [*said_by, column]) > rows:
            return column
    return None


def _different(case: Case, columns: list[int]) -> int:
    """How many different things the rows say in these columns."""
    if not columns:
        return 1
    return len(set(zip(*(case.shape.cells(i) for i in columns), strict=True)))


def is_numeric(case: Case, column: int) -> bool:
    cells = [cell for cell in case.shape.cells(column) if cell]
    numbers = [cell for cell in cells if is_number(cell) or SIGN.fullmatch(cell)]
    return bool(cells) and len(numbers) >= _MOSTLY * len(cells)


def _counts_nothing(case: Case, column: int) -> bool:
    """A column of numbers that are names: telephones, codes, keys that begin with a zero."""
    return bool(_NO_COUNT.fullmatch(case.shape.name(column))) or _begins_with_zero(case, column)


def _odd(case: Case, column: int) -> Role | None:
    """A column whose heading is a number the dataset knows, but what stands below is none: nobody
    would notice if it were left out."""
    numeric = is_numeric(case, column)
    if numeric and not _begins_with_zero(case, column):
        return None
    known = [found for part in case.shape.headings[column] if (found := _exact(case, part))]
    if not known:
        return None
    measure = next((one for one, _ in known if one), "")
    where = tuple(pair for _, of in known for pair in of.items())
    example = next(cell for cell in case.shape.cells(column) if cell)
    reason = "beginnt mit einer Null" if numeric else "ist keine Zahl"
    return Role(VALUE, measure, where, f"„{example}“ {reason}.", sure=False)


def _begins_with_zero(case: Case, column: int) -> bool:
    cells = [cell for cell in case.shape.cells(column)[:_LOOKED_AT] if cell]
    return sum(bool(re.fullmatch(r"0\d+", cell)) for cell in cells) > len(cells) / 2


def _label(case: Case, column: int, kinds: set[str]) -> Role | None:
    """A column that says something of its row; None for numbers and for other texts."""
    shape = case.shape
    cells = list(dict.fromkeys(cell for cell in shape.cells(column) if cell))[:_LOOKED_AT]
    heading = shape.name(column)
    if not cells:
        return Role(SKIP, reason="die Spalte ist leer")
    if PERIOD not in kinds and _is_times(case, cells, heading):
        return Role(PERIOD, reason=f"in jeder Zeile steht eine Zeitangabe wie „{cells[0]}“")
    known = [
        cell
        for cell in cells
        if case.meaning(cell, REGION) or case.candidates(cell) or kreis_of(case, cell)
    ]
    placed = bool(_OF_PLACE.fullmatch(heading)) and not re.search(r"(?i)anzahl|zahl\b", heading)
    numeric = all(is_number(cell) for cell in cells)
    if len(known) >= _MOSTLY * len(cells) and (placed or not numeric):
        if REGION in kinds:
            return Role(SKIP, reason="das Gebiet sagt schon eine andere Spalte")
        return Role(REGION, reason=f"„{known[0]}“ ist ein Gebiet, das bekannt ist")
    if not numeric and (divided := _division(case, column, cells, kinds)):
        return divided
    if placed and REGION not in kinds and not numeric and not is_numeric(case, column):
        return Role(REGION, reason=f"die Überschrift „{heading}“ meint ein Gebiet")
    if PERIOD not in kinds and not numeric and _IS_TIME.fullmatch(heading):
        return Role(PERIOD, reason=f"die Überschrift „{heading}“ meint einen Zeitraum")
    return None


def _division(case: Case, column: int, cells: list[str], kinds: set[str]) -> Role | None:
    """The dimension that a column of words tells: whose words they are, or that is called so."""
    heading = case.shape.name(column)
    fitting: dict[str, str] = {}
    for id, dimension in case.dimensions.items():
        if id in kinds:
            continue
        meant = [cell for cell in cells if case.meaning(cell, id)]
        if len(meant) >= 0.5 * len(cells) or _mostly(case.shape.cells(column), meant):
            fitting[id] = f"„{meant[0]}“ gehört zum Merkmal {dimension.name}"
        elif own_words.spellings(dimension.name)[0] == own_words.spellings(heading)[0]:
            fitting[id] = f"die Überschrift heißt wie das Merkmal {heading}"
    # "Gymnasium" is where children come from and where they go: the heading may tell
    named = [
        id
        for id in fitting
        if case.dimensions[id].name.partition(" ")[0].casefold() in heading.casefold()
    ]
    if len(fitting) > 1 and len(named) == 1:
        fitting = {named[0]: fitting[named[0]]}
    if len(fitting) > 1:
        names = " oder ".join(case.dimensions[id].name for id in fitting)
        return Role("", next(iter(fitting)), reason=f"Das Merkmal kann {names} sein.")
    return next((Role(DIMENSION, id, reason=reason) for id, reason in fitting.items()), None)


def _mostly(cells: list[str], meant: list[str]) -> bool:
    """Whether several known words stand in most rows, beside rare ones that nobody knows."""
    known = set(meant)
    return len(known) > 1 and sum(cell in known for cell in cells) > 0.5 * len(cells)


def kreis_of(case: Case, text: str) -> str:
    """The Kreis that a key of a Gemeinde lies in which nobody has named; "" for anything else."""
    key = (normalise(text) or "")[:5] if re.fullmatch(r"\d{7,8}|\d{12}", text) else ""
    return key if key in case.register else ""


def _is_times(case: Case, cells: list[str], heading: str) -> bool:
    timely = bool(_OF_TIME.fullmatch(heading))
    cells = [cell for cell in cells if not is_total(cell)] or cells
    forms = [cell for cell in cells if is_time(cell) or case.is_period(cell) or split_years(cell)]
    if len(forms) < _MOSTLY * len(cells):
        return False
    years = [cell for cell in cells if re.fullmatch(r"\d{4}(\.0)?", cell)]
    # counts may look like years: without a heading that says so only years one after the other
    return timely or len(years) < len(cells) or _all_years(cells)


def _all_years(cells: Iterable[str]) -> bool:
    years = sorted({int(float(cell)) for cell in cells})
    return len(years) > 1 and years[-1] - years[0] <= 3 * len(years)


def split_years(text: str) -> str:
    """ "2425" as the school year 2024/25; "" for what is none."""
    found = re.fullmatch(r"(\d\d)(\d\d)(\.0)?", text)
    if not found or int(found[2]) != (int(found[1]) + 1) % 100:
        return ""
    return f"20{found[1]}/{found[2]}"


def _value(case: Case, column: int, kinds: set[str], *, alone: bool) -> Role:
    parts = case.shape.headings[column]
    dataset = case.dataset
    where: dict[str, str] = {}
    measure, sure, told = "", True, []
    if not parts and not alone:
        return Role("", reason="Die Spalte hat keine Überschrift.")
    for part in parts:
        if PERIOD not in kinds and (is_time(part) or case.is_period(part)):
            told.append(f"„{part}“ ist ein Zeitraum")
            continue
        if REGION not in kinds and (case.meaning(part, REGION) or case.candidates(part)):
            told.append(f"„{part}“ ist ein Gebiet")
            continue
        found = _heading(case, part)
        if found is None:
            if not (alone or len(parts) > 1):
                return Role("", reason=f"„{part}“ ist im Datensatz „{dataset.name}“ kein Wort.")
            continue
        one, of, certain = found
        measure, where, sure = one or measure, where | of, sure and certain
        told.append(f"„{part}“ ist {_said(case, one, of)}")
    if alone and not told:
        told.append("die einzige Spalte mit Zahlen")
    where = {name: category for name, category in where.items() if category != TOTAL}
    reason = "; ".join(told)
    return Role(VALUE, measure, tuple(where.items()), reason, sure)


def _said(case: Case, measure: str, where: dict[str, str]) -> str:
    words = [case.measure(measure).name] if measure else []
    words += [case.dimensions[id].category_name(category) for id, category in where.items()]
    return ", ".join(words)


def _heading(case: Case, text: str) -> tuple[str, dict[str, str], bool] | None:
    """Measure and categories that a heading names, and whether it is sure; None for no word."""
    if found := _exact(case, text):
        return (*found, True)
    tokens = [token for token in _SEPARATED.split(text) if token]
    for cut in range(1, len(tokens)):
        first = _exact(case, " ".join(tokens[:cut]))
        second = _exact(case, " ".join(tokens[cut:]))
        if first and second and not (first[0] and second[0]):
            return first[0] or second[0], first[1] | second[1], True
    return _similar(case, tokens)


def _exact(case: Case, text: str) -> tuple[str, dict[str, str]] | None:
    if measure := _measures(case).meanings(text):
        return (measure[0], {}) if len(measure) == 1 else None
    found = {
        id: meant for id in case.dimensions if isinstance(meant := case.meaning(text, id), str)
    }
    if not found:
        return None
    only = {id: meant for id, meant in found.items() if meant != TOTAL}
    return ("", only) if len(only) <= 1 else None


def _similar(case: Case, tokens: list[str]) -> tuple[str, dict[str, str], bool] | None:
    """What words begin like: "grund" like Grundschule. Only a suggestion."""
    measure = ""
    where: dict[str, str] = {}
    for token in tokens:
        start = own_words.spellings(token)[1]
        if len(start) < 3 or start in _NEUTRAL:
            continue
        before = measure, len(where)
        for one in case.dataset.measures:
            if own_words.spellings(one.name)[1].startswith(start) or one.id.startswith(start):
                measure = measure or one.id
        for id, dimension in case.dimensions.items():
            begins = {
                category.id
                for category in dimension.categories
                for word in (category.name, category.id)
                if own_words.spellings(word)[1].startswith(start)
                or (len(start) > 5 and start.startswith(own_words.spellings(word)[1]))
            }
            if len(begins) == 1 and id not in where:
                where[id] = begins.pop()
        if (measure, len(where)) == before:
            return None  # a word nobody knows may divide what is counted
    return (measure, where, False) if measure or where else None


def _measures(case: Case) -> own_words.Words:
    """The words of the measures, made once."""
    known, id = case.known.measures, case.dataset.id
    if id not in known:
        known[id] = own_words.Words(
            Known(word, measure.id)
            for measure in case.dataset.measures
            for word in (measure.name, measure.id, *(w for w in measure.labels if "*" not in w))
        )
    return known[id]


def _text(case: Case, column: int) -> Role:
    cells = [cell for cell in case.shape.cells(column) if cell]
    few = len(set(cells)) <= min(_FEW_WORDS, max(2, len(cells) // 3))
    if few and len(set(cells)) > 1:
        return Role("", reason="Die Wörter gehören zu keinem Merkmal des Datensatzes.")
    return Role(SKIP, reason=_NOT_NEEDED)
