"""From the short code beside a number (Beleg) back to the view that it came from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indicators import view as views
from indicators.agenda import Agenda
from indicators.errors import BildungsblickError, DefinitionError, ViewError
from indicators.export.content import short_name
from indicators.folders import Folders
from indicators.release import releases as known
from indicators.release.releases import Release
from indicators.saved import agendas as saved
from indicators.view import View

_CODE = re.compile(r"(?:beleg)?[\s\u00a0]*([0-9A-F]{8})", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """Where a code stands: the title of the agenda, the number of the slide, and the view with the
    release it was made of."""

    agenda: str
    number: int
    view: View


def search(folders: Folders, code: str, name: str = "") -> Found:
    """The view behind a code: in the agenda of this name or file, else in all that are saved or
    ship. Raises what `find` raises, and DefinitionError where there is no such agenda."""
    named = [saved.named(folders, name)] if name else saved.every(folders)
    ids = [one.id for one in known.listed(folders)]
    return find(code, named, known.open_release(folders), ids)


def find(code: str, agendas: Iterable[Agenda], release: Release, releases: Sequence[str]) -> Found:
    """The first view of these agendas that has this code. `release` knows indicators and regions;
    a slide without a release of its own may have been made of any of `releases`. Raises
    DefinitionError for what is no code, ViewError where nothing has it."""
    wanted = _CODE.fullmatch(code.strip())
    if wanted is None:
        raise DefinitionError(
            f"„{code[:40]}“ ist kein Beleg. Richtig sind acht Zeichen aus 0 bis 9 und A bis F, wie "
            "sie neben der Quelle stehen: Beleg 7F3C21A0."
        )
    name = wanted[1].upper()
    for agenda in agendas:
        for number, item in enumerate(agenda.items, 1):
            for query in filter(None, (item.view, item.beside)):
                for id in [item.release] if item.release else releases:
                    view = _view(query, release)
                    if view is not None and short_name(view, id) == name:
                        return Found(agenda.title, number, view.with_(release=id))
    raise ViewError(
        f"Den Beleg {name} hat keine dieser Mappen. Nächster Schritt: die Mappe öffnen, aus der "
        "das Papier gemacht ist (oder ihre Datei angeben); in Papieren mit Link führt auch dieser "
        "zur Ansicht.",
        name="beleg",
        value=name,
    )


def _view(query: str, release: Release) -> View | None:
    """None for what this release does not know."""
    try:
        view = views.parse(query, release.catalog, release.regions)
    except BildungsblickError:
        return None
    return view.with_(stage=False, release="")
