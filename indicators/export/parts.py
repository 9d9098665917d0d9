"""The parts of a paper: a title page, chapters, slides of text, lists, answers, two of them side by
side.

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
from indicators.export import listings
from indicators.export.content import PRODUCT, Content, code, content
from indicators.folders import Folders
from indicators.look import Look
from indicators.release import releases
from indicators.release.releases import Release
from indicators.symbols import SIGNS
from indicators.view import View

Opener = Callable[[str], Release]
Ask = Callable[[Release, View], Answer]
Progress = Callable[[int, int], None]
_OF_ALL = ("contents", "findings", "sources", "signs")  # lists of a whole paper
NO_ANSWER = "Hier steht keine Antwort"


@dataclass(frozen=True)
class Cover:
    """The title page. `moment` is the publication of the newest release in the paper, `pages` how
    many of A4 it must have (0: as many as it takes)."""

    title: str
    committee: str
    day: str
    published: str
    moment: datetime
    look: Look = Look()
    pages: int = 0

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
    answer, `chapter` that it is one of its own."""

    title: str
    text: str
    remark: str = ""
    speaker: str = ""
    missing: bool = False
    chapter: bool = False

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


@dataclass(frozen=True)
class Listing:
    """A list that writes itself: `rows` are a name ("" for none) and what is told of it. `form` is
    one of agenda.FORMS; `below` says that it belongs to the answer before it."""

    title: str
    rows: tuple[tuple[str, str], ...]
    form: str
    remark: str = ""
    speaker: str = ""
    below: bool = False

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(f"{name}: {text}" if name else text for name, text in self.rows)

    @property
    def words(self) -> Words:
        """The same as a slide of text."""
        return Words(self.title, "\n".join(self.paragraphs), self.remark, self.speaker)


Part = Cover | Chapter | Words | Pair | Listing | Content


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
    told = [_of_all(part, found) if isinstance(part, Listing) else part for part in found]
    return (maker.cover(agenda, answers(found)), *told)


def listed(
    agenda: Agenda, place: int, folders: Folders, opener: Opener, *, ask: Ask = answer
) -> Listing | Words:
    """The list that the item at this place writes; only what it tells of is answered. Raises
    ReleaseError as `answered`."""
    maker = _Maker(folders, opener, ask, "")
    (part,) = maker.parts(agenda.items[place])
    if isinstance(part, Listing) and part.form in _OF_ALL:
        return _of_all(part, [one for item in agenda.items for one in maker.parts(item)])
    assert isinstance(part, Listing | Words)
    return part


def _of_all(part: Listing, found: Sequence[Part]) -> Listing:
    """The list with what it tells of the whole paper, where that is its form."""
    contents = answers(found)
    if part.form == "contents":
        rows = _contents(found)
    elif part.form == "findings":
        rows = [("", one.answer.paragraph) for one in contents if one.answer.view.indicator]
    elif part.form == "sources":
        rows = listings.sources(contents)
    else:
        return part
    return replace(part, rows=tuple(dict.fromkeys(rows)))


def _contents(found: Sequence[Part]) -> list[tuple[str, str]]:
    """The chapters, and in a paper without any all headings; a number each."""
    told = printed(found)
    first = [part for part, level in zip(told, levels(told), strict=True) if level == 1]
    return [(str(number), headline(part)) for number, part in enumerate(first, 1)]


def answers(parts: Iterable[Part]) -> list[Content]:
    """All answers, those of pairs too, in their order."""
    found: list[Content] = []
    for part in parts:
        if isinstance(part, Content):
            found.append(part)
        elif isinstance(part, Pair):
            found += part.contents
    return found


def printed(parts: Sequence[Part]) -> list[Part]:
    """The parts of a paper whose title page has contents of its own."""
    return [one for one in parts if not (isinstance(one, Listing) and one.form == "contents")]


def begins_page(before: Part, part: Part) -> bool:
    """Whether a part begins a page of its own: what follows a heading stays with it, how something
    is counted stays with what is counted, and answers without a figure follow each other."""
    if isinstance(before, Chapter) or (isinstance(part, Listing) and part.below):
        return False
    if isinstance(before, Content) and isinstance(part, Content):
        return before.figure is not None or part.figure is not None
    # a text of a few lines needs no page
    return not (isinstance(before, Words | Listing) and isinstance(part, Words))


def levels(parts: Sequence[Part]) -> list[int]:
    """The level of each part's heading: what stands behind a chapter is below it, but for what is
    told of the whole paper; 0 for the title page."""
    found, level = [], 1
    for part in parts:
        alone = isinstance(part, Listing) and part.form in _OF_ALL
        if isinstance(part, Cover):
            found.append(0)
        elif isinstance(part, Chapter) or alone or (isinstance(part, Words) and part.chapter):
            found.append(1)
            level = 2 if isinstance(part, Chapter) else 1
        else:
            found.append(level + (isinstance(part, Listing) and part.below))
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
            agenda.title,
            agenda.committee,
            agenda.date,
            published,
            max(moments),
            self._look,
            agenda.pages,
        )

    def parts(self, item: Item) -> list[Part]:
        if item.kind == "chapter":
            return [Chapter(item.title, item.remark, item.notes)]
        if item.kind == "text":
            title, _, rest = item.text.strip().partition("\n")
            if item.title:
                title, rest = item.title, item.text
            return [Words(title, rest, item.remark, item.notes, chapter=item.chapter)]
        if item.kind == "list":
            return [self._list(item)]
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
        return [*headed, *(self._method(one) for one in headed if "method" in item.parts)]

    def _list(self, item: Item) -> Listing | Words:
        """A list that writes itself; one of the whole agenda gets its rows when all is answered."""
        rows: list[tuple[str, str]] = []
        if item.form == "signs":
            rows = [(sign.short, sign.meaning) for sign in SIGNS.values()]
        elif item.of:
            try:
                release, view, _ = self._asked(item.queries[0])
                rows = listings.OF_A_VIEW[item.form](release, view)
            except BildungsblickError as error:
                return Words(item.heading, f"{error}\nGefragt war: {item.of}", missing=True)
        return Listing(item.heading, tuple(rows), item.form, item.remark, item.notes)

    def _method(self, one: Content | Words) -> Listing | Words:
        if isinstance(one, Words):
            return one
        release = self._opener(one.answer.release)
        rows = listings.method(release, one.answer.view)
        title = f"Methodik: {one.answer.title}"
        return Listing(title, tuple(rows), "method", below=True)

    def _told(self, query: str, item: Item) -> Content | Words:
        try:
            release, view, notice = self._asked(query)
            found = replace(self._ask(release, view.asked), view=view).in_sight
        except BildungsblickError as error:
            title = item.title or NO_ANSWER
            return Words(title, f"{error}\nGefragt war: {query}", missing=True)
        if notice:
            found = replace(found, notes=[notice, *found.notes], beside=(notice, *found.beside))
        shown = item.parts or ("finding", "figure", "table")
        if "figure" not in shown:
            found = replace(found, figure=None)
        made = content(found, self._folders.map_files, self._address, self._look)
        made = replace(made, code=code(made), tabled="table" in shown)
        if "finding" not in shown:
            made = replace(made, headline=found.title, reading_aid="", comparison="")
        return made

    def _asked(self, query: str) -> tuple[Release, View, str]:
        """What is asked of which release, and what must be said of that one."""
        release, notice = self._release(dict(views.parse_query(query)).get("release", ""))
        view = views.parse(query, release.catalog, release.regions)
        return release, view.with_(release="", stage=False), notice

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
