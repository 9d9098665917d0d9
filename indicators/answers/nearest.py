"""Nearest: the view nearest to an asked one that has an answer, and what was given up for it.

A link or a question of a committee asks for more than many regions have. Instead of an empty card
they get what comes next to it. What is given up first is what changes the meaning least: the
division, then the period, then where it is compared (map of the parts, of the Kreise, no map), and
last the region. It is always said, and `changes` say what an address of the view shown differs in.

What is not published on purpose is no gap: nothing is shown in its place, and the reason is told.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from indicators import kinds
from indicators.answers import scope
from indicators.answers.answer import Answer
from indicators.answers.context import wholes
from indicators.answers.unpublished import left_out
from indicators.catalog.definition import TOTAL
from indicators.errors import NotPublishedError, ViewError
from indicators.figures.chart import withheld
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.release.values import indicator_values
from indicators.symbols import Status
from indicators.view import View, without_effect

_MAPS = tuple(id for id, kind in kinds.ALL.items() if kind.by_place)
# What is drawn over time instead where it cannot be drawn like this.
_AS_TREND = (*_MAPS, "flow")
# These read other counts than those of their indicator's value.
_OWN_COUNTS = ("pyramid", "starters")


@dataclass(frozen=True)
class Nearest:
    """An answer and the view it answers; `told` says in German what differs from the asked one, a
    sentence each, and `changes` in which fields of the address ("" for what is left out). Both are
    empty where the asked view itself is answered."""

    view: View
    answer: Answer
    told: tuple[str, ...] = ()
    changes: dict[str, str] = field(default_factory=dict)


def nearest(release: Release, view: View, ask: Callable[[View], Answer]) -> Nearest:
    """The asked view if it tells of its region, else the next that does; `ask` answers a view.

    An answer that says a number is protected is one. Where no view has anything to tell, it is the
    asked one with its own words. Raises the ViewError of the asked view where it has no answer and
    nothing comes near it, and NotPublishedError where it, or the same in another form or at another
    period, is left out on purpose.
    """
    asked: Answer | ViewError
    try:
        asked = ask(view)
    except NotPublishedError:
        raise
    except ViewError as error:
        if error.name:  # the link is wrong, and its author must know
            raise
        asked = error
    if isinstance(asked, ViewError) or not (tells(release, asked) or _is_left_out(release, view)):
        for other in _candidates(release, view):
            try:
                found = ask(other)
            except NotPublishedError:
                if _asks_the_same(view, other):
                    raise
                continue
            except ViewError:
                continue
            if tells(release, found):
                told = tuple(_told(release, view, other, found))
                return Nearest(other, found, told, _changes(view, other))
            if _asks_the_same(view, other) and _is_left_out(release, other):
                break
    if isinstance(asked, ViewError):
        raise asked
    return Nearest(view, asked)


def tells(release: Release, found: Answer) -> bool:
    """Whether an answer has a number of its own region, or says why that is withheld. A map of an
    excerpt must know at least half of what it shows: the few colours of another say nothing of the
    rest. Where a whole table has no number of the others, it is all there is to compare."""
    view, region = found.view, release.region(found.view.region)
    if kinds.ALL[view.kind].of_many or view.kind in ("starters", "together"):
        return any(_says(row) for row in found.rows)
    own = {region.id, *region.parts}
    if view.kind in _MAPS and region.level in ("land", "bund"):  # its Kreise are what is compared
        shown = [release.region(row["region"]) for row in found.rows]
        own |= {r.id for r in shown if region.level == "bund" or r.land == region.land}
    elif view.kind in _MAPS and not (own & {row["region"] for row in found.rows}):
        own = set(scope.parts_of(release, region))
    elif view.kind in (*_MAPS, "balance"):
        own |= set(scope.parts_of(release, region))
    mine = [row for row in found.rows if row["region"] in own]
    if _divided(view):  # the total of a division that is not there does not answer
        mine = [row for row in mine if row["category"] != TOTAL]
    if not any(map(_says, mine)):
        return False
    if view.kind not in _MAPS or not any(source.excerpt for source in found.sources):
        return True
    concerned = [row for row in found.rows if row["status"] != Status.NOT_APPLICABLE]
    return 2 * sum(map(_says, concerned)) >= len(concerned)


def _divided(view: View) -> bool:
    """Whether an answer to the view is divided as it asks; a map, say, makes no use of that."""
    return view.by != "" and "by" not in without_effect(view)


def _is_left_out(release: Release, view: View) -> bool:
    """Whether a view asks for a division or group that is not published of its region on purpose:
    its answer says so itself."""
    if view.kind not in (*kinds.USUAL, "flow"):
        return False
    region, indicator = release.region(view.region), release.catalog.indicators[view.indicator]
    wanted = dict(view.only) | ({view.by: None} if _divided(view) else {})
    if view.kind == "flow" and (flow := indicator.flow):
        wanted = {id: None for id in (flow.origin, flow.destination) if id} | wanted
    parts = scope.parts_of(release, region) if view.scope == "parts" else []
    return bool(wanted and left_out(release, indicator, parts or [region.id], wanted))


def _asks_the_same(view: View, other: View) -> bool:
    """Whether two views differ in form and period alone, about the same regions."""
    named = ("region", "by", "only", *(("scope",) if other.kind in _MAPS else ()))
    return all(getattr(other, name) == getattr(view, name) for name in named)


def _says(row: dict) -> bool:
    """Whether a row has a number or a reason why it is withheld."""
    return row.get("value") is not None or bool(withheld(Status(row.get("status", "missing"))))


def _candidates(release: Release, view: View) -> Iterator[View]:
    """The views that come near the asked one, the nearest first."""
    if view.since:
        view = view.with_(since="")
        yield view
    if kinds.ALL[view.kind].by_place and view.settings:  # what stands beside it
        view = view.with_(settings=())
        yield view
    regions = list(_regions(release, release.region(view.region)))
    if kinds.ALL[view.kind].of_many:  # towns bring what these tell of, and looking is expensive
        regions = [region for region in regions if region.level not in ("land", "bund")]
    elif view.kind not in _OWN_COUNTS:
        regions = _known(release, view, regions)
    for region in regions:
        for kind, where in _forms(release, view, region):
            for period in dict.fromkeys((view.period, "")):
                for by, only in dict.fromkeys(((view.by, view.only), ("", ()))):
                    changed = view.with_(
                        kind=kind, scope=where, region=region.id, period=period, by=by, only=only
                    )
                    # panels of another kind come before panels without their division
                    other = changed.with_(settings=()) if view.kind == "panels" else changed
                    yield from (one for one in dict.fromkeys((changed, other)) if one != view)


def _regions(release: Release, region: Region) -> Iterator[Region]:
    """The region itself, what it lies in, the joint region it belongs to, its members, and the Land
    and Germany; what is invented has no real region near it."""
    yield region
    above = region
    while scope.is_part(above) and above.parent:
        above = release.region(above.parent)
        yield above
    joint = (r for r in release.regions.values() if above.id in r.members)
    near = [*(r.id for r in joint), *region.members, *(id for id, _ in wholes(above))]
    yield from (release.region(id) for id in dict.fromkeys(near))


def _known(release: Release, view: View, regions: list[Region]) -> list[Region]:
    """Those of some regions that have any number of the view's indicator, themselves or in their
    parts; asked in one go, because mostly none has one."""
    with_parts = view.kind in (*_MAPS, "balance")
    near = {
        region.id: [
            region.id,
            *region.members,
            *(scope.parts_of(release, region) if with_parts else []),
        ]
        for region in regions
    }
    indicator = release.catalog.indicators[view.indicator]
    only = {b.dimension: b.default for b in indicator.breakdowns if b.default}
    asked = list(dict.fromkeys(id for ids in near.values() for id in ids))
    found = indicator_values(release, indicator, asked, only=only)
    there = set(found.loc[found["value"].notna(), "region"])
    return [region for region in regions if not there.isdisjoint(near[region.id])]


def _forms(release: Release, view: View, region: Region) -> Iterable[tuple[str, str]]:
    """Kind and scope: as asked, then what else can be compared, then over time."""
    others = scope.offered(release, region) if view.kind in _MAPS else ()
    one_map = ("map",) if view.kind == "maps" else ()
    for where in (view.scope, *others):
        yield from ((kind, where) for kind in (view.kind, *one_map))
    if view.kind in _AS_TREND:
        yield "trend", View.scope


# --- what is said of it ---------------------------------------------------------------------------


def _changes(asked: View, shown: View) -> dict[str, str]:
    """The fields of an address in which the view shown differs from the asked one."""
    names = ("kind", "scope", "region", "period", "since", "by")
    found = {n: getattr(shown, n) for n in names if getattr(shown, n) != getattr(asked, n)}
    found |= {dimension: "" for dimension, _ in asked.only if not shown.only}
    found |= {name: "" for name, _ in asked.settings if not shown.settings}
    if "kind" in found:
        found = {n: v for n, v in found.items() if n != "scope" or shown.kind in _MAPS}
        found |= {"indicator": shown.indicator}
    return found


def _told(release: Release, asked: View, shown: View, found: Answer) -> Iterator[str]:
    """A sentence for each thing that was given up, the weightiest first."""
    catalog, region = release.catalog, release.region(shown.region)
    if shown.region != asked.region:
        without = release.region(asked.region).name
        yield f"Für {without} liegen dazu keine Zahlen vor; gezeigt wird {region.name}."
    if shown.kind != asked.kind:
        form = kinds.ALL[asked.kind].name
        instead = "die Karte" if shown.kind == "map" else "der Zeitverlauf"
        yield f"Als {form} gibt es das für {region.name} nicht; gezeigt wird {instead}."
    if shown.scope != asked.scope and shown.kind in _MAPS:
        yield f"{_WITHOUT[asked.scope]} gibt es für {region.name} nicht; gezeigt werden " + (
            "die Gemeinden und Stadtteile."
            if shown.scope == "parts"
            else f"die Kreise {_where(release, shown, region)}."
        )
    if shown.period != asked.period:
        newest = found.period or (found.periods[-1] if found.periods else "der neueste Stand")
        yield (
            f"Für den Zeitraum {asked.period} liegen dazu für {region.name} keine Zahlen vor; "
            f"gezeigt wird {newest}."
        )
    if asked.since and not shown.since:
        yield _without_since(asked, shown)
    if (other := asked.setting("with")) and not shown.settings:
        yield (
            f"„{catalog.indicators[other].name}“ lässt sich nicht daneben zeigen; gezeigt wird "
            f"„{catalog.indicators[shown.indicator].name}“ "
            f"{'zu zwei Zeiträumen' if shown.kind == 'maps' else 'allein'}."
        )
    if asked.by and not shown.by:
        name = catalog.dimensions[asked.by].name
        yield (
            f"Nach {name} liegen für {region.name} keine Zahlen vor; gezeigt wird die Angabe "
            "ohne diese Aufteilung."
        )
    if (each := asked.setting("each")) and not shown.settings:
        what = catalog.dimensions[each].name if each in catalog.dimensions else "Ort"
        yield f"Je {what} gibt es das für {region.name} nicht; gezeigt werden andere Bilder."
    if asked.only and not shown.only:
        for dimension, category in asked.only:
            described = catalog.dimensions[dimension]
            name = described.category_name(category, region.land)
            yield (
                f"Für „{name}“ ({described.name}) liegen zu {region.name} keine Zahlen vor; "
                f"gezeigt wird {_instead(release, shown, dimension, region)}."
            )


def _without_since(asked: View, shown: View) -> str:
    """What is shown instead of a comparison with an earlier period."""
    if shown.kind != "maps":
        return (
            f"Eine Veränderung seit {asked.since} lässt sich dafür nicht angeben; gezeigt werden "
            "die Werte."
        )
    if shown.setting("with"):
        return (
            "Zwei Indikatoren stehen zum selben Zeitraum nebeneinander; der frühere Zeitraum "
            f"{asked.since} bleibt ohne Wirkung."
        )
    return (
        f"Mit {asked.since} lässt sich das nicht vergleichen; gezeigt wird ein anderer früherer "
        "Zeitraum."
    )


_WITHOUT = {
    "parts": "Zahlen oder Grenzen von Gemeinden und Stadtteilen",
    "land": "Einen Vergleich der Kreise des Landes",
    "all": "Einen Vergleich aller Kreise",
}


def _where(release: Release, shown: View, region: Region) -> str:
    if shown.scope == "land" and region.land:
        return release.region(region.land).where
    return "in Deutschland"


def _instead(release: Release, shown: View, dimension: str, region: Region) -> str:
    """The category a view shows where none is chosen, or all of them together."""
    indicator = release.catalog.indicators[shown.indicator]
    breakdown = indicator.breakdown(dimension)
    if breakdown is None or not breakdown.default:
        return "die Angabe insgesamt"
    described = release.catalog.dimensions[dimension]
    return f"„{described.category_name(breakdown.default, region.land)}“"
