"""What a reader must know of the rows of an answer, whatever its kind.

Reasons with a vocabulary of their own stand beside: what nobody asked for (uncollected.py), what is
not published (unpublished.py), what was rounded (rounding.py).
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from indicators import formats
from indicators.catalog.meaning import Indicator, LandNote
from indicators.release import queries
from indicators.release.releases import Release
from indicators.release.values import READY_MADE, least_denominator
from indicators.symbols import FLAG_NAMES, Status


def of_rows(release: Release, indicator: Indicator, rows: pd.DataFrame) -> list[str]:
    """How these rows (of `indicator_values`) were calculated, and what their signs mean."""
    found = []
    for index in sorted(rows["calculation"].unique()):
        note = indicator.calculations[int(index)].note
        if note:
            found.append(note)
    found += _of_flags(rows)
    few = rows[rows["status"] == Status.TOO_FEW.value]
    if len(few):
        # the name of the group stands in brackets: as it is, it fits no sentence
        found.append(
            "„Zu wenige Fälle“: Ein Wert wird erst ausgewiesen, wenn die Grundlage "
            f"({indicator.denominator_name or 'Zahl der Fälle'}) mindestens "
            f"{formats.number(_least(release, indicator, few))} beträgt."
        )
    if (rows["status"] == Status.SUPPRESSED.value).any():
        found.append(
            "„Geschützt“ sind kleine Zahlen und weitere, aus denen man sie berechnen könnte; "
            "welche davon klein sind, ist nicht zu erkennen."
        )
    return found


def _of_flags(rows: pd.DataFrame) -> list[str]:
    found = []
    flags = {flag for text in rows["flags"].unique() for flag in text.split(",") if flag}
    if READY_MADE in flags:
        found.append(
            "Für gemeinsame Regionen nicht berechenbar, wo nur fertige Anteile ohne Zählwerte "
            "vorliegen."
        )
    for flag in sorted(flags - {READY_MADE}):
        words = FLAG_NAMES.get(flag, flag)
        found.append(f"Werte teilweise {words}.")
    return found


def _least(release: Release, indicator: Indicator, few: pd.DataFrame) -> int:
    """Of how many there must be at least for the ratios that these rows withhold."""
    return max(
        least_denominator(
            release, indicator, indicator.calculations[int(index)], of["sources"]
        ).max()
        for index, of in few.groupby("calculation")
    )


def of_lands(release: Release, indicator: Indicator, rows: pd.DataFrame) -> list[str]:
    """What the indicator's definition says of the Länder these rows are of."""
    return _concerning(indicator.land_caveats, _lands(release, rows))


def of_producers(release: Release, sources: Sequence[int], rows: pd.DataFrame) -> list[str]:
    """The notes of the datasets of these sources, and the producers' own footnotes for the Länder
    of the rows, each once."""
    here = lands = _lands(release, rows)
    if len(lands) > 3:  # a map of all Kreise: only what holds for all
        lands = set()
    found = queries.footnotes(release, sources, sorted(lands))
    datasets = [
        release.catalog.datasets[d] for d in sorted({release.sources[s].dataset for s in sources})
    ]
    own = [note for dataset in datasets for note in dataset.notes]
    for dataset in datasets:
        own += _concerning(dataset.land_notes, here)
    return list(dict.fromkeys([*own, *found]))


def _lands(release: Release, rows: pd.DataFrame) -> set[str]:
    """The keys of the Länder that the regions of the rows lie in."""
    return {release.region(id).land for id in rows["region"].unique()} - {""}


def _concerning(notes: Iterable[LandNote], lands: set[str]) -> list[str]:
    """The notes that concern one of these Länder."""
    return [note.text for note in notes if lands & set(note.lands)]
