"""What the assistant says of a file: facts with their reasons, columns, questions, rows as they
stand and as they are understood. Plain data that goes as JSON to whoever shows it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

State = Literal["refused", "people", "questions", "ready"]
OPEN_END = "*"  # the choice that stands for "anything the reader types"


@dataclass(frozen=True)
class Choice:
    """One way to answer, by what it is called in answers and in German."""

    id: str
    text: str


@dataclass(frozen=True)
class Question:
    """Something nobody but a person can decide. `suggestion` is what seems right and is shown as
    such; `answer` what was said. Without choices any text is an answer."""

    id: str
    text: str
    help: str = ""
    choices: list[Choice] = field(default_factory=list)
    suggestion: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Fact:
    """Something that the file itself shows, and by what."""

    what: str
    value: str
    reason: str


@dataclass(frozen=True)
class ColumnRole:
    """What is proposed of a column; `id` is that of its question."""

    id: str
    letter: str
    heading: str
    role: str
    reason: str
    choices: list[Choice]
    example: str = ""


@dataclass
class Proposal:
    """All that is known of a file after the answers given so far.

    `raw` and `understood` are tables for reading: headings and rows of texts, `raw` with the line
    of each row first. `seen` is the mark of all understood rows: only rows with this mark are
    taken. `definitions` is the TOML that would be written (name → text), `known` the mapping or
    official table that reads the file already.
    """

    file: str
    state: State = "questions"
    reason: str = ""
    facts: list[Fact] = field(default_factory=list)
    columns: list[ColumnRole] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    understood: dict[str, Any] = field(default_factory=dict)
    known: str = ""
    definitions: dict[str, str] = field(default_factory=dict)
    mappings: list[str] = field(default_factory=list)
    seen: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Answers:
    """The answers given so far, and the questions that were met: whoever asks gets the answer, or
    nothing and the question stays open."""

    def __init__(self, given: dict[str, str]):
        self.given = {str(name): str(value) for name, value in given.items()}
        self.questions: list[Question] = []

    def ask(
        self,
        id: str,
        text: str,
        choices: list[Choice],
        *,
        help: str = "",
        suggestion: str = "",
    ) -> str | None:
        """The answer, if it is one of the choices (any text, where there are none)."""
        said = self.given.get(id, "").strip()
        valid = said and (not choices or any(said == choice.id for choice in choices))
        if not any(question.id == id for question in self.questions):
            self.questions.append(
                Question(id, text, help, choices, suggestion, said if valid else "")
            )
        return said if valid else None

    @property
    def columns_said(self) -> bool:
        """Whether it is clear what each column is; what is asked of numbers before may be idle."""
        return all(
            question.answer
            for question in self.questions
            if question.id in ("headings", "measure") or question.id.startswith("column:")
        )

    @property
    def open(self) -> bool:
        return any(not question.answer for question in self.questions)
