"""A view: what is asked of a release and how it is shown. Everything visible is one.

It round-trips through the query string of the page's address, which is also what the command line
takes: `kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof&period=2022/23`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from urllib.parse import parse_qsl, quote

from indicators import kinds
from indicators.catalog.catalog import Catalog
from indicators.errors import ViewError
from indicators.regions import Region

MEASURES = {"share": "Anteil", "count": "Anzahl"}
SCOPES = {"land": "eigenes Land", "all": "Deutschland", "parts": "in der Region"}
# What of an answer is in sight; lines that are enlarged are the figure wherever nobody can enlarge.
ENLARGED = "enlarged"
FACES = {"figure": "Diagramm", ENLARGED: "Vergrößern", "table": "Werte", "info": "Info"}
_FIELDS = (
    "kind",
    "indicator",
    "theme",
    "region",
    "period",
    "since",
    "by",
    "measure",
    "scope",
    "release",
)


@dataclass(frozen=True)
class View:
    """What is asked. Empty text means the default: the newest period with values, no division,
    the release in force.

    `since` is an earlier period: the change from then on is shown instead of the values.
    `only` restricts dimensions to one category each and stands in the address under the
    dimension's name (`sex=female`). `measure` "count" shows the numerator of a ratio. `theme`
    belongs to kinds of many indicators (`kinds.ALL`). `compare` lists further regions of a trend.
    `settings` are the fields only this kind has (`kinds.ALL`), as written in the address.

    `face` (of FACES) is what of the answer is in sight, the figure first; with `stage` it changes
    nothing of the answer (`asked`).
    """

    kind: str
    indicator: str = ""
    region: str = "DG"
    period: str = ""
    since: str = ""
    by: str = ""
    measure: str = "share"
    scope: str = "land"
    theme: str = ""
    release: str = ""
    compare: tuple[str, ...] = ()
    face: str = ""
    stage: bool = False
    only: tuple[tuple[str, str], ...] = field(default=())
    settings: tuple[tuple[str, str], ...] = field(default=())

    def setting(self, name: str) -> str:
        """The value of a field of this kind; "" if it is left out."""
        return dict(self.settings).get(name, "")

    @property
    def asked(self) -> "View":
        """What is asked of the release in force, without how it is shown."""
        return replace(self, face="", stage=False, release="")

    def with_(self, **changes) -> "View":
        return replace(self, **changes)

    def to_query(self) -> str:
        """The query string, defaults left out, always in the same order. The region always
        stands in it: a page without one takes the first education region."""
        pairs = [("kind", self.kind)]
        pairs += [
            (name, getattr(self, name))
            for name in _FIELDS[1:]
            if getattr(self, name) and (name == "region" or getattr(self, name) != _DEFAULTS[name])
        ]
        pairs += sorted(self.only) + sorted(self.settings)
        if self.compare:
            pairs.append(("compare", ",".join(self.compare)))
        if self.face:
            pairs.append(("face", self.face))
        if self.stage:
            pairs.append(("stage", "1"))
        return written(dict(pairs))


def without_effect(view: View) -> list[str]:
    """The fields of the view, as they stand in the address, that its kind makes no use of."""
    used = kinds.ALL[view.kind].uses
    found = [
        name
        for name in ("period", "since", "by", "measure", "scope", "compare")
        if name not in used and getattr(view, name) != View.__dataclass_fields__[name].default
    ]
    return found + ([] if "only" in used else [dimension for dimension, _ in view.only])


_DEFAULTS = {name: View.__dataclass_fields__[name].default for name in _FIELDS}


def written(pairs: Mapping[str, str]) -> str:
    """Names and values as a query string, which parse_query reads again."""
    return "&".join(f"{name}={quote(value, safe=':/,')}" for name, value in pairs.items())


def parse_query(query: str) -> dict[str, str]:
    """The names and values of a query string, with or without its question mark."""
    return dict(parse_qsl(query.strip().lstrip("?")))


def parse(query: str | Mapping[str, str], catalog: Catalog, regions: dict[str, Region]) -> View:
    """The view a query string means; raises ViewError naming what is allowed.

    Region and indicator must exist, a breakdown must belong to the indicator; whether there are
    values is not checked here.
    """
    view = _written(parse_query(query) if isinstance(query, str) else dict(query))
    _choice("kind", view.kind, kinds.ALL)
    _choice("measure", view.measure, MEASURES)
    _choice("scope", view.scope, SCOPES)
    _choice("face", view.face, ["", *FACES])
    for region in (view.region, *view.compare):
        _check_region(region, regions)
    if kinds.ALL[view.kind].of_many:
        _choice("theme", view.theme, ["", *catalog.vocabulary.themes])
        for name, _ in view.only:
            _choice("Angabe", name, [*_FIELDS, "compare", "face", "stage"])
        return view
    _check_indicator(view, catalog)
    _check_division(view, catalog)
    return view


def _written(pairs: dict[str, str]) -> View:
    """What stands in an address, with its defaults; nothing is checked yet. What is no field of
    all views or of this kind is taken for a dimension."""
    known = {"kind": "trend"} | {name: pairs.pop(name) for name in _FIELDS if name in pairs}
    compare = tuple(filter(None, pairs.pop("compare", "").split(",")))
    pairs.pop("page", "")  # where a reader has got to in it
    face, stage = pairs.pop("face", ""), pairs.pop("stage", "") == "1"
    kind = kinds.ALL.get(known["kind"])
    if kind and kind.indicator:
        known = {"indicator": kind.indicator} | known
    settings = {n: pairs.pop(n) for n in (kind.settings if kind else ()) if n in pairs}
    # divided by a dimension, all its categories are shown: a restriction to one means nothing
    pairs.pop(known.get("by", ""), None)
    pairs.pop(settings.get("each", ""), None)
    return View(
        **known,
        compare=compare,
        face=face,
        stage=stage,
        only=tuple(sorted(pairs.items())),
        settings=tuple(sorted((n, value) for n, value in settings.items() if value)),
    )


def _check_region(region: str, regions: Collection[str]) -> None:
    if region not in regions:
        raise ViewError(
            f"Die Region „{region}“ gibt es nicht. Erlaubt sind amtliche Schlüssel wie 09464 "
            f"und {', '.join(id for id in regions if id.startswith('verbund:'))}.",
            name="region",
            value=region,
        )


def _check_indicator(view: View, catalog: Catalog) -> None:
    if not view.indicator:
        raise ViewError("Es ist kein Indikator gewählt (Angabe indicator).", name="indicator")
    if view.indicator not in catalog.indicators:
        similar = get_close_matches(view.indicator, catalog.indicators, n=3, cutoff=0.5)
        hint = f" Gemeint ist vielleicht {' oder '.join(similar)}." if similar else ""
        raise ViewError(
            f"Den Indikator „{view.indicator}“ gibt es nicht.{hint} Alle stehen auf der Seite "
            "„Daten und Methodik“.",
            name="indicator",
            value=view.indicator,
        )
    if own := kinds.ALL[view.kind].indicator:
        _choice("indicator", view.indicator, [own])


def _check_division(view: View, catalog: Catalog) -> None:
    """Raises ViewError unless it is divided by, and restricted to, what the indicator has."""
    dimensions = [b.dimension for b in catalog.indicators[view.indicator].breakdowns]
    if view.by:
        _choice("by", view.by, dimensions)
    special = kinds.ALL[view.kind].settings
    for name, category in view.only:
        _choice("Angabe", name, [*_FIELDS, "compare", "face", "stage", *special, *dimensions])
        _choice(name, category, [c.id for c in catalog.dimensions[name].categories])


def _choice(name: str, value: str, allowed) -> None:
    if value not in allowed:
        listed = ", ".join(filter(None, allowed)) or "keine"
        message = f"{name}: „{value}“ gibt es nicht. Erlaubt sind {listed}."
        raise ViewError(message, name=name, value=value)
