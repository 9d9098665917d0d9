"""The parts of a paper: a title page, chapters, slides of text, answers, two answers side by side.

An agenda becomes them with a release. What has no answer is a part that says why: one view that is
gone never takes the paper of a whole meeting with it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from indicators import formats, look
from indicators import view as views
from indicators.agenda import Agenda, Item
from indicators.answers.answer import Answer
from indicators.answers.answering import answer
from indicators.errors import BildungsblickError, ReleaseError
from indicators.export.content import PRODUCT, Content, code, content
from indicators.folders import Folders
from indicators.look import Look
from indicators.release import releases
from indicators.release.releases import Release
from indicators.view import View

Opener = Callable[[str], Release]
Ask = Callable[[Release, View], Answer]
Progress = Callable[[int, int], None]
NO_ANSWER = "Hier steht keine Antwort"


@dataclass(frozen=True)
class Cover:
    """The title page. `moment` is the publication of the newest release in the paper."""

    title: str
    committee: str
    day: str
    published: str
    moment: datetime
    look: Look = Look()

    @property
    def author(self) -> str:
        return self.look.name or PRODUCT

    @property
    def occasion(self) -> str:
        """Committee and day, as far as they are told."""
        return ", ".join(filter(None, (self.committee, self.day)))


@dataclass(frozen=True)
class Chapter:
    """A heading of its own; `speaker` is for who speaks."""

    title: str
    remark: str = ""
    speaker: str = ""


@dataclass(frozen=True)
class Words:
    """A slide of text, a line a paragraph; `missing` says that it stands for a view without an
    answer."""

    title: str
    text: str
    remark: str = ""
    speaker: str = ""
    missing: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(filter(None, (line.strip() for line in self.text.splitlines())))


@dataclass(frozen=True)
class Pair:
    """Two answers: beside each other on a slide, one after the other on paper."""

    contents: tuple[Content, Content]
    title: str
    remark: str = ""
    speaker: str = ""


Part = Cover | Chapter | Words | Pair | Content


def answered(
    agenda: Agenda,
    folders: Folders,
    opener: Opener | None = None,
    *,
    ask: Ask = answer,
    address: str = "",
    progress: Progress | None = None,
) -> tuple[Part, ...]:
    """The title page and a part for each item; a pair of which one half has no answer is two.

    `opener` gives a release by its id, `ask` the answer to a view; `address` is where the pages of
    this installation are; `progress` is told how many items are done, and of how many. Raises
    ReleaseError where no release can be opened, DefinitionError where the town's look.toml has a
    fault."""
    maker = _Maker(folders, opener or release_opener(folders), ask, address)
    found: list[Part] = []
    for done, item in enumerate(agenda.items, 1):
        found += maker.parts(item)
        if progress:
            progress(done, len(agenda.items))
    return (maker.cover(agenda, answers(found)), *found)


def answers(parts: Iterable[Part]) -> list[Content]:
    """All answers, those of pairs too, in their order."""
    found: list[Content] = []
    for part in parts:
        if isinstance(part, Content):
            found.append(part)
        elif isinstance(part, Pair):
            found += part.contents
    return found


def headline(part: Part) -> str:
    """What a part is called in a list of contents."""
    return part.headline if isinstance(part, Content) else part.title


def first(parts: Sequence[Part]) -> Cover | Content:
    """What says who signs a paper and of when it is. Raises ValueError where no part does."""
    for part in parts:
        if isinstance(part, Cover | Content):
            return part
    raise ValueError("a paper without a title page and without an answer")


def release_opener(folders: Folders) -> Opener:
    """Opens releases by their id, each once."""
    opened: dict[str, Release] = {}

    def opener(id: str) -> Release:
        if id not in opened:
            opened[id] = releases.open_release(folders, id)
        return opened[id]

    return opener


class _Maker:
    """Makes parts of items, with the releases that they name."""

    def __init__(self, folders: Folders, opener: Opener, ask: Ask, address: str):
        self._folders, self._opener, self._address = folders, opener, address
        self._ask = ask
        self._in_force = releases.in_force(folders, opener)
        self._look = look.read(folders)

    def cover(self, agenda: Agenda, found: Sequence[Content]) -> Cover:
        moments = [one.moment for one in found] or [self._in_force.published]
        ids = list(dict.fromkeys(one.answer.release for one in found)) or [self._in_force.id]
        signed = f"{self._look.name} · {PRODUCT}" if self._look.name else PRODUCT
        name = "Datenstand" if len(ids) == 1 else "Datenstände"
        day = formats.day(max(moments))
        published = f"{signed}, {name} {formats.listing(ids)} vom {day}"
        if len(ids) > 1:
            published = f"{signed}, {name} {formats.listing(ids)}, der neueste vom {day}"
        return Cover(
            agenda.title, agenda.committee, agenda.date, published, max(moments), self._look
        )

    def parts(self, item: Item) -> list[Part]:
        if item.kind == "chapter":
            return [Chapter(item.title, item.remark, item.notes)]
        if item.kind == "text":
            title, _, rest = item.text.strip().partition("\n")
            if item.title:
                title, rest = item.title, item.text
            return [Words(title, rest, item.remark, item.notes)]
        told = [self._told(query, item) for query in item.queries]
        both = [one for one in told if isinstance(one, Content)]
        if len(both) == 2:
            # whoever looks at both reads what they are, not two sentences in one line
            titles = dict.fromkeys(one.answer.title for one in both)
            title = item.title or " und ".join(titles)
            return [Pair((both[0], both[1]), title, item.remark, item.notes)]
        headed = [
            replace(one, remark=item.remark, speaker=item.notes) if place == 0 else one
            for place, one in enumerate(told)
        ]
        if item.title and isinstance(headed[0], Content):
            headed[0] = replace(headed[0], headline=item.title)
        return list(headed)

    def _told(self, query: str, item: Item) -> Content | Words:
        try:
            release, notice = self._release(dict(views.parse_query(query)).get("release", ""))
            view = views.parse(query, release.catalog, release.regions)
            shown = view.with_(release="", stage=False)
            found = replace(self._ask(release, view.asked), view=shown).in_sight
        except BildungsblickError as error:
            title = item.title or NO_ANSWER
            return Words(title, f"{error}\nGefragt war: {query}", missing=True)
        if notice:
            found = replace(found, notes=[notice, *found.notes], beside=(notice, *found.beside))
        made = content(found, self._folders.map_files, self._address, self._look)
        return replace(made, code=code(made))

    def _release(self, id: str) -> tuple[Release, str]:
        """The release of this id; the one in force where it is not there, and that it is so."""
        if not id or id == self._in_force.id:
            return self._in_force, ""
        try:
            return self._opener(id), ""
        except ReleaseError:
            day = formats.day(self._in_force.published)
            return self._in_force, (
                f"Der Datenstand {id}, mit dem diese Folie ausgewählt wurde, ist nicht mehr da. "
                f"Gezeigt ist der Datenstand {self._in_force.id} vom {day}; Zahlen können anders "
                "sein als damals."
            )
