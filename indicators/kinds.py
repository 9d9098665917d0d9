"""The kinds of views: one row a kind. Views, answers, pages, search and command line read them.

A new kind is a module in answers/ and a row here (and, where it has a figure of its own, a row in
figures/kinds).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`answer` is the module in answers/ and its function ("flow.across"; alone: its `answer`).

    `change` is the same of a view that tells of the change since an earlier period.

    `is_special`: only some indicators have it; pages of a theme offer it where it makes sense.
    `of_many`: tells of many indicators at once. `by_place`: compares the regions of a scope in one
    period. `is_table`: has no other figure than its table. `uses` are the fields of a view that it
    makes use of beside kind, indicator, region, release and its `settings`, which only it has; its
    answer checks their values. `indicator` is one of its own, which need not stand in the address.
    """

    name: str
    answer: str
    change: str = ""
    is_special: bool = False
    of_many: bool = False
    by_place: bool = False
    is_table: bool = False
    uses: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    indicator: str = ""


_PLACES = ("period", "since", "measure", "scope", "only")
_TIMES = ("period", "by", "measure", "compare", "only")

ALL = {
    "map": Kind("Karte", "map", "change.on_map", by_place=True, uses=_PLACES),
    "maps": Kind("Zwei Karten", "maps", by_place=True, uses=_PLACES, settings=("with",)),
    "trend": Kind("Zeitverlauf", "trend", uses=_TIMES),
    "panels": Kind("Einzelverläufe", "panels", uses=_TIMES, settings=("each",)),
    "ranking": Kind("Rangfolge", "ranking", "change.as_lines", by_place=True, uses=_PLACES),
    "table": Kind("Tabelle", "table", is_table=True, uses=_TIMES),
    "profile": Kind("Profil", "profile", of_many=True, is_table=True, settings=("indicators",)),
    "flow": Kind("Flussdiagramm", "flow", is_special=True, uses=("period", "only")),
    "flows": Kind("Alle Übergänge", "flow.across", is_special=True, of_many=True),
    "together": Kind(
        "Gemeinsamer Verlauf", "together", is_special=True, uses=("period",), settings=("with",)
    ),
    "pyramid": Kind(
        "Bevölkerungspyramide",
        "pyramid",
        is_special=True,
        uses=("period", "by", "compare", "only"),
        settings=("outline",),
        indicator="bevoelkerung_pyramide",
    ),
    "starters": Kind(
        "Schulanfänger der nächsten Jahre",
        "starters",
        is_special=True,
        uses=("period",),
        settings=("z", "v", "years", "without", "variant", "cutoff", "show"),
        indicator="schulanfaenger_prognose",
    ),
    "balance": Kind("Plätze und Bedarf", "balance", is_special=True, uses=("period", "only")),
    "chain": Kind(
        "Stationen nach der Ankunft", "chain", is_special=True, of_many=True, uses=("period",)
    ),
    "notable": Kind("Auffälligkeiten", "notable", is_special=True, of_many=True),
}
USUAL = {id: kind.name for id, kind in ALL.items() if not kind.is_special}
SPECIAL = {id: kind.name for id, kind in ALL.items() if kind.is_special}
