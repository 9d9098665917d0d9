"""What a reader of a slide asks next: the same for the Stadt and the Landkreis alone, for both
together, for the period before.

Only files that are opened without a server carry them; everybody else just asks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from indicators import kinds
from indicators import view as views
from indicators.answers.answering import answer
from indicators.errors import BildungsblickError
from indicators.export.content import Content, code, content
from indicators.export.parts import Ask
from indicators.release.releases import Release

# What stands beside an answer, with its name.
Others = Callable[[Content], Iterable[tuple[str, Content]]]

# The kinds of one moment: on the others the period before is in the figure already.
_OF_A_MOMENT = ("flow", "pyramid", "balance")


def of(
    told: Content, release: Release, map_files: Path, ask: Ask = answer
) -> Iterator[tuple[str, Content]]:
    """Name and content of each, one at a time: making one takes a tenth of a second. What has no
    answer is left out; `release` is the one of the answer."""
    view = told.answer.view.asked
    asked = [(release.regions[id].name, view.with_(region=id)) for id in _regions(told, release)]
    asked += [(period, view.with_(period=period)) for period in _before(told)]
    address = told.link.partition("?")[0] if told.link.startswith("http") else ""
    for name, other in asked:
        try:
            # a restriction that this region does not have is told here, not on the slide
            checked = views.parse(other.to_query(), release.catalog, release.regions)
            found = ask(release, checked)
        except BildungsblickError:
            continue
        if told.answer.figure is None:
            found = replace(found, figure=None)
        made = content(found, map_files, address, told.look)
        yield name, replace(made, code=code(made))


def _regions(told: Content, release: Release) -> list[str]:
    """The others of a joint region: its members, and it. A map is too large for that, and shows
    them beside each other anyway."""
    if told.geometry is not None:
        return []
    view = told.answer.view
    for region in release.regions.values():
        together = (region.id, *region.members)
        if region.members and view.region in together:
            return [id for id in together if id != view.region]
    return []


def _before(told: Content) -> list[str]:
    """The period before the one that is shown."""
    found, kind = told.answer, kinds.ALL[told.answer.view.kind]
    if not (kind.by_place or found.view.kind in _OF_A_MOMENT) or found.view.since:
        return []
    if found.period not in found.periods:
        return []
    at = found.periods.index(found.period)
    return found.periods[at - 1 : at] if at else []
