"""What is kept between clicks (see kept.py), always keyed by the release."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from indicators import formats, kinds
from indicators import view as views
from indicators.answers import (
    answering,
    change,
    notable,
    profile,
    questions,
    scope,
    unpublished,
)
from indicators.answers import nearest as near
from indicators.answers.answer import Answer
from indicators.answers.context import Context
from indicators.answers.nearest import Nearest
from indicators.errors import BildungsblickError, ReleaseError, ViewError
from indicators.folders import Folders, default
from indicators.regions import Region
from indicators.release import difference as differences
from indicators.release import publication, releases
from indicators.release.difference import Difference
from indicators.release.releases import Release
from indicators.release.values import indicator_values
from indicators.saved import events
from indicators.saved.annotations import Annotations
from indicators.search.index import Index, PageName
from pages.shared import address, permission
from pages.shared.kept import kept

LEADING = 4  # key figures on the overview


def current() -> Release:
    """The release in force, or the one the address names; read anew at every click, so that a
    publication shows without a restart and an open page keeps its release until then."""
    asked = address.choice("release")
    if not asked:
        return in_force()
    try:
        return opened(asked)
    except ReleaseError:
        address.forget("release")  # else the menu would lead to the same error for ever
        raise


def in_force() -> Release:
    """The release in force, whatever the address names; where it is damaged, the last good one. One
    whose moment has passed comes into force before."""
    with suppress(BildungsblickError):  # who may publish is told why on the page for that
        publication.settle(default())
    return releases.in_force(default(), opened)


def opened(id: str) -> Release:
    """A release, opened once; a preview only for who may see one, which is asked every time. Raises
    ReleaseError where it cannot be shown."""
    if id.startswith(releases.PREVIEW) and not permission.may(permission.Role.EDITOR):
        releases.open_release(default(), id).close()  # refuses it
    found = _opened(id, releases.stamp(default(), id))
    if isinstance(found, ReleaseError):
        raise found
    return found


@kept(4)
def _moments(folder: Path, newest: str) -> list[datetime]:
    return [one.published for one in releases.listed(Folders(folder))]


def moment(published: datetime) -> str:
    """When a release was published, as it is called: with the time where another is of that day."""
    newest = releases.current_id(default())
    return formats.moment(published, _moments(default().data, newest))


# Frozen objects shared by all readers, never changed.
# The stamp is of the file: a build that mends a damaged release gives the same id another file.
@kept(4)
def _opened(id: str, stamp: tuple) -> Release | ReleaseError:
    try:
        return releases.open_release(default(), id, unpublished=id.startswith(releases.PREVIEW))
    except ReleaseError as error:
        return error  # asked again at every click


@kept(8)
def _difference(before: str, after: str) -> Difference | ReleaseError:
    try:
        return differences.difference(opened(before), opened(after))
    except ReleaseError as error:
        return error


def difference(before: Release, after: Release) -> Difference:
    """What one release says otherwise than another. Raises ReleaseError."""
    found = _difference(before.id, after.id)
    if isinstance(found, ReleaseError):
        raise found
    return found


@kept(4)
def _annotations(stamp: tuple) -> Annotations:
    return events.in_force(default())


@kept(400)
def _answer(id: str, query: str, stamp: tuple) -> Answer | ViewError:
    release = opened(id)
    try:
        view = views.parse(query, release.catalog, release.regions)
        return answering.answer(release, view, _annotations(stamp))
    except ViewError as error:
        # A question without an answer is a result too, and asked again at every click.
        return error


def answer(release: Release, view: views.View) -> Answer:
    """The answer to a view, with the events and targets as of now. Raises ViewError where there is
    none."""
    found = _answer(release.id, view.asked.to_query(), events.stamp(default()))
    if isinstance(found, ViewError):
        raise found
    return found


@kept(400)
def _earlier(id: str, query: str, period: str) -> list[str]:
    release = opened(id)
    return change.earlier(release, views.parse(query, release.catalog, release.regions), period)


def earlier(release: Release, view: views.View, period: str) -> list[str]:
    """The periods with which one of a map or ranking can be compared, the newest first."""
    query = view.with_(period="", since="").asked.to_query()
    return _earlier(release.id, query, period)


def has_answer(release: Release, view: views.View) -> bool:
    """Whether there is anything to show for a view."""
    try:
        answer(release, view)
    except ViewError:
        return False
    return True


@kept(400)
def _nearest(id: str, query: str) -> Nearest | ViewError:
    release = opened(id)
    view = views.parse(query, release.catalog, release.regions)
    try:
        return near.nearest(release, view, lambda asked: answer(release, asked))
    except ViewError as error:
        return error


def nearest(release: Release, view: views.View) -> Nearest | None:
    """The nearest view that has an answer, with it; None where nothing comes near."""
    found = _nearest(release.id, view.asked.to_query())
    return None if isinstance(found, ViewError) else found


_replied: set[tuple[str, str]] = set()  # release and region


@kept(100)
def _replies(id: str, region: str) -> list[questions.Reply]:
    release = opened(id)
    found = questions.replies(release, release.region(region), lambda view: answer(release, view))
    _replied.add((id, region))
    return found


def replies(release: Release, region: Region) -> list[questions.Reply]:
    """What a region can say to each question; the first time this takes seconds (see
    `has_replies`)."""
    return _replies(release.id, region.id)


def has_replies(release: Release, region: Region) -> bool:
    """Whether the replies are there already."""
    return (release.id, region.id) in _replied


@kept(3000)
def _left_out(id: str, query: str, asked: tuple[tuple[str, str | None], ...]) -> str:
    release = opened(id)
    view = views.parse(query, release.catalog, release.regions)
    regions = (view.region,)
    if kinds.ALL[view.kind].by_place:
        try:
            regions = scope.scope_of(Context(release, view)).regions
        except ViewError:  # there is no such map; its card says so
            return ""
    return unpublished.left_out(
        release, release.catalog.indicators[view.indicator], regions, dict(asked)
    )


def left_out(release: Release, view: views.View, asked: dict[str, str | None]) -> str:
    """Why a view's indicator is not published in this division for the regions it shows; "" if it
    is (see unpublished.left_out)."""
    query = view.asked.to_query()
    return _left_out(release.id, query, tuple(asked.items()))


@kept(3000)
def _figure(id: str, region: str, indicator: str) -> profile.Figure:
    view = views.View(kind="trend", region=region, indicator=indicator)
    return profile.figure(opened(id), view)


def figure(release: Release, region: str, indicator: str) -> profile.Figure:
    """The key figure of one indicator for a region."""
    return _figure(release.id, region, indicator)


def figures(release: Release, region: str) -> list[profile.Figure]:
    """The key figures of a region, one per indicator, in the catalog's order."""
    return [figure(release, region, id) for id in release.catalog.indicators]


@kept(100)
def _leading(id: str, region: str) -> tuple[list[profile.Figure], list[profile.Figure]]:
    return profile.leading(opened(id), views.View(kind="profile", region=region), LEADING)


def leading(release: Release, region: str) -> tuple[list[profile.Figure], list[profile.Figure]]:
    """The key figures of the overview, and those that introduce the region."""
    return _leading(release.id, region)


@kept(100)
def _findings(id: str, region: str) -> list[notable.Finding]:
    return notable.findings(opened(id), views.View(kind="notable", region=region))


def findings(release: Release, region: str) -> list[notable.Finding]:
    """What stands out in a region."""
    return _findings(release.id, region)


_ASKED = ("bund", "land", "gemeinde", "stadtteil")


@kept(8)
def _filled(id: str, invented: bool) -> frozenset[str]:
    release = opened(id)
    # who has any value at all: the whole, its Länder, and the regions an excerpt may be limited to
    asked = [r.id for r in release.regions.values() if r.level in _ASKED]
    asked += [m for r in release.catalog.education_regions.values() for m in r.members]
    asked = [r for r in asked if release.region(r).invented == invented]
    return frozenset(
        indicator.id
        for indicator in release.catalog.indicators.values()
        if indicator_values(release, indicator, asked)["value"].notna().any()
    )


@kept(100)
def _first_by_place(id: str, region: str, indicators: tuple[str, ...]) -> str | None:
    release = opened(id)
    parts = scope.parts_of(release, release.region(region))
    for name in indicators:
        found = indicator_values(release, release.catalog.indicators[name], parts)
        if found["value"].notna().any():
            return name
    return None


def first_by_place(release: Release, region: Region, indicators: tuple[str, ...]) -> str | None:
    """The first of these indicators that has values for the parts of a region."""
    return _first_by_place(release.id, region.id, indicators)


def filled(release: Release, region: Region) -> frozenset[str]:
    """The indicators that have values of any real region, or of the invented town for its own."""
    return _filled(release.id, region.invented)


@kept(4)
def _search_index(id: str, pages: tuple[PageName, ...]) -> Index:
    release = opened(id)
    return Index.of(release.catalog, release.regions, pages)


def search_index(release: Release, pages: tuple[PageName, ...]) -> Index:
    """What can be found in a release and on the pages; made at the first search."""
    return _search_index(release.id, pages)
