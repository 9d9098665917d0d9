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
    """The findings about one delivery, one dataset or the release as a whole."""

    title: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, level: Level, text: str) -> None:
        self.findings.append(Finding(level, text))


@dataclass
class Report:
    sections: list[Section] = field(default_factory=list)

    def section(self, title: str) -> Section:
        self.sections.append(Section(title))
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
