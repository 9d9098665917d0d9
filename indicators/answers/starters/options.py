"""What a reader can set of the projection of school starters, and what may be set."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from indicators import formats
from indicators.analysis import projection
from indicators.errors import ViewError
from indicators.view import View

VARIANTS = {
    "medium": "Wanderung wie im Mittel",
    "high": "Wanderung hoch",
    "none": "ohne Wanderung",
}
SHOWS = ("", "parts", "backtest")  # the lines, a row per part, what was calculated years ago
YEARS = (3, 4, 5)  # how many years the mean ratios may be taken of
USUAL_YEARS = 5
CUTOFFS = {6: "30.6.", 7: "31.7.", 8: "31.8.", 9: "30.9.", 10: "31.10.", 11: "30.11.", 12: "31.12."}
USUAL_CUTOFF = 9
MOST_SHARE = 50  # per cent; beyond it is a typing error


@dataclass(frozen=True)
class Options:
    """What can be set, as set: `late` (z) and `early` (v) as fractions, None for the observed."""

    late: float | None = None
    early: float | None = None
    years: int = USUAL_YEARS
    without: tuple[int, ...] = ()
    variant: str = "medium"
    cutoff: int = USUAL_CUTOFF
    show: str = ""


def read_options(view: View) -> Options:
    def choice(name: str, allowed: Iterable, words: str):
        text = view.setting(name)
        if text and text not in [str(a) for a in allowed]:
            message = f"{name}: „{text}“ geht nicht. Erlaubt sind {words}."
            raise ViewError(message, name=name, value=text)
        return text

    late, early = _share(view, "z"), _share(view, "v")
    without = tuple(filter(None, view.setting("without").split(",")))
    for year in without:
        if not re.fullmatch(r"(19|20)\d\d", year):
            raise ViewError(
                f"without: „{year}“ ist kein Jahr. Erlaubt sind Jahre, durch Komma getrennt, zum "
                "Beispiel without=2015,2016,2022.",
                name="without",
                value=year,
            )
    return Options(
        late=late,
        early=early,
        years=int(choice("years", YEARS, "3, 4 und 5 (Jahre des Mittels)") or USUAL_YEARS),
        without=tuple(sorted({int(year) for year in without})),
        variant=choice("variant", VARIANTS, formats.listing(list(VARIANTS))) or "medium",
        cutoff=int(
            choice("cutoff", CUTOFFS, "6 bis 12 (Monat, an dessen Ende der Stichtag liegt)")
            or USUAL_CUTOFF
        ),
        show=choice("show", SHOWS, formats.listing([s for s in SHOWS if s])),
    )


def _share(view: View, name: str) -> float | None:
    text = view.setting(name)
    if not text:
        return None
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", text) or (
        float(text.replace(",", ".")) > MOST_SHARE
    ):
        raise ViewError(
            f"{name}: „{text}“ geht nicht. Erlaubt sind Prozentwerte von 0 bis {MOST_SHARE}, zum "
            f"Beispiel {name}=8,5.",
            name=name,
            value=text,
        )
    return round(float(text.replace(",", ".")) / 100, projection.DIGITS)
