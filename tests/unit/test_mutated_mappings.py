"""Mappings with a mistake: never a traceback, never a word of English, never another meaning.

Texts are mutated at random with a fixed seed and read against one small table. What is refused must
be told in German with file and field or line. What is accepted must mean what the text says: a
second reader, as plain as can be and independent of the first, says what that is.
"""

import random
import re
import tomllib
from collections.abc import Callable
from functools import lru_cache

import pytest

from indicators import toml
from indicators.errors import DefinitionError, FileError
from indicators.publishing import own_tables
from tests.unit import small
from tests.unit.test_own_tables import REGIONS

pytestmark = pytest.mark.slow  # hundreds of tables are read

MAPPING = """\
[mapping]
id = "own"
dataset = "pupils"
title = "Schülerinnen und Schüler"
publisher = "Stadt Hof, Schulamt"
licence = "dl-de/by-2-0"
files = ["own*"]
header = "Schuljahr"
header_rows = 1
decimal = ","
absent = "missing"
sum = false
skip_rows = ["Summe"]
skip_columns = ["Notiz"]
rows = { Status = ["aktiv"] }

[mapping.symbols]
"-" = "missing"
"geh." = "secret"

[[mapping.columns]]
heading = "Schuljahr"
is = "period"

[[mapping.columns]]
heading = "Ort"
is = "region"
fill_down = true

[[mapping.columns]]
heading = "Art"
is = "school_type"

[[mapping.columns]]
heading = "Mädchen"
measure = "pupils"
where = { sex = "female" }

[[mapping.columns]]
heading = "Jungen"
measure = "pupils"
where = { sex = "male" }

[[mapping.columns]]
heading = "Alle"
measure = "pupils"
factor = 1

[mapping.words.region]
"Altstadt (Mitte)" = "09464-01"
Nordend = "09464-02"

[mapping.words.school_type]
GY = "gymnasium"
HS = "hauptschule"
"""
TABLE = """\
Schuljahr;Ort;Art;Status;Mädchen;Jungen;Alle;Notiz
2022/23;Altstadt (Mitte);GY;aktiv;1.234;5;1.239;x
2022/23;;HS;aktiv;-;geh.;17;
2022/23;Nordend;GY;ruht;7;8;15;
2023/24;Nordend;GY;aktiv;*;6;20;
2023/24;Nordend;HS;aktiv;0;6;6;
Summe;;;;1;2;3;
"""
# Mutations change only this, so that every run is the same.
SEED, NUMBER = 20, 288


# --- mutations: each makes of a text another one, or bytes ----------------------------------------


def _line(text: str, chance: random.Random, change: Callable[[str], str]) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.choice([i for i, line in enumerate(lines) if line.strip()])
    return "".join([*lines[:at], change(lines[at]), *lines[at + 1 :]])


def _field(text: str, chance: random.Random, change: Callable[[str, str], str]) -> str:
    """Changes one line "key = value"."""
    lines = text.splitlines(keepends=True)
    at = chance.choice([i for i, line in enumerate(lines) if " = " in line])
    name, value = lines[at].rstrip("\n").split(" = ", 1)
    return "".join([*lines[:at], change(name, value) + "\n", *lines[at + 1 :]])


def dropped(text, chance):
    return _line(text, chance, lambda line: "")


def doubled(text, chance):
    return _line(text, chance, lambda line: line * 2)


def swapped(text, chance):
    lines = text.splitlines(keepends=True)
    at = chance.randrange(len(lines) - 1)
    lines[at : at + 2] = reversed(lines[at : at + 2])
    return "".join(lines)


def another_type(text, chance):
    values = ["1", "1.5", "true", "2024-12-31", '"x"', '["x"]', "[]", '{ a = "x" }', '""', "nan"]
    return _field(text, chance, lambda name, value: f"{name} = {chance.choice(values)}")


def misspelt_name(text, chance):
    return _field(text, chance, lambda name, value: f"{_misspelt(name, chance)} = {value}")


def misspelt_value(text, chance):
    return _field(text, chance, lambda name, value: f"{name} = {_misspelt(value, chance)}")


def _misspelt(word: str, chance: random.Random) -> str:
    letters = [i for i, sign in enumerate(word) if sign.isalnum()]
    if not letters:
        return word
    at = chance.choice(letters)
    return word[:at] + chance.choice(["", word[at] * 2, "x", "-", "9", "ä"]) + word[at + 1 :]


def umlaut_in_a_name(text, chance):
    return _field(text, chance, lambda name, value: f"{name.replace('e', 'ä')}ß = {value}")


def another_reference(text, chance):
    """A value that stands elsewhere in the text: valid, but of another kind."""
    values = re.findall(r"= (.*)", text)
    return _field(text, chance, lambda name, value: f"{name} = {chance.choice(values)}")


def another_heading(text, chance):
    headings = re.findall(r"^\[.*\]$", text, re.MULTILINE)
    old = chance.choice(headings)
    new = chance.choice([*headings, old.strip("[]").join("[]"), f"[{old}]", "[größe]", "[x.y]"])
    at = chance.choice([m.start() for m in re.finditer(re.escape(old), text)])
    return text[:at] + new + text[at + len(old) :]


def broken(text, chance):
    at = chance.randrange(len(text))
    sign = chance.choice(list("\"'[]{}=#,\\.„“ä\u00a0\t\n") + [""])
    return text[:at] + sign + text[at + 1 :]


def shortened(text, chance):
    return text[: chance.randrange(len(text))]


def another_encoding(text, chance):
    return text.encode(chance.choice(["latin-1", "utf-16", "utf-16-le", "utf-8-sig", "cp437"]))


def another_meaning(text, chance):
    """Two fields say something else, as somebody means it."""
    changes = [
        ('GY = "gymnasium"', 'GY = "foerderschule"'),
        ('= "09464-01"', '= "09464"'),
        ('= "09464-02"', '= "09475"'),
        ("factor = 1", "factor = 100"),
        ('"-" = "missing"', '"-" = "zero"'),
        ('"geh." = "secret"', '"geh." = "later"'),
        ('["aktiv"]', '["aktiv", "ruht"]'),
        ('["aktiv"]', '["ruht"]'),
        ('measure = "pupils"\nfactor', 'measure = "schools"\nfactor'),
        ('["Summe"]', '["Summe", "2023/24"]'),
        ('"Mädchen"', '"Alle"'),
        ('decimal = ","', 'decimal = "."'),
        ("fill_down = true", "fill_down = false"),
    ]
    changes += [(f"sex = {one}", f"sex = {other}") for one, other in SEXES]
    for old, new in chance.sample(changes, 2):
        text = text.replace(old, new)
    return text


SEXES = [('"female"', '"total"'), ('"male"', '"female"')]


def harmless(text, chance):
    changes = [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: "# Übergänge\n" + t,
        lambda t: t.replace(" = ", "="),
        lambda t: t.replace('"own"', "'own'"),
    ]
    return chance.choice(changes)(text)


MUTATIONS = [
    dropped,
    doubled,
    swapped,
    another_type,
    misspelt_name,
    misspelt_value,
    umlaut_in_a_name,
    another_reference,
    another_heading,
    broken,
    shortened,
    another_encoding,
    *[another_meaning] * 3,
    harmless,
]


def mutated(number: int) -> bytes:
    chance = random.Random(SEED * 1_000_000 + number)
    found = MUTATIONS[number % len(MUTATIONS)](MAPPING, chance)
    return found if isinstance(found, bytes) else found.encode("utf-8")


# --- the second reader ----------------------------------------------------------------------------

CATEGORIES = {
    "school_type": ["hauptschule", "gymnasium", "foerderschule"],
    "sex": ["female", "male"],
}
WORDS = {
    "Hauptschulen": "hauptschule",
    "Gymnasien": "gymnasium",
    "weiblich": "female",
    "männlich": "male",
    "insgesamt": "total",
}
SIGNS = {"-": "zero", "*": "secret", "0": "zero", "": "missing"}
WITH_NUMBER = ("ok", "zero", "rounded_zero")


def plain_reading(content: bytes) -> dict:
    """What the text says of the table: (region, period, school type, sex, measure) → value and
    status. Raises KeyError for what it does not explain."""
    text = content.decode("utf-8-sig")
    said = tomllib.loads(text)["mapping"]
    lines = [line.split(";") for line in TABLE.splitlines()]
    headings, found = lines[0], {}
    words = said.get("words", {})
    of_heading = {column["heading"]: column for column in said["columns"]}
    kept = [*said.get("skip_columns", []), *said.get("rows", {}), *of_heading]
    assert "*" in kept or all(heading in kept for heading in headings), "a heading nobody explains"
    above: dict[str, str] = {}
    for cells in lines[1:]:
        if cells[0] in said.get("skip_rows", []):
            continue
        row = dict(zip(headings, cells, strict=True))
        if not all(row[name] in wanted for name, wanted in said.get("rows", {}).items()):
            continue
        tells = {
            "region": said.get("region"),
            "period": said.get("period"),
            **said.get("fixed", {}),
        }
        for heading, column in of_heading.items():
            kinds = column.get("is", [])
            for kind in [kinds] if isinstance(kinds, str) else kinds:
                if column.get("fill_down"):
                    row[heading] = above[heading] = row[heading] or above[heading]
                tells[kind] = meant(row[heading], kind, words)
        for heading, column in of_heading.items():
            if "measure" not in column:
                continue
            place = tells | column.get("where", {})
            key = (
                place["region"],
                place["period"],
                place.get("school_type", "total"),
                place.get("sex", "total"),
                column["measure"],
            )
            value = cell(row[heading], said)
            if isinstance(value[0], float):
                value = (value[0] * column.get("factor", 1), value[1])
            assert key not in found or said.get("sum"), "a combination twice"
            found[key] = value
    return found


def meant(word: str, kind: str, words: dict) -> str:
    explained = words.get(kind, {})
    if word in explained:
        return explained[word]
    if kind == "period":
        return re.fullmatch(r"\d{4}/\d\d", word)[0]
    if kind == "region":
        names = {region.name: region.id for region in REGIONS.values()}
        return word if word in REGIONS else names[word]
    return WORDS[word] if word in WORDS else {id: id for id in CATEGORIES[kind]}[word]


def cell(text: str, said: dict) -> tuple[float | None, str]:
    signs = SIGNS | said.get("symbols", {})
    if text in signs:
        return (0.0 if signs[text] in WITH_NUMBER else None), signs[text]
    value = float(text if said.get("decimal") == "." else text.replace(".", ""))
    assert value.is_integer(), "a count that is no whole number"
    return value, "ok"


def reading(content: bytes) -> dict:
    """The same by the readers of the project."""
    catalog = small.catalog(own=toml.decoded(content, "own.toml"))
    own_tables.check_mappings(catalog, REGIONS)
    (table,) = own_tables.read_own(TABLE.encode(), "own.csv", catalog, REGIONS)
    keys = table.rows[["region", "period", "school_type", "sex", "measure"]]
    values = table.rows[["value", "status"]].astype(object)
    values = values.where(values.notna(), None)
    return {
        tuple(key): tuple(value)
        for key, value in zip(keys.to_numpy(), values.to_numpy(), strict=True)
    }


ENGLISH = re.compile(
    r"\b(the|should|must|invalid|expected|unexpected|cannot|value error|field required|line|at)\b",
    re.IGNORECASE,
)


def told_well(message: str) -> bool:
    """German, and of each mistake the file with its field, line or end."""
    first = message.split("\n\n")[0]
    named = re.match(r"own\.(toml|csv)(, (Feld |Zeile |am Ende der Datei)|: )", first)
    return bool(named) and not ENGLISH.search(re.sub(r"„.*?“", "", first))


def test_the_text_itself_is_read_as_the_plain_reader_reads_it():
    found = reading(MAPPING.encode())
    assert found == plain_reading(MAPPING.encode())
    assert found["09464-01", "2022/23", "gymnasium", "female", "pupils"] == (1234.0, "ok")
    assert len(found) == 12


@lru_cache(maxsize=NUMBER)
def outcome(number: int) -> dict | DefinitionError | FileError:
    try:
        return reading(mutated(number))
    except (DefinitionError, FileError) as error:
        return error


@pytest.mark.parametrize("number", range(NUMBER))
def test_a_mutated_mapping_is_refused_in_german_or_means_what_it_says(number):
    found, content = outcome(number), mutated(number)
    if isinstance(found, dict):
        assert found == plain_reading(content), content.decode("utf-8-sig")
    else:
        assert told_well(str(found)), str(found)


def test_mutations_are_of_all_kinds():
    """Refused, read as before, and read as something else: otherwise nothing is tried here."""
    same = plain_reading(MAPPING.encode())
    kinds = [
        "refused" if not isinstance(found, dict) else "same" if found == same else "changed"
        for found in map(outcome, range(NUMBER))
    ]
    assert min(map(kinds.count, ("refused", "same", "changed"))) >= NUMBER // 28
