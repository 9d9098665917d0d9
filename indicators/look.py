"""How a town signs what leaves the screen: name, colour, letters, logo, imprint, funding line.

One file of the town, `look.toml` in its data folder; everything in it may be left out. Decks and
letters of its own lie in `templates/` beside it.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from indicators import formats, toml
from indicators.catalog.definition import Definition, wrong_fields
from indicators.errors import DefinitionError
from indicators.folders import Folders

FILE = "look.toml"
# The least contrast of words on white by WCAG 2.2, level AA.
LEAST_CONTRAST = 4.5
_WHITE = "#FFFFFF"
MOST_BYTES = 500_000  # of a logo: it is in every file
MOST_FONT_BYTES = 3_000_000
_LOGOS = {".svg": "svg", ".png": "png"}
_FONTS = (".ttf", ".otf")
_PRIMARY = "#0F567F"


class _File(Definition):
    name: str = ""
    colour: str = Field(default=_PRIMARY, pattern=r"^#[0-9A-Fa-f]{6}$")
    logo: str = ""
    font: str = ""
    imprint: str = ""
    funding: str = ""


@dataclass(frozen=True)
class Look:
    """`name` is who signs ("Bildungsbüro Stadt Coburg"), `colour` that of headings and links.
    `logo` is the content of the picture and `logo_format` its kind ("svg", "png"; "" for none);
    `font` is the file with the letters of running text; what stands in figures keeps the letters
    that it was measured with."""

    name: str = ""
    colour: str = _PRIMARY
    logo: bytes = b""
    logo_format: str = ""
    imprint: str = ""
    funding: str = ""
    font: Path | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands at the end of a paper: imprint and funding, as far as they are told."""
        return tuple(filter(None, (self.imprint, self.funding)))


def read(folders: Folders) -> Look:
    """The town's look; a plain one without its file. Raises DefinitionError naming field, cause and
    next step."""
    path = folders.look
    try:
        content = toml.read(path.read_bytes(), FILE)
    except FileNotFoundError:
        return Look()
    try:
        found = _File(**content)
    except ValidationError as error:
        raise DefinitionError(f"{FILE}: {'; '.join(wrong_fields(error, _File))}") from error
    ratio = contrast(found.colour)
    if ratio < LEAST_CONTRAST:
        raise DefinitionError(
            f"{FILE}: colour: {found.colour} hat auf Weiß einen Kontrast von "
            f"{formats.number(ratio, 1)}:1; lesbar ist Schrift ab "
            f"{formats.number(LEAST_CONTRAST, 1)}:1. Nächster Schritt: einen dunkleren Ton der "
            "Farbe eintragen."
        )
    logo, form = _logo(path.parent, found.logo) if found.logo else (b"", "")
    font = _font(path.parent, found.font) if found.font else None
    return Look(found.name, found.colour.upper(), logo, form, found.imprint, found.funding, font)


def _font(folder: Path, name: str) -> Path:
    if Path(name).suffix.lower() not in _FONTS or Path(name).name != name:
        raise DefinitionError(
            f"{FILE}: font: „{name}“ ist keine TTF- oder OTF-Datei im selben Ordner. Nächster "
            'Schritt: die Datei neben look.toml legen und nur ihren Namen nennen: "schrift.ttf".'
        )
    path = folder / name
    try:
        if path.stat().st_size <= MOST_FONT_BYTES:
            return path
    except OSError as error:
        raise DefinitionError(
            f"{FILE}: font: „{name}“ lässt sich nicht lesen. Nächster Schritt: die Datei neben "
            "look.toml legen."
        ) from error
    raise DefinitionError(
        f"{FILE}: font: „{name}“ hat mehr als {MOST_FONT_BYTES // 1_000_000} MB. Nächster "
        "Schritt: nur den Schnitt für Fließtext nehmen."
    )


def _logo(folder: Path, name: str) -> tuple[bytes, str]:
    form = _LOGOS.get(Path(name).suffix.lower())
    if form is None or Path(name).name != name:
        raise DefinitionError(
            f"{FILE}: logo: „{name}“ ist keine SVG- oder PNG-Datei im selben Ordner. Nächster "
            'Schritt: die Datei neben look.toml legen und nur ihren Namen nennen, wie "logo.svg".'
        )
    try:
        content = (folder / name).read_bytes()
        if len(content) > MOST_BYTES:
            raise DefinitionError(
                f"{FILE}: logo: „{name}“ hat mehr als {MOST_BYTES // 1000} kB. Nächster Schritt: "
                "das Logo kleiner speichern, am besten als SVG."
            )
        return content, form
    except OSError as error:
        raise DefinitionError(
            f"{FILE}: logo: „{name}“ lässt sich nicht lesen. Nächster Schritt: die Datei neben "
            "look.toml legen."
        ) from error


def contrast(colour: str, ground: str = _WHITE) -> float:
    """The contrast of two colours by WCAG 2.2 ("relative luminance"), from 1 to 21."""
    lighter, darker = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
