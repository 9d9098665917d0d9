"""The Prüfbericht of one delivery: what became of each row, and all that was noticed, as plain
data for screen, PDF and Excel."""

from dataclasses import dataclass
from typing import Any

from indicators.assistant.proposal import Proposal
from indicators.formats import number, quantity
from indicators.publishing.report import Report

_LEVELS = {"info": "", "warning": "Hinweis", "error": "Fehler"}


@dataclass(frozen=True)
class Balance:
    """The filled rows of a file, by sheet and line, with their words, and those that were read."""

    filled: dict[tuple[str, int], str]
    read: set[tuple[str, int]]

    @property
    def left(self) -> dict[tuple[str, int], str]:
        return {place: words for place, words in self.filled.items() if place not in self.read}


def check_report(
    report: Report, balance: Balance | None, proposal: Proposal, folder: str
) -> dict[str, Any]:
    """Sections of lines (level and text) and, where there is one, the balance of rows. Of paths
    below the `folder` of the data, which is nobody else's business, only the end is told."""
    sections = [
        {
            "title": section.title,
            "lines": [
                [_LEVELS[f.level], f.text.replace(f"{folder}/", "")] for f in section.findings
            ],
        }
        for section in report.sections
        if section.findings
    ]
    found: dict[str, Any] = {"sections": sections, "balance": [], "left": []}
    if balance:
        found["balance"] = [
            ["Gefüllte Zeilen in der Datei", number(len(balance.filled))],
            ["davon gelesen", number(len(balance.read))],
            ["davon nicht gelesen", number(len(balance.left))],
        ]
        found["left"] = [
            [f"{sheet} {line}".strip(), words] for (sheet, line), words in balance.left.items()
        ]
    found["values"] = quantity(proposal.understood["count"], "Wert", "Werte") + " angenommen"
    found["facts"] = [[fact.what, fact.value, fact.reason] for fact in proposal.facts]
    return found
