"""The foot of an official table: footnotes by subject and Land, attribution, date."""

import re
from collections.abc import Iterator
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
    "Sachsen-Anhalt": "15",
    "Sachsen": "14",
    "Thüringen": "16",
}
_STAND = re.compile(r"\s*Stand:\s*(\d\d\.\d\d\.\d{4})(?:\s*/\s*(\d\d:\d\d:\d\d))?")
# The longer name is tried first; lines are broken behind the hyphen of a name.
_LAND = "|".join(
    re.escape(name).replace(r"\-", r"-\s?") for name in sorted(LAND_NAMES, key=len, reverse=True)
)
# "Bayern (bis 1998):", "Berlin, Brandenburg:", "Bayern (bis 2000), Hessen:", "Deutschland:"
_PLACE = rf"(?:{_LAND}|Deutschland|[Aa]lle Länder)(?:\s*\([^)]*\))?"
_PLACES = rf"{_PLACE}(?:,\s*{_PLACE})*\s*:"
# A footnote ends where a subject, a Land, a time or an empty line follows.
_START = re.compile(
    rf'^[ \t]*(?:zu\s+"(?P<scope>[^"]+)"\s*:'
    rf"|(?P<entry>{_PLACES}|Schuljahr \d{{4}}/\d{{2,4}}:|Ab \d{{4}}\b)|$)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Footer:
    footnotes: tuple[Footnote, ...]
    attribution: str
    stand: datetime | None


def parse_footer(blocks: list[str]) -> Footer:
    """`blocks` are the cells below the line of underscores; quoted ones hold many lines.

    A footer that was cut or shortened has no stand or attribution; that is no error.
    """
    stand, attribution = None, ""
    footnotes: list[Footnote] = []
    for block in (block.replace("\r\n", "\n").replace("\r", "\n") for block in blocks):
        if match := _STAND.match(block):
            stand = _moment(match[1], match[2])
        elif "©" in block:
            attribution = _join(block)
        elif not block.startswith("_"):
            footnotes += _footnotes(block)
    return Footer(tuple(footnotes), attribution, stand)


def _moment(day: str, time: str | None) -> datetime | None:
    try:
        return datetime.strptime(f"{day} {time or '00:00:00'}", "%d.%m.%Y %H:%M:%S")
    except ValueError:
        return None


def _footnotes(block: str) -> Iterator[Footnote]:
    scope, end = "", 0
    for match in [*_START.finditer(block), None]:
        text = _join(block[end : match.start() if match else None])
        if text:
            yield Footnote(text, scope, _lands(text))
        if match:
            end = match.start("entry") if match["entry"] else match.end()
        if match and match["scope"]:
            scope = re.sub(r"^gesamte[rn]? Tabelle$", "", _join(match["scope"]))


def _lands(text: str) -> tuple[str, ...]:
    """The Länder named before the first colon; none if the note is for all."""
    places = re.match(_PLACES, text)
    if not places:
        return ()
    return tuple(sorted({LAND_NAMES[name] for name in re.findall(_LAND, places[0])}))


def _join(text: str) -> str:
    """Broken lines as one text; a hyphen at a line's end goes, unless a word part follows on."""
    text = re.sub(r"(?<=\w)-\s*\n\s*(?=[a-zäöüß])(?!(?:und|oder|bzw)\b)", "", text.strip())
    text = re.sub(r"(?<=\w)-\s*\n\s*(?=[A-ZÄÖÜ])", "-", text)
    # typographic quotes did not survive the export and arrive as question marks
    return re.sub(r"\?(\w[^?]{0,40})\?", r"„\1“", re.sub(r"\s+", " ", text))
