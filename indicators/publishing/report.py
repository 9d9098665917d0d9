"""The check report of a build: what was read, what was noticed, what forbids publication."""

from dataclasses import dataclass, field
from typing import Literal

from indicators.formats import number, quantity

Level = Literal["info", "warning", "error"]
_MARKS = {"info": " ", "warning": "Hinweis:", "error": "Fehler:"}


@dataclass(frozen=True)
class Finding:
    """One thing a check noticed, in a German sentence. An error forbids publication."""

    level: Level
    text: str


@dataclass
class Section:
    """The findings about one delivery, one dataset or the release as a whole. `own` says that they
    are about a town's own numbers: what is noticed of these may name a number that is hidden, so
    the wording of warnings is for the office alone."""

    title: str
    findings: list[Finding] = field(default_factory=list)
    own: bool = False

    def add(self, level: Level, text: str) -> None:
        self.findings.append(Finding(level, text))

    def public(self) -> list[Finding]:
        """The findings as readers may see them."""
        if not self.own:
            return self.findings
        told = [finding for finding in self.findings if finding.level == "info"]
        if left := len(self.findings) - len(told):
            words = quantity(left, "Hinweis", "Hinweise")
            told.append(Finding("warning", f"{words} im Prüfbericht des Amts"))
        return told


@dataclass
class Report:
    sections: list[Section] = field(default_factory=list)

    def section(self, title: str, *, own: bool = False) -> Section:
        self.sections.append(Section(title, own=own))
        return self.sections[-1]

    def of(self, level: Level) -> list[str]:
        return [
            f"{section.title}: {finding.text}"
            for section in self.sections
            for finding in section.findings
            if finding.level == level
        ]

    def text(self) -> str:
        """The whole report as a German text for a terminal or a file."""
        lines = ["PRÜFBERICHT", ""]
        for section in (s for s in self.sections if s.findings):
            lines.append(section.title)
            lines += [f"  {_MARKS[f.level]} {f.text}".rstrip() for f in section.findings]
            lines.append("")
        warnings = quantity(len(self.of("warning")), "Hinweis", "Hinweise")
        lines.append(f"{warnings}, {number(len(self.of('error')))} Fehler")
        return "\n".join(lines)

    def rows(self) -> list[tuple[str, str, str]]:
        """Section, level and text of every finding, in order."""
        return [(s.title, f.level, f.text) for s in self.sections for f in s.findings]

    def public_rows(self) -> list[tuple[str, str, str]]:
        """The same as readers may see it."""
        return [(s.title, f.level, f.text) for s in self.sections for f in s.public()]
