"""What every file of an answer holds, whatever its format: words, figure, table, where it is from.

Decided once, so that no format leaves out a note, the licence, the Datenstand or why a number is
missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from indicators import formats
from indicators.answers.answer import Answer, Table
from indicators.export.tables import PROTECTED
from indicators.figures import kinds
from indicators.look import Look
from indicators.symbols import SIGNS, Status

PRODUCT = "Bildungsblick"


@dataclass(frozen=True)
class Content:
    """An answer as a file tells it; texts are German and complete.

    `link` leads to the same view, with its release; "" where nobody knows the address. `signs` are
    name and meaning of each reason for a missing number that occurs. `geometry` is the content of
    the file of shapes that a map needs, else None. `look` is how the town signs."""

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
