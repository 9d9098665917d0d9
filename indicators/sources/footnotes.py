"""The foot of an official table: footnotes by subject and Land, attribution, date."""

import re
from dataclasses import dataclass
from datetime import datetime

from indicators.sources.table import Footnote

LAND_NAMES = {
    "Schleswig-Holstein": "01",
    "Hamburg": "02",
    "Niedersachsen": "03",
    "Bremen": "04",
    "Nordrhein-Westfalen": "05",
    "Hessen": "06",
    "Rheinland-Pfalz": "07",
    "Baden-Württemberg": "08",
    "Bayern": "09",
    "Saarland": "10",
    "Berlin": "11",
    "Brandenburg": "12",
    "Mecklenburg-Vorpommern": "13",
    "Sachsen-Anhalt": "15",  # before Sachsen: the longer name is tried first
    "Sachsen": "14",
    "Thüringen": "16",
}
_STAND = re.compile(r"Stand:\s*(\d\d\.\d\d\.\d{4})(?:\s*/\s*(\d\d:\d\d:\d\d))?")
_SCOPE = re.compile(r'zu\s+"([^"]+)"\s*:?\s*(.*)$')
_LAND = "|".join(sorted(map(re.escape, LAND_NAMES), key=len, reverse=True))
# "Bayern (bis 1998):", "Berlin, Brandenburg:", "Deutschland:", "Schuljahr 2010/2011:"
_ENTRY = re.compile(
    rf"(?:(?:{_LAND}|Deutschland|alle Länder)(?:\s*,\s*(?:{_LAND}))*\s*(?:\([^)]*\))?\s*:"
    r"|Schuljahr \d{4}/\d{2,4}:|Ab \d{4}\b)"
)


@dataclass(frozen=True)
class Footer:
    footnotes: tuple[Footnote, ...]
    attribution: str
    stand: datetime | None


def parse_footer(blocks: list[str]) -> Footer:
    """`blocks` are the cells below the line of underscores; quoted ones hold many lines."""
    stand, attribution, footnotes = None, "", []
    for block in blocks:
        if match := _STAND.search(block):
            stand = datetime.strptime(
                f"{match[1]} {match[2] or '00:00:00'}", "%d.%m.%Y %H:%M:%S"
            )
        if "©" in block:
            attribution = _join(block.splitlines())
        elif not block.startswith("____") and not _STAND.fullmatch(block.strip()):
            footnotes += _footnotes(block)
    return Footer(tuple(footnotes), attribution, stand)


def _footnotes(block: str) -> list[Footnote]:
    found, scope, lines = [], "", []

    def finish() -> None:
        text = _join(lines)
        if text:
            found.append(Footnote(text, scope, _lands(text)))
        lines.clear()

    for line in block.splitlines():
        if match := _SCOPE.match(line.strip()):
            finish()
            scope = re.sub(r"^gesamte[rn]? Tabelle$", "", match[1])
            lines.append(match[2])
        elif _ENTRY.match(line.strip()) or not line.strip():
            finish()
            lines.append(line)
        else:
            lines.append(line)
    finish()
    return found


def _lands(text: str) -> tuple[str, ...]:
    """The Länder named before the first colon; none if the note is for all."""
    prefix, colon, _ = text.partition(":")
    if not colon or not _ENTRY.match(text):
        return ()
    return tuple(sorted({LAND_NAMES[name] for name in re.findall(_LAND, prefix)}))


def _join(lines: list[str]) -> str:
    """Broken lines as one text; a hyphen at a line's end goes, unless a word part follows on."""
    text = ""
    for line in (line.strip() for line in lines):
        if text.endswith("-") and line[:1].islower() and not line.startswith(("und ", "oder ")):
            text = text[:-1] + line
        elif text.endswith("-") and line[:1].isupper():
            text += line
        else:
            text = f"{text} {line}"
    # typographic quotes did not survive the export and arrive as question marks
    return re.sub(r"\?(\w[^?]{0,40})\?", r"„\1“", re.sub(r"\s+", " ", text).strip())
