"""The words of a PDF as a search finds them: no library for it is worth a dependency."""

import re
import zlib

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_LITERAL = rb"(?:\\.|[^\\()])*"
for _ in range(4):  # brackets that balance stand as they are
    _LITERAL = rb"(?:\\.|[^\\()]|\(" + _LITERAL + rb"\))*"
_SHOWN = re.compile(
    rb"<<.*?>>\s*BDC|/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\((" + _LITERAL + rb")\)", re.DOTALL
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def words(pdf: bytes) -> str:
    """All text that is drawn with letters, page after page, without blanks
    and hyphens: those at ends of lines are the same sign."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    found = []
    for body in objects.values():
        if not re.search(rb"/Type\s*/Page\b", body):
            continue
        fonts = _fonts(body, objects)
        for reference in re.findall(rb"/Contents (\d+) 0 R", body):
            found.append(_drawn(_stream(objects[int(reference)]), fonts))
    return re.sub(r"[\s\u00ad-]", "", "".join(found))


def _stream(body: bytes) -> bytes:
    inner = _STREAM.search(body)
    assert inner
    return zlib.decompress(inner[1]) if b"/FlateDecode" in body else inner[1]


def _fonts(page: bytes, objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    """Name of each font of a page → what its signs mean."""
    reference = re.search(rb"/Resources (\d+) 0 R", page)
    resources = objects[int(reference[1])] if reference else page
    listed = re.search(rb"/Font\s*<<(.*?)>>", resources, re.DOTALL)
    fonts = {}
    for name, number in re.findall(rb"/(\w+) (\d+) 0 R", listed[1] if listed else b""):
        map_ = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        fonts[name] = _meanings(_stream(objects[int(map_[1])])) if map_ else {}
    return fonts


def _meanings(cmap: bytes) -> dict[int, str]:
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = ord(bytes.fromhex(text.decode()).decode("utf-16-be"))
            for i, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[code] = chr(start + i)
    return found


def _drawn(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    """What a page shows. Signs have two bytes each."""
    meanings: dict[int, str] = {}
    found = []
    for font, hexed, literal in _SHOWN.findall(content):
        if font:
            meanings = fonts.get(font, {})
            continue
        if not hexed and not literal:  # what is said about the text
            continue
        signs = bytes.fromhex(hexed.decode()) if hexed else _ESCAPE.sub(_unescaped, literal)
        codes = [int.from_bytes(signs[i : i + 2], "big") for i in range(0, len(signs), 2)]
        found += [meanings.get(code, "") for code in codes]
    return "".join(found)


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign[:1].isdigit() else _PLAIN.get(sign, sign)
