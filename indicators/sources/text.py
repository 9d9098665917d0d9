"""From bytes to text: encodings, and files that are not what they pretend to be."""

import json
import re

from indicators.errors import FileError

_NEXT = "Nächster Schritt: die Tabelle neu und unverändert als CSV herunterladen."
# U+FFFD is what remains of an umlaut read in the wrong encoding; the others are umlauts that were
# read as cp1252 although they were UTF-8.
_DESTROYED = re.compile("\ufffd|ï¿½|Ã[¤¶¼Ÿ„–œ]")


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Text and encoding: byte order mark, else strict UTF-8, else Windows-1252.

    Statistical guessing is not used: it takes cp1252 for cp1250. Raises FileError for files that
    are no text or whose umlauts are already lost.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = _strict(content, "utf-16", file), "UTF-16"
    elif b"\x00" in content[:4096]:
        raise FileError(file, f"das ist keine Textdatei. {_NEXT}")
    elif content.startswith(b"\xef\xbb\xbf"):
        text, encoding = _strict(content, "utf-8-sig", file), "UTF-8 mit BOM"
    else:
        try:
            text, encoding = content.decode("utf-8"), "UTF-8"
        except UnicodeDecodeError:
            text, encoding = _strict(content, "cp1252", file), "Windows-1252"
    destroyed = _DESTROYED.search(text)
    if destroyed:
        line = text.count("\n", 0, destroyed.start()) + 1
        raise FileError(
            file,
            "die Umlaute sind zerstört, die Datei wurde in einer falschen Zeichenkodierung "
            f"gespeichert. {_NEXT}",
            line=line,
        )
    return text, encoding


def _strict(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError(
            file, f"die Zeichenkodierung ist beschädigt. {_NEXT}", line=line
        ) from error


def refuse_error_pages(text: str, file: str) -> None:
    """Servers answer errors with a page or a JSON message that gets saved under the table's name."""
    start = text.lstrip()[:400]
    if not start:
        raise FileError(file, f"die Datei ist leer. {_NEXT}")
    if start.startswith("<"):
        title = re.search(r"<title[^>]*>([^<]{1,120})", text, re.IGNORECASE)
        said = f" („{title[1].strip()}“)" if title else ""
        raise FileError(file, f"das ist eine Internetseite{said} und keine Tabelle. {_NEXT}")
    if start.startswith("{"):
        raise FileError(file, f"der Server hat {_server_message(text)} gemeldet. {_NEXT}")


def _server_message(text: str) -> str:
    try:
        status = json.loads(text).get("Status") or {}
    except (json.JSONDecodeError, AttributeError):
        return "einen Fehler"
    code, content = status.get("Code", ""), status.get("Content", "")
    return f"„{content}“ (Code {code})" if content else "einen Fehler"
