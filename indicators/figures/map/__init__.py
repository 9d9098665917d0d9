"""What a map shows, as plain data: classes, looks, circles, and what is sent to the browser."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from indicators import formats
from indicators.figures import theme
from indicators.symbols import SIGNS, Status

MOST_CLASSES = 5

# How a region without a number looks. The legend says these words and counts the regions.
LOOKS = {
    "missing": "keine Angabe",
    "protected": "nicht ausgewiesen (geschützt)",
    "too_few": SIGNS[Status.TOO_FEW].short,
    "unreliable": SIGNS[Status.UNRELIABLE].short,
    "not_applicable": "entfällt",
    "dissolved": "Gebiet bestand nicht",
    "not_collected": SIGNS[Status.NOT_COLLECTED].short,
    "territory": "anderer Gebietsstand",
}
# Size and mark of each pattern, as in the browser's map.
PATTERNS = {
    "missing": (6, "M-1 7L7 -1M-1 1L1 -1M5 7L7 5"),
    "protected": (5, "M2.5 1.6a.9 .9 0 1 0 .01 0z"),
    "too_few": (10, "M5 2.6a2.4 2.4 0 1 0 .01 0z"),
    "unreliable": (10, "M0 5q2.5 -3.5 5 0t5 0"),
    "not_applicable": (12, "M3 3h6M-3 9h6M9 9h6"),
    "dissolved": (10, "M3 3l4 4M7 3l-4 4"),
    "not_collected": (8, "M4 -1V9M0 -1V9M8 -1V9"),
    "territory": (10, "M0 0h10M0 5h10M2 0v5M7 5v5"),
}
LOOK_OF = {
    Status.MISSING: "missing",
    Status.LATER: "missing",
    Status.SECRET: "protected",
    Status.SUPPRESSED: "protected",
    Status.TOO_FEW: "too_few",
    Status.UNRELIABLE: "unreliable",
    Status.NOT_APPLICABLE: "not_applicable",
    Status.DISSOLVED: "dissolved",
    Status.NOT_COLLECTED: "not_collected",
}
# A region's code is its class, or one of these: each reason keeps its own word in the tooltip.
STATUS_CODES = {status: 255 - place for place, status in enumerate(LOOK_OF)}
# The area of another time's Kreise: it has their figures, and none of its own.
TERRITORY_CODE = min(STATUS_CODES.values()) - 1
_FIRST_STATUS_CODE = TERRITORY_CODE

Kind = Literal["choropleth", "circles"]


@dataclass(frozen=True)
class MapClass:
    """One class of the legend."""

    label: str
    colour: str


@dataclass(frozen=True, eq=False)
class MapPicture:
    """A map of one indicator over all its periods.

    `codes` (from `classify`) and `values` have one row per period and one column per region;
    `then` says by period and region which figures its territory has where the code is
    TERRITORY_CODE.
    """

    title: str
    alt_text: str
    map_file: str  # name of the geometry file, as in the release
    areas: str  # what the regions are called: "Kreise"
    boundary_note: str
    periods: tuple[str, ...]  # official labels, oldest first
    selected: str
    region_ids: tuple[str, ...]
    codes: np.ndarray
    values: np.ndarray
    classes: tuple[MapClass, ...]
    decimals: int
    unit: str  # as in the definition: "%", "Anzahl", "EUR", ...
    names: tuple[str, ...] = ()  # display names; empty: as in the geometry file
    own: tuple[str, ...] = ()  # outlined together
    own_label: str = ""  # "Stadt und Landkreis Hof"
    extent: tuple[str, ...] = ()  # the regions shown and counted; empty: all
    kind: Kind = "choropleth"
    legend_title: str = ""
    signed: bool = False  # changes: what has risen carries a plus
    then: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = len(self.periods), len(self.region_ids)
        if self.codes.shape != shape or self.values.shape != shape:
            raise ValueError(f"codes and values must have the shape {shape}")
        if self.selected not in self.periods:
            raise ValueError(f"{self.selected!r} is none of the periods")

    def at(self, period: str) -> "MapPicture":
        """The same map, opened at another period."""
        return replace(self, selected=period)

    def of(self, periods: Sequence[str]) -> "MapPicture":
        """The same map of these periods alone, with the classes of all."""
        kept = [place for place, period in enumerate(self.periods) if period in set(periods)]
        return replace(
            self,
            periods=tuple(self.periods[place] for place in kept),
            codes=self.codes[kept],
            values=self.values[kept],
        )

    @property
    def legend_name(self) -> str:
        """What stands above a legend that stands alone."""
        return self._with_unit(self.legend_title or self.title)

    @property
    def nearest_period(self) -> str:
        """The period that is shown: the selected one, or the nearest of those with data."""
        shown = self.periods.index(self.selected)
        kept = _periods_with_data(self.codes, shown)
        return self.periods[kept[int(np.abs(np.array(kept) - shown).argmin())]]

    def payload(self) -> dict:
        """All the browser needs beside the geometry, once for all periods.

        Values go as whole numbers of their last decimal, so that both sides write the same text.
        """
        has_number = self.codes < _FIRST_STATUS_CODE
        kept = _periods_with_data(self.codes, self.periods.index(self.selected))
        # A value behind a status must not travel: it may be protected.
        values = np.where(has_number, self.values, np.nan)[kept]
        whole, kind, no_value = _packed(_scaled(values, self.decimals))
        shown = self.periods.index(self.selected)
        payload = {
            "title": self.title,
            "alt": self.alt_text,
            "areas": self.areas,
            "note": self.boundary_note,
            "periods": [self.periods[place] for place in kept],
            "selected": int(np.abs(np.array(kept) - shown).argmin()),
            "ids": " ".join(self.region_ids),
            "names": list(self.names),
            "codes": _base64(self.codes[kept].astype("u1")),
            "values": _base64(whole),
            "number": kind,
            "none": no_value,
            "decimals": self.decimals,
            "signed": self.signed,
            "suffix": formats.suffix(self.unit),
            "shortSuffix": label_suffix(self.unit),
            "classes": [[one.label, one.colour] for one in self.classes],
            "looks": list(LOOKS.items()),
            "statuses": {
                code: [LOOK_OF[status], SIGNS[status].short]
                for status, code in STATUS_CODES.items()
            }
            | {TERRITORY_CODE: ["territory", LOOKS["territory"]]},
            "then": self._then(kept),
            "own": list(self.own),
            "ownLabel": self.own_label,
            "extent": list(self.extent),
            "legendTitle": self._with_unit(self.legend_title),
            "colours": {
                "own": theme.OWN_REGION,
                "text": theme.TEXT,
                "secondary": theme.SECONDARY_TEXT,
                "card": theme.CARD,
                "line": theme.CARD_LINE,
                "primary": theme.PRIMARY,
                "ground": theme.MAP_GROUND,
                "border": theme.MAP_BORDER,
                "land": theme.MAP_LAND_BORDER,
                "none": theme.NO_VALUE,
                "mark": theme.NO_VALUE_MARK,
            },
        }
        if self.kind == "circles":
            payload["circles"] = self._circle_sizes(values)
        return payload

    def _then(self, kept: list[int]) -> dict[str, dict[int, str]]:
        """By region and place of the period among those sent."""
        found: dict[str, dict[int, str]] = {}
        places = {self.periods[place]: sent for sent, place in enumerate(kept)}
        for (period, region), text in self.then.items():
            if period in places:
                found.setdefault(region, {})[places[period]] = text
        return found

    def _with_unit(self, title: str) -> str:
        """A title with the unit where that is too long to stand behind each class."""
        if label_suffix(self.unit) == formats.suffix(self.unit) or self.unit in title:
            return title
        return f"{title} ({self.unit})" if title else self.unit

    def _circle_sizes(self, values: np.ndarray) -> dict:
        """The largest value, in any period, of the regions shown; three round ones to explain."""
        columns = np.isin(self.region_ids, self.extent) if self.extent else slice(None)
        numbers = np.abs(_scaled(values[:, columns], self.decimals))
        largest = int(np.nanmax(numbers, initial=0))
        return {"largest": largest, "sizes": round_sizes(largest)}


def classify(
    values: ArrayLike, limits: tuple[float, ...], decimals: int, statuses: ArrayLike | None = None
) -> np.ndarray:
    """The code of every value: its class from 0, or why it has none.

    A value belongs to the class of the number the reader sees: 2.96 is shown as 3,0 and is not
    "unter 3". A status without a number wins over any value beside it.
    """
    scaled = _scaled(values, decimals)
    edges = _scaled(limits, decimals)
    codes = np.searchsorted(edges, scaled, side="right").astype("u1")
    codes[np.isnan(scaled)] = STATUS_CODES[Status.MISSING]
    if statuses is not None:
        given = np.asarray(statuses, dtype=object)
        for status, code in STATUS_CODES.items():
            codes[given == status] = code
    return codes


def class_limits(values: ArrayLike, decimals: int) -> tuple[float, ...]:
    """The lower limits of all classes but the lowest: at most four, round, for all periods.

    Values on both sides of zero get limits symmetrical around it. No number or only one needs no
    limit.
    """
    scaled = _scaled(values, decimals).ravel()
    numbers = np.sort(scaled[~np.isnan(scaled)])
    if not numbers.size or numbers[0] == numbers[-1]:
        return ()
    around_zero = numbers[0] < 0 < numbers[-1]
    limits = _limits_around_zero(numbers) if around_zero else _best_limits(numbers)
    return tuple(float(limit) / 10**decimals for limit in limits)


def class_labels(limits: tuple[float, ...], decimals: int, unit: str) -> tuple[str, ...]:
    """ "unter 3 %", "3 bis unter 5 %", "5 und mehr %"; with no more decimals than needed.

    A long unit stands in the legend's title instead.
    """
    if not limits:
        return ("alle Werte",)
    needed = next(
        places
        for places in range(decimals + 1)
        if places == decimals or all(round(limit, places) == limit for limit in limits)
    )
    texts = [formats.number(limit, needed) for limit in limits]
    suffix = label_suffix(unit)
    between = [
        f"{low} bis unter {high}{suffix}" for low, high in zip(texts, texts[1:], strict=False)
    ]
    return (f"unter {texts[0]}{suffix}", *between, f"{texts[-1]} und mehr{suffix}")


def map_classes(
    limits: tuple[float, ...], decimals: int, unit: str, kind: Kind = "choropleth"
) -> tuple[MapClass, ...]:
    """The legend of these limits; the diverging colours where they lie on both sides of zero."""
    labels = class_labels(limits, decimals, unit)
    if kind == "circles":
        # circles say how much by their size; colour only tells a loss from a gain
        colours = [theme.DIVERGING[3], theme.PRIMARY][-len(labels) :]
        labels = labels if limits else ("mit Angabe",)
    else:
        ramp = theme.DIVERGING if limits and limits[0] < 0 < limits[-1] else theme.MAP_RAMP
        places = {1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4], 5: [0, 1, 2, 3, 4]}
        colours = [ramp[place] for place in places[len(labels)]]
    return tuple(MapClass(*pair) for pair in zip(labels, colours, strict=True))


def circle_limits(values: ArrayLike) -> tuple[float, ...]:
    """Circles know at most two classes: below zero, and zero or more."""
    return (0.0,) if np.nanmin(np.asarray(values, float), initial=0) < 0 else ()


def round_sizes(largest: float) -> list[int]:
    """At most three round numbers up to a size, the largest first, whose circles explain others; []
    where there is none."""
    if largest < 1:
        return []
    top = _nice_below(largest)
    return sorted({top, _nice_below(top / 4), _nice_below(top / 20)}, reverse=True)


def label_suffix(unit: str) -> str:
    """What stands behind a number of a legend; "" for a unit that is too long for that."""
    suffix = formats.suffix(unit)
    return suffix if len(suffix) <= len(formats.suffix("EUR")) else ""


def _scaled(values: ArrayLike, decimals: int) -> np.ndarray:
    """Whole numbers of the last decimal shown, rounded as `formats.number` rounds."""
    numbers = np.asarray(values, dtype=float)
    return np.sign(numbers) * np.floor(np.abs(numbers) * 10**decimals + 0.5 + 1e-9)


def _nice_below(number: float) -> int:
    """The largest of 1, 2, 5, 10, 20, 50, ... that is not above `number`; at least 1."""
    power = 10 ** max(0, int(np.floor(np.log10(max(number, 1)))))
    return max(factor * power for factor in (1, 2, 5) if factor == 1 or factor * power <= number)


def _best_limits(numbers: np.ndarray) -> np.ndarray:
    """Equal round steps, or rounded fifths where figures are so skewed that steps tell little."""
    typical = np.clip(numbers, *np.quantile(numbers, [0.02, 0.98]))
    sums = np.concatenate([[0], np.cumsum(typical - typical.mean())])

    def quality(limits: np.ndarray) -> float:
        """Up to 1: classes about equally full (entropy), numbers of one class alike (variance).

        Entropy alone would put all that is unusual into two wide outer classes; variance alone
        would give a few extreme regions a class each.
        """
        edges = np.array([0, *np.searchsorted(numbers, limits), numbers.size])
        counts = np.diff(edges)
        evenness = -(counts * np.log(counts / numbers.size)).sum() / numbers.size
        explained = (np.diff(sums[edges]) ** 2 / counts).sum()
        return evenness * explained

    equal = max(_equal_steps(numbers), key=quality)
    fifths = _rounded_fifths(numbers)
    return fifths if quality(fifths) > 1.15 * quality(equal) else equal


def _equal_steps(numbers: np.ndarray) -> Iterator[np.ndarray]:
    """Limits at multiples of one round step, wide steps first; at least one limit at all."""
    yield numbers[-1:]
    low, high = np.quantile(numbers, [0.02, 0.98])
    spread = max(float(np.subtract(*np.quantile(numbers, [0.9, 0.1]))), 1)
    for step in sorted({_nice_below(spread / part) for part in (1, 2, 4, 8)}, reverse=True):
        for first in np.arange(low // step, high // step + 1)[: 10 * MOST_CLASSES] * step:
            yield _without_empty(first + step * np.arange(MOST_CLASSES - 1), numbers)


def _rounded_fifths(numbers: np.ndarray) -> np.ndarray:
    """Limits near the quantiles, each as round as the distance to its neighbours allows."""
    parts = np.quantile(numbers, np.linspace(0, 1, MOST_CLASSES + 1))
    gaps = np.diff(parts)
    steps = np.array([_nice_below(gap / 2) for gap in np.minimum(gaps[:-1], gaps[1:])])
    return _without_empty(np.unique(np.rint(parts[1:-1] / steps) * steps), numbers)


def _limits_around_zero(numbers: np.ndarray) -> np.ndarray:
    """Symmetrical even where a class stays empty: the colours promise a middle."""
    sizes = np.quantile(np.abs(numbers[numbers != 0]), [0.3, 0.75])
    inner, outer = (_nice_below(1.4 * size) for size in sizes)  # 1.4: up to the nearest, not down
    return np.unique([-outer, -inner, inner, outer])


def _without_empty(limits: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Only the limits that leave a number in each class."""
    below = np.searchsorted(numbers, limits)
    _, places = np.unique(below, return_index=True)
    return limits[[place for place in places if 0 < below[place] < numbers.size]]


def _periods_with_data(codes: np.ndarray, selected: int) -> list[int]:
    """Periods with a number or a protected one; the selected one if there is none at all."""
    protected = [STATUS_CODES[status] for status in (Status.SECRET, Status.SUPPRESSED)]
    filled = ((codes < _FIRST_STATUS_CODE) | np.isin(codes, protected)).any(axis=1)
    return np.flatnonzero(filled).tolist() or [selected]


def _packed(scaled: np.ndarray) -> tuple[np.ndarray, str, int]:
    """The smallest numbers that hold all; a lowest one, used by none, means "no number"."""
    largest = np.nanmax(np.abs(scaled), initial=0)
    kind, bits = next(fit for fit in (("i2", 15), ("i4", 31), ("f8", 53)) if largest < 2 ** fit[1])
    no_value = -(2**bits)
    return np.where(np.isnan(scaled), no_value, scaled).astype("<" + kind), kind, no_value


def _base64(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode()
