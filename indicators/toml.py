"""TOML that people write by hand: read strictly, and what is wrong is told in German with its
line, its cause and what to write instead.

The parser of the standard library says in English what it expected; a reader needs to know what
stands there. So its place is taken and the line is looked at: the mistakes that are usual (umlauts
in a key, a text without quotation marks, a decimal comma …) have a sentence of their own.
"""

import codecs
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping

from indicators.errors import DefinitionError

# The parser names its place in this form and no other (Python 3.11 to 3.13).
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", re.DOTALL)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'"
# The key before an equals sign, in a line or in { … }; what stands in the brackets of a heading.
_KEY = re.compile(rf"(?:^|[{{,])\s*((?:{_QUOTED}|[^=\"'{{}}\[\],#])+?)\s*=")
_HEADING = re.compile(r"^\s*\[{1,2}(.*?)\]{1,2}\s*(?:#.*)?$")
_VALUE = re.compile(r"=\s*([^#]*?)\s*(?:#.*)?$")
_TYPOGRAPHIC = "„“”‚‘’«»‹›"
_UNSEEN = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u202f\u2060\ufeff"

_WORDS = {
    "Invalid statement": "hier steht weder ein Feld (name = wert) noch eine Überschrift ([name])",
    "Invalid initial character for a key part": "hier fehlt der Name eines Feldes",
    "Expected '=' after a key in a key/value pair": "nach dem Namen eines Feldes fehlt „=“",
    "Expected newline or end of document after a statement": (
        "nach dem Wert steht noch etwas; jedes Feld braucht eine Zeile für sich"
    ),
    "Expected ']' at the end of a table declaration": "die Überschrift endet nicht mit „]“",
    "Expected ']]' at the end of an array declaration": "die Überschrift endet nicht mit „]]“",
    "Unclosed array": "in der Liste fehlt ein Komma oder die schließende Klammer „]“",
    "Unclosed inline table": "in { … } fehlt ein Komma oder die schließende Klammer „}“",
    "Unterminated string": "einem Text fehlt das schließende Anführungszeichen",
    "Invalid value": "das ist kein gültiger Wert; ein Text steht in Anführungszeichen",
    "Invalid date or datetime": "diesen Tag gibt es nicht; ein Datum steht so: 2024-12-31",
    "Cannot overwrite a value": "dieses Feld steht hier schon; jedes darf nur einmal vorkommen",
    "Unescaped '\\' in a string": (
        'der umgekehrte Schrägstrich hat in „"…"“ eine eigene Bedeutung. Nächster Schritt: den '
        "Text in einfache Anführungszeichen setzen ('…')"
    ),
    "Invalid hex value": "hinter \\u stehen genau vier Zeichen 0 bis 9 und A bis F",
    "Escaped character is not a Unicode scalar value": "dieses Zeichen gibt es nicht",
}


def read(content: bytes | str, name: str) -> dict:
    """The content of a TOML file; a byte order mark at its beginning does no harm.

    Raises DefinitionError naming the file, where possible the line, the cause and what to do.
    """
    text = content if isinstance(content, str) else decoded(content, name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(_german(str(error), text, name)) from error
    except (RecursionError, ValueError) as error:
        reason = "Klammern sind zu tief ineinander geschachtelt"
        if isinstance(error, ValueError):
            reason = "eine Zahl hat zu viele Ziffern"
        raise DefinitionError(f"{name}: kein gültiges TOML, {reason}") from error


def decoded(content: bytes, name: str) -> str:
    """The text of a file that must be UTF-8. Raises DefinitionError naming what it is instead."""
    save = "Nächster Schritt: sie im Editor mit der Codierung UTF-8 speichern."
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:4]:
        raise DefinitionError(
            f"{name}: die Datei ist nicht in UTF-8 gespeichert, sondern in UTF-16. {save}"
        )
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        number = error.object[: error.start].count(b"\n")
        line = error.object.split(b"\n")[number].decode("cp1252", "replace").strip()
        raise DefinitionError(
            f"{name}, Zeile {number + 1}: die Datei ist nicht in UTF-8 gespeichert, "
            f"sondern vermutlich in Windows-1252 (Latin-1); hier steht „{line}“. {save}"
        ) from error


def _german(message: str, text: str, name: str) -> str:
    place = _PLACE.match(message)
    reason, line, column = place.groups() if place else (message, None, None)
    lines = text.split("\n") if line else text.rstrip().split("\n")
    shown = lines[int(line) - 1 if line else -1].strip("\r")
    where = f"Zeile {line}, Spalte {column}" if line else "am Ende der Datei"
    cause = next((told for look in _LOOKS if (told := look(shown, reason))), None)
    if not cause and not line and reason == "Invalid value":
        cause = _WORDS["Unclosed array"]
    return f"{name}, {where}: kein gültiges TOML, {cause or _words(reason)}"


def _words(reason: str) -> str:
    if twice := re.match(r"Cannot (declare|redefine namespace|mutate immutable namespace)", reason):
        named = re.search(r"\((.*?),?\)", reason)
        key = ".".join(re.findall(r"'(.*?)'", named[1])) if named else ""
        if twice[1] == "declare":
            return (
                f"die Überschrift [{key}] steht zweimal. Nächster Schritt: sie zusammenfassen, "
                "oder vor jedem von mehreren Einträgen [[…]] schreiben"
            )
        return f"„{key}“ ist oben schon abgeschlossen und kann hier nicht ergänzt werden"
    if reason.startswith("Duplicate inline table key"):
        return "in { … } steht ein Feld zweimal; jedes darf nur einmal vorkommen"
    if reason.startswith("Illegal character"):
        return "ein Text geht über das Ende der Zeile, oder ein Zeichen darin ist nicht erlaubt"
    return _WORDS.get(reason, "hier fehlt etwas, oder ein Zeichen ist hier nicht erlaubt")


# --- usual mistakes: each looks at the line and tells the cause, or None -------------------------


def _outside(line: str) -> str:
    """What of a line is neither text nor comment."""
    return re.sub(_QUOTED, '""', line).partition("#")[0]


def _unseen(line: str, reason: str) -> str | None:
    if any(sign in _outside(line) for sign in _UNSEEN):
        return (
            "in der Zeile steht ein Zeichen, das man nicht sieht (geschütztes Leerzeichen oder "
            "Ähnliches). Nächster Schritt: die Zeile neu tippen statt sie einzufügen"
        )
    return None


def _typographic(line: str, reason: str) -> str | None:
    found = next((sign for sign in _outside(line) if sign in _TYPOGRAPHIC), None)
    if found is None:
        return None
    return f'{found} ist kein Anführungszeichen von TOML. Nächster Schritt: " schreiben'


def _bare_key(line: str, reason: str) -> str | None:
    """A key with umlauts, blanks or slashes has to stand in quotation marks."""
    heading = _HEADING.match(line)
    keys = [heading[1]] if heading else [found[1] for found in _KEY.finditer(line)]
    for key in keys:
        parts = re.findall(rf"{_QUOTED}|[^.]+", key)
        for part in (part.strip() for part in parts):
            if part and part[0] not in "\"'" and not _BARE_KEY.fullmatch(part):
                right = ".".join(_quoted(one.strip()) for one in parts)
                whole = f"[{right}]" if heading else f"{right} = …"
                return (
                    f"„{part}“ steht ohne Anführungszeichen als Name; ohne sie dürfen Namen nur "
                    "aus a bis z, 0 bis 9, _ und - bestehen, nicht aus Umlauten, Leerzeichen oder "
                    f"anderen Zeichen. Nächster Schritt: {whole} schreiben"
                )
    return None


def _quoted(part: str) -> str:
    return part if part[:1] in "\"'" or _BARE_KEY.fullmatch(part) else f'"{part}"'


def _wrong_value(line: str, reason: str) -> str | None:
    found = _VALUE.search(line)
    value = found[1] if found else ""
    if found and not value:
        return "hinter „=“ fehlt der Wert"
    if value in ("True", "False", "TRUE", "FALSE", "ja", "nein", "Ja", "Nein", "wahr", "falsch"):
        right = "true" if value.casefold() in ("true", "ja", "wahr") else "false"
        return f"{value} ist kein Wert. Nächster Schritt: {right} schreiben"
    if re.fullmatch(r"[+-]?\d+,\d+", value):
        return f"Zahlen haben einen Punkt: {value.replace(',', '.')} statt {value}"
    if day := re.fullmatch(r"(\d\d?)\.(\d\d?)\.(\d{4})", value):
        return f"ein Datum steht so: {day[3]}-{day[2]:0>2}-{day[1]:0>2}"
    if re.fullmatch(r"\d{4}-\d\d?-\d\d?", value):
        return _WORDS["Invalid date or datetime"]
    if key := re.search(r"(?<![\w.:+-])0\d[\d-]*(?![\w.:])", _outside(value)):
        return (
            "ein Schlüssel, der mit 0 beginnt, ist ein Text. Nächster Schritt: "
            f'"{key[0]}" schreiben'
        )
    if reason == "Invalid value" and re.fullmatch(r"[^\"'\[\]{},]+", value):
        return f'Text steht in Anführungszeichen. Nächster Schritt: "{value}" schreiben'
    return None


def _no_statement(line: str, reason: str) -> str | None:
    if re.fullmatch(r"\s*[^=\[\]#]+:.*", line) and "=" not in line:
        return "zwischen Name und Wert steht „=“, nicht „:“"
    return None


_LOOKS: list[Callable[[str, str], str | None]] = [
    _unseen,
    _typographic,
    _bare_key,
    _wrong_value,
    _no_statement,
]


# --- writing --------------------------------------------------------------------------------------

# Lists of tables that stand below the one they belong to.
_BELOW = ("columns", "categories", "measures", "calculations", "breakdowns")


def written(parts: Mapping[str, list[dict]], head: str = "") -> str:
    """A file of tables, kind → entries, below `head` (a comment, or nothing)."""
    lines = [head] if head else []
    for kind, entries in parts.items():
        for entry in entries:
            lines += [*_table([kind], entry, many=True), ""]
    return "\n".join(lines)


def _table(way: list[str], entry: dict, *, many: bool = False) -> Iterable[str]:
    """A table, its plain fields first, then those that are tables themselves."""
    name = ".".join(part if _BARE_KEY.fullmatch(part) else quoted(part) for part in way)
    yield f"[[{name}]]" if many else f"[{name}]"
    nested = {}
    for key, value in entry.items():
        is_tables = isinstance(value, list) and value and isinstance(value[0], dict)
        if isinstance(value, dict) and key != "where" or is_tables and key in _BELOW:
            nested[key] = value
        else:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in nested.items():
        if isinstance(value, dict):
            yield from _table([*way, key], value)
        else:
            for one in value:
                yield from _table([*way, key], one, many=True)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else quoted(key)


def quoted(text: str) -> str:
    """A text as a value or a key is written."""
    # the one sign that JSON leaves and TOML wants written out
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return str(value)
