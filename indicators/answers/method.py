"""How an indicator is counted, in the same lines in the same order wherever it is told."""

from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Indicator

_POLARITY = {
    "higher_is_better": "höhere Werte sind günstiger",
    "lower_is_better": "niedrigere Werte sind günstiger",
    "neutral": "keine Bewertung",
}


def sheet(catalog: Catalog, indicator: Indicator) -> list[tuple[str, str]]:
    """Name and text of each line of an indicator's sheet."""
    words = catalog.vocabulary
    datasets = [catalog.datasets[id] for id in indicator.datasets]
    sources = dict.fromkeys(f"{one.publisher}, {one.statistic}" for one in datasets)
    return [
        ("Was misst der Indikator?", indicator.definition),
        ("Berechnung", indicator.formula),
        ("Zeitbezug", f"{indicator.period_meaning} Erscheint {indicator.cycle}."),
        ("Räumlicher Bezug", words.places[indicator.place].text),
        ("Bewertung", _POLARITY[indicator.polarity]),
        ("Quelle", "; ".join(sources)),
        ("Thema", words.themes[indicator.theme].name),
        ("Lebensphase", words.life_phases[indicator.life_phase].name),
        ("Baustein", words.bausteine[str(indicator.baustein)].name),
    ]


def caveats(indicator: Indicator, land: str = "") -> list[str]:
    """What to know of its figures, and of those of this Land ("" for all of them)."""
    own = [note.text for note in indicator.land_caveats if not land or land in note.lands]
    return [*indicator.caveats, *own]
