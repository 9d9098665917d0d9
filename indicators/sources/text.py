"""From bytes to text: encodings, and files that are not what they pretend to be."""

import json
import re

from indicators.errors import FileError
from indicators.sources.table import DOWNLOAD_AGAIN

# What remains of umlauts: U+FFFD and its own remains; UTF-8 read as Windows-1252; DOS and
# Macintosh read as Windows-1252; a question mark inside a word.
_DESTROYED = re.compile(
    "\ufffd|ï¿½|Ã[¤¶¼Ÿ„–œ\u009f\u0084\u0096\u009c]|(?<=[A-Za-z])[„”Ÿ§?](?=[a-z])"
)


def decode(content: bytes, file: str) -> tuple[str, str]:
    """Text and encoding: byte order mark, else strict UTF-8, else Windows-1252.

    Statistical guessing is not used: it takes cp1252 for cp1250. Raises FileError for files that
    are no text or whose umlauts are already lost.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = _strict(content, "utf-16", file), "UTF-16"
    elif b"\x00" in content:
        raise FileError(file, f"das ist keine Textdatei. {DOWNLOAD_AGAIN}")
    elif content.startswith(b"\xef\xbb\xbf"):
        text, encoding = _strict(content, "utf-8-sig", file), "UTF-8 mit BOM"
    else:
        try:
            text, encoding = content.decode("utf-8"), "UTF-8"
        except UnicodeDecodeError:
            text, encoding = _strict(content, "cp1252", file), "Windows-1252"
    text = without_separator_line(text.lstrip("\ufeff"))
    # Footnotes lose their quotation marks already in the database and hold addresses with "?".
    destroyed = _DESTROYED.search(text.partition("\n____")[0])
    if destroyed:
        line = text.count("\n", 0, destroyed.start()) + 1
        raise FileError(
            file,
            "die Umlaute sind zerstört, die Datei wurde in einer falschen Zeichenkodierung "
            f"gespeichert. {DOWNLOAD_AGAIN}",
            line=line,
        )
    return text, encoding


def without_separator_line(text: str) -> str:
    """Without Excel's own line for the separator; an empty one takes its place, so that all lines
    keep their numbers."""
    return re.sub(r"\Asep=;(?=\r?\n)", "", text)


def _strict(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileError(
            file, f"die Zeichenkodierung ist beschädigt. {DOWNLOAD_AGAIN}", line=line
        ) from error


def refuse_error_pages(text: str, file: str) -> None:
    """Servers answer errors with a page or a JSON message, which gets saved as the table."""
    start = text.lstrip()[:1]
    if not start:
        raise FileError(file, f"die Datei ist leer. {DOWNLOAD_AGAIN}")
    if start == "<":
        title = re.search(r"<title[^>]*>([^<]{1,120})", text, re.IGNORECASE)
        said = f" („{title[1].strip()}“)" if title else ""
        raise FileError(
            file, f"das ist eine Internetseite{said} und keine Tabelle. {DOWNLOAD_AGAIN}"
        )
    if start == "{":
        said = _server_message(text)
        raise FileError(file, f"der Server hat {said} gemeldet. {DOWNLOAD_AGAIN}")


def _server_message(text: str) -> str:
    try:
        answer = json.loads(text)
        status = answer.get("Status", answer)
        code, content = status.get("Code", ""), status.get("Content", "")
    except (ValueError, AttributeError, RecursionError):
        return "einen Fehler"
    return f"„{str(content)[:200]}“ (Code {code})" if content else "einen Fehler"
