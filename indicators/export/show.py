"""The paper of an agenda as one HTML file for a meeting without a network: slides that keys turn,
each with its words and numbers in a table.

Script, style, letters and pictures are in the file, and a policy in it forbids to load anything
else. Other regions and periods are prepared as long as the file stays small.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from indicators.export import columns, pictures, sheet
from indicators.export.alternatives import Others
from indicators.export.content import Content
from indicators.export.parts import (
    Chapter,
    Cover,
    Listing,
    Pair,
    Part,
    Progress,
    Words,
    first,
)
from indicators.figures.drawing import in_family
from indicators.look import Look

MOST_BYTES = 4_500_000  # with other regions and periods; what must be shown may be more
_STYLE, _SCRIPT = (Path(__file__).with_name(f"show.{ending}") for ending in ("css", "js"))
_MARK = re.compile(r'(?<=id=")|(?<=url\(#)')
_NUMBER = r"-?\d+(?:\.\d)?"
_OUTLINE = re.compile(rf' d="((?:[ML]{_NUMBER} {_NUMBER}|Z)+)"')
_STEP = re.compile(rf"([ML])({_NUMBER}) ({_NUMBER})|Z")
_OWN = "\0"  # in place of the slide's number, until it has one
_TEXT = (32, 28, 24, 20)  # letters of a slide of text
_LIST = 20  # letters of a list
_ROOM, _HIGH = 1168, 520  # pixels of such a slide
_BUTTONS = """
<nav id="bar" aria-label="Steuerung">
<button data-key="ArrowLeft" aria-label="zurück">‹</button>
<span id="place" role="status"></span>
<button data-key="ArrowRight" aria-label="weiter">›</button>
<select id="faces" aria-label="Gebiet oder Zeitraum" hidden></select>
<span class="rest"></span>
<button data-state="told" aria-pressed="false">Tabelle</button>
<button data-state="speaker" aria-pressed="false">Notizen</button>
<button data-state="overview" aria-pressed="false">Übersicht</button>
<button class="wide" data-key="?" aria-label="Tasten">?</button>
</nav>
<div id="black"></div>
<dialog id="help" aria-label="Tasten"><form method="dialog"><dl>
<dt>→ ←</dt><dd>nächste und vorige Seite; auf dem Tastfeld: wischen</dd>
<dt>Pos1, Ende</dt><dd>erste und letzte Seite</dd>
<dt>Zahl, Eingabe</dt><dd>zu dieser Seite</dd>
<dt>↑ ↓</dt><dd>anderes Gebiet oder voriger Zeitraum, wo er vorbereitet ist</dd>
<dt>T</dt><dd>Text und Tabelle statt des Bilds</dd>
<dt>N</dt><dd>Notizen</dd>
<dt>Esc</dt><dd>Übersicht aller Seiten</dd>
<dt>B</dt><dd>schwarz; jede Taste holt das Bild zurück</dd>
<dt>?</dt><dd>diese Tasten</dd>
</dl><button>Schließen</button></form></dialog>"""


@dataclass(frozen=True)
class _Slide:
    """`faces` are names and what is shown under them, the first at once."""

    title: str
    faces: tuple[tuple[str, str], ...]
    speaker: str


def to_html(
    parts: Sequence[Part],
    title: str,
    others: Others | None = None,
    progress: Progress | None = None,
) -> bytes:
    """A slide for each part, or as many as it needs. `others` gives what is prepared beside an
    answer, with its name."""
    signs = first(parts)
    made: list[list[_Slide]] = []
    for done, part in enumerate(parts, 1):
        made.append(list(_slides(part)))
        if progress:
            progress(done, len(parts))
    left = MOST_BYTES - sum(_size(slide) for slides in made for slide in slides)
    for place, part in enumerate(parts):
        # the second half of a drawing belongs to its first, so there is nothing beside it
        if others is None or not isinstance(part, Content) or len(made[place]) > 1:
            continue
        slide, more = made[place][0], []
        for name, content in others(part):
            drawn = sheet.slides(content)
            face = (name, _drawn(drawn[0]) + _words(content))
            left -= len(face[1].encode())
            if left < 0:
                break
            if len(drawn) == 1:
                more.append(face)
        made[place][0] = _Slide(slide.title, (*slide.faces, *more), slide.speaker)
    return _page([slide for slides in made for slide in slides], title, signs.look).encode()


def _size(slide: _Slide) -> int:
    return sum(len(content.encode()) for _, content in slide.faces)


def _slides(part: Part) -> Iterator[_Slide]:
    if isinstance(part, Content):
        drawn = sheet.slides(part)
        for number, svg in enumerate(drawn, 1):
            of = f" ({number} von {len(drawn)})" if len(drawn) > 1 else ""
            face = (_name(part), _drawn(svg) + _words(part))
            yield _Slide(part.headline + of, (face,), part.speaker)
    elif isinstance(part, Pair):
        svg = sheet.pair(part.contents, part.title, part.remark)
        told = "".join([_paragraphs(part.remark), *map(_told, part.contents)])
        yield _Slide(part.title, (("", f"{_drawn(svg)}{_region(told)}"),), part.speaker)
    elif isinstance(part, Words):
        yield _Slide(part.title, (("", _text(part)),), part.speaker)
    elif isinstance(part, Listing):
        for page in _paged(part):
            yield _Slide(part.title, (("", _text(page)),), part.speaker)
    else:
        speaker = part.speaker if isinstance(part, Chapter) else ""
        yield _Slide(part.title, (("", _large(part)),), speaker)


def _paged(part: Listing) -> Iterator[Words]:
    """A list on as many slides of text as it needs in letters that can be read; a line that alone
    is too long stands alone."""
    page: list[str] = []
    taken = 0
    for words in part.paragraphs:
        tall = len(columns.lines(words, _ROOM, _LIST)) + 1  # with the room behind it
        if page and _LIST * 1.5 * (taken + tall) > _HIGH:
            yield Words(part.title, "\n".join(page), part.remark)
            page, taken = [], 0
        page.append(words)
        taken += tall
    yield Words(part.title, "\n".join(page), part.remark)


def _name(content: Content) -> str:
    """What an answer is called among others of its kind."""
    found = content.answer
    names = [row["region_name"] for row in found.rows if row.get("region") == found.view.region]
    return ", ".join(filter(None, [*names[:1], found.period])) or found.title


# --- what is seen ---------------------------------------------------------------------------------


def _drawn(svg: str) -> str:
    # the page knows what an SVG is without its name space
    bare = in_family(svg).replace(' xmlns="http://www.w3.org/2000/svg"', "")
    bare = _OUTLINE.sub(lambda found: f' d="{_shorter(found[1])}"', bare)
    # names within a drawing are its own: the same pattern stands on several slides
    return f'<div class="sheet">{_MARK.sub(_OWN, bare)}</div>'


def _shorter(path: str) -> str:
    """The same outline in steps from point to point, which takes half the signs: a map of 400
    Kreise is nothing but outlines. Points have one decimal, so they are counted in tenths."""
    x = y = 0
    start, before, found = (0, 0), "", []
    for step in _STEP.finditer(path):
        if step[1] is None:
            found.append("z")
            (x, y), before = start, ""
            continue
        right, down = round(10 * float(step[2])), round(10 * float(step[3]))
        command = step[1].lower() if step[1] != before else ""
        gap = "" if command or right < x else " "
        found.append(
            f"{command}{gap}{_tenths(right - x)}{'' if down < y else ' '}{_tenths(down - y)}"
        )
        x, y, before = right, down, step[1]
        if step[1] == "M":
            start = x, y
    return "".join(found)


@cache
def _tenths(count: int) -> str:
    """ "-.5" for -5."""
    whole, rest = divmod(abs(count), 10)
    digits = f"{whole or ''}.{rest}" if rest else str(whole)
    return f"-{digits}" if count < 0 else digits


def _large(part: Cover | Chapter) -> str:
    below = part.occasion if isinstance(part, Cover) else part.remark
    told = f"<h2>{escape(part.title)}</h2>" + _paragraphs(below)
    if isinstance(part, Cover):
        foot = "<br>".join(map(escape, (part.published, *part.look.lines)))
        told += f'{_logo(part.look)}<p class="foot">{foot}</p>'
    return f'<div class="sheet text large">{told}</div>'


def _logo(look: Look) -> str:
    found = pictures.logo(look)
    if found is None:
        return ""
    data = base64.b64encode(found[0]).decode()
    name = escape(f"Logo: {look.name}" if look.name else "Logo")
    return f'<img alt="{name}" src="data:image/png;base64,{data}">'


def _text(part: Words) -> str:
    letters = _TEXT[-1]
    for size in _TEXT:
        lines = sum(len(columns.lines(words, _ROOM, size)) for words in part.paragraphs)
        if 1.5 * lines * size <= _HIGH:
            letters = size
            break
    return (
        f'<div class="sheet text s{letters}" tabindex="0"><h2>{escape(part.title)}</h2>'
        f"{_paragraphs(part.text)}{_paragraphs(part.remark, 'remark')}</div>"
    )


def _paragraphs(words: str, kind: str = "") -> str:
    opening = f'<p class="{kind}">' if kind else "<p>"
    lines = filter(None, map(str.strip, words.splitlines()))
    return "".join(f"{opening}{escape(line)}</p>" for line in lines)


# --- what is read ---------------------------------------------------------------------------------


def _words(content: Content) -> str:
    return _region(_told(content))


def _region(told: str) -> str:
    return f'<div class="words" tabindex="-1">{told}</div>'


def _told(content: Content) -> str:
    """Everything that a slide shows, and what a paper tells beyond it."""
    aid = f"Lesehilfe: {content.reading_aid}" if content.reading_aid else ""
    parts = [
        f"<h2>{escape(content.headline)}</h2>",
        _paragraphs(content.subtitle, "quiet"),
        _paragraphs(content.remark),
        *(f"<p><strong>{escape(note)}</strong></p>" for note in content.beside),
        _paragraphs(aid),
        _paragraphs(content.comparison),
        _table(content),
        _list("Zu diesen Zahlen", content.below),
        _list("Zeichenerklärung", [f"{name}: {meaning}" for name, meaning in content.signs]),
        _paragraphs(f"{content.source}\n{content.published}", "quiet"),
        f'<p class="quiet">{escape(content.code)}: {_link(content.link)}</p>',
    ]
    return "".join(parts)


def _link(link: str) -> str:
    if not link.startswith(("https://", "http://")):
        return escape(link)
    return f'<a href="{escape(link)}" rel="noreferrer">{escape(link)}</a>'


def _list(heading: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return f"<h3>{heading}</h3><ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _table(content: Content) -> str:
    table = content.table
    if not table.rows:
        return ""
    ends = [' class="number"' if end else "" for end in table.numeric]
    head = "".join(
        f'<th scope="col"{end}>{escape(name)}</th>'
        for name, end in zip(table.columns, ends, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{end}>{escape(c)}</td>" for c, end in zip(row, ends, strict=True))
        + "</tr>"
        for row in table.rows
    )
    caption = escape(f"Werte: {content.subtitle}")
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


# --- the page -------------------------------------------------------------------------------------


def _page(slides: Sequence[_Slide], title: str, look: Look) -> str:
    style = f":root{{--colour:{look.colour}}}{pictures.faces()}{_STYLE.read_text(encoding='utf-8')}"
    script = _SCRIPT.read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )
    sections = "\n".join(
        _section(slide, number, len(slides)) for number, slide in enumerate(slides, 1)
    )
    return (
        '<!doctype html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<main>\n{sections}\n</main>{_BUTTONS}\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _section(slide: _Slide, number: int, of: int) -> str:
    title = escape(slide.title)
    faces = "".join(
        f'<div class="face{"" if place else " on"}" data-name="{escape(name)}">'
        f"{content.replace(_OWN, f's{number}-{place}-')}</div>"
        for place, (name, content) in enumerate(slide.faces)
    )
    notes = escape(slide.speaker) or "Keine Notizen zu dieser Seite."
    return (
        f'<section class="slide{" on" if number == 1 else ""}" data-number="{number}" '
        f'data-title="{title}" tabindex="-1" aria-label="Seite {number} von {of}: {title}">'
        f'{faces}<aside class="notes" aria-label="Notizen">{notes}</aside></section>'
    )


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
