"""What every file of an answer holds, whatever its format: words, figure, table, where it is from.

Decided once, so that no format leaves out a note, the licence, the Datenstand or why a number is
missing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indicators import formats
from indicators.answers.answer import Answer, Table
from indicators.export.tables import PROTECTED
from indicators.figures import kinds
from indicators.look import Look
from indicators.symbols import SIGNS, Status
from indicators.view import View

PRODUCT = "Bildungsblick"


@dataclass(frozen=True)
class Content:
    """An answer as a file tells it; texts are German and complete.

    `link` leads to the same view, with its release; "" where nobody knows the address. `signs` are
    name and meaning of each reason for a missing number that occurs. `geometry` is the content of
    the file of shapes that a map needs, else None. `look` is how the town signs.

    `tabled` says whether a paper has the whole table behind the figure.

    In the paper of an agenda `remark` stands below the headline, `speaker` is for who speaks, and
    `code` is the short name of view and release, by which a number is found again."""

    answer: Answer
    headline: str
    subtitle: str
    reading_aid: str
    comparison: str
    alt: str
    beside: tuple[str, ...]
    notes: tuple[str, ...]
    signs: tuple[tuple[str, str], ...]
    source: str
    source_short: str
    published: str
    link: str
    geometry: Mapping | None = None
    look: Look = Look()
    remark: str = ""
    speaker: str = ""
    code: str = ""
    tabled: bool = True

    @property
    def moment(self) -> datetime:
        """When its numbers were published."""
        return self.answer.published

    @property
    def trace(self) -> str:
        """Where its numbers are found again: code, as far as there is one, and link."""
        return f"{self.code}: {self.link}" if self.code else self.link

    @property
    def below(self) -> tuple[str, ...]:
        """The notes, without those that stand beside the figure already."""
        return tuple(note for note in self.notes if note not in self.beside)

    @property
    def brief(self) -> tuple[str, ...]:
        """What stands beside the figure where there is one line for it."""
        return self.answer.beside_short

    @property
    def author(self) -> str:
        """Who signs the file."""
        return self.look.name or PRODUCT

    @property
    def figure(self):
        """What is drawn; None where the table is the figure."""
        return self.answer.figure

    @property
    def table(self) -> Table:
        return self.answer.table

    @property
    def protection(self) -> str:
        """Which numbers are not shown and why, in one paragraph; "" where all are."""
        return " ".join(f"{name}: {meaning}" for name, meaning in self.signs)


def content(
    answer: Answer, map_files: Path | None = None, address: str = "", look: Look | None = None
) -> Content:
    """`map_files` is the folder of the shapes; `address` is where the pages of this installation
    are ("https://bildung.stadt.de/karte")."""
    view = answer.view.with_(stage=False, release=answer.release).to_query()
    there = {Status(row["status"]) for row in answer.rows if row.get("status")}
    look = look or Look()
    day = formats.day(answer.published)
    signed = f"{look.name} · {PRODUCT}" if look.name else PRODUCT
    return Content(
        answer=answer,
        headline=answer.headline,
        subtitle=answer.subtitle,
        reading_aid=answer.reading_aid,
        comparison=answer.comparison,
        alt=answer.alt,
        beside=answer.beside,
        notes=tuple(dict.fromkeys([*answer.notes, *answer.footnotes])),
        signs=tuple((SIGNS[s].short, SIGNS[s].meaning) for s in PROTECTED if s in there),
        source=answer.source,
        source_short=answer.source_short,
        published=f"{signed}, Datenstand {answer.release} vom {day}",
        link=f"{address}?{view}" if address else f"karte?{view}",
        geometry=kinds.geometry_of(answer.figure, map_files),
        look=look,
    )


def code(found: Content) -> str:
    """The short name of a view with its release, the same in every file: "Beleg 7F3C21A0"."""
    return f"Beleg\u00a0{short_name(found.answer.view, found.answer.release)}"


def short_name(view: View, release: str) -> str:
    """ "7F3C21A0": the same for the same view and release, wherever it is asked for."""
    asked = view.with_(stage=False, release=release).to_query()
    return hashlib.sha256(asked.encode()).hexdigest()[:8].upper()
