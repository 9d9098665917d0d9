"""An answer as SVG and as PNG, with the letters that ship and without a browser."""

import base64
import struct
from functools import cache

from indicators.errors import BildungsblickError
from indicators.export import sheet
from indicators.export.content import Content
from indicators.figures import theme
from indicators.figures.drawing import FAMILY, FONTS, in_family
from indicators.look import Look

_PNG = b"\x89PNG\r\n\x1a\n"
_LOGO_ZOOM = 4  # a small drawing stays sharp in print
_WEIGHTS = {"Regular": 400, "SemiBold": 600}


def to_svg(content: Content, size: str = "card") -> bytes:
    """The sheet as SVG, its letters inside: it looks the same everywhere that shows web fonts."""
    drawn = in_family(sheet.draw(content, sheet.SIZES[size]))
    cut = drawn.index(">") + 1
    return (drawn[:cut] + f"<style>{faces()}</style>" + drawn[cut:]).encode()


def to_png(content: Content, size: str = "card") -> bytes:
    """The sheet as PNG. Raises BildungsblickError where it cannot be made."""
    one = sheet.SIZES[size]
    return raster(sheet.draw(content, one), one.zoom)


def raster(svg: str, zoom: float) -> bytes:
    """An SVG as PNG, so many pixels for one of the drawing."""
    import resvg_py  # not before a picture is asked for

    try:
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=in_family(svg),
                zoom=zoom,
                background=theme.CARD,
                skip_system_fonts=True,
                font_family=FAMILY,
                font_files=[str(path) for path in sorted(FONTS.glob("*.ttf"))],
            )
        )
    except ValueError as error:
        raise BildungsblickError(
            "Das Bild ließ sich nicht zeichnen. Nächster Schritt: die Ansicht als PDF oder Tabelle "
            "herunterladen und den Fall mit der Adresse der Seite melden."
        ) from error


@cache
def logo(look: Look) -> tuple[bytes, float] | None:
    """The town's logo as PNG, and its width by its height; None where it has none. Raises
    BildungsblickError for a picture that cannot be read."""
    if not look.logo:
        return None
    try:
        made = look.logo
        if look.logo_format == "svg":
            made = raster(look.logo.decode("utf-8"), _LOGO_ZOOM)
        if not made.startswith(_PNG):
            raise ValueError("no PNG")
        width, height = struct.unpack(">II", made[16:24])
        return made, width / height
    except (BildungsblickError, ValueError, ArithmeticError, struct.error) as error:
        raise BildungsblickError(
            "look.toml: logo: Das Bild lässt sich nicht lesen. Nächster Schritt: das Logo als PNG "
            "speichern und in look.toml nennen."
        ) from error


@cache
def faces() -> str:
    """The letters that ship, as a style that needs no other file."""
    return "".join(
        f"@font-face{{font-family:'{FAMILY}';font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{_encoded(style)})}}"
        for style, weight in _WEIGHTS.items()
    )


def _encoded(style: str) -> str:
    return base64.b64encode((FONTS / f"BildungsblickSans-{style}.ttf").read_bytes()).decode()
