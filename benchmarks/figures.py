"""The arithmetic and the words of the report: samples, ratios, verdicts, the two tables."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import TypeVar

Case = TypeVar("Case", bound=Hashable)


@dataclass(frozen=True)
class Sample:
    """What was measured repeatedly, the first time left out: it warms up caches and processes."""

    values: tuple[float, ...]
    unit: str = "ms"

    @property
    def median(self) -> float:
        return median(self.values)

    def __str__(self) -> str:
        low, high = shown(min(self.values)), shown(max(self.values))
        spread = f"{low}–{high}, " if low != high else ""
        return f"{shown(self.median)} {self.unit} ({spread}n={len(self.values)})"


def sample(values: Sequence[float], unit: str = "ms") -> Sample:
    """The values without the first one, unless there is no other."""
    return Sample(tuple(values[1:] or values), unit)


def interleaved(
    cases: Mapping[Case, Callable[[], Mapping[str, float]]], rounds: int
) -> dict[Case, dict[str, Sample]]:
    """Every case once per round, so that a busy moment of the machine falls upon all of them.

    A case returns named quantities; the last word of a name may be its unit, else milliseconds.
    """
    taken: dict[Case, dict[str, list[float]]] = {name: defaultdict(list) for name in cases}
    for _ in range(rounds):
        for name, take in cases.items():
            for quantity, value in take().items():
                taken[name][quantity].append(value)
    return {
        name: {quantity: sample(values, unit_of(quantity)) for quantity, values in found.items()}
        for name, found in taken.items()
    }


def unit_of(quantity: str) -> str:
    last = quantity.split()[-1]
    return last if last in ("kB", "files", "hosts") else "ms"


@dataclass(frozen=True)
class Target:
    """One promise. What is compared is the ratio of the medians, or the median of `ours` alone
    where there is nothing to compare it with. Without `ours` it was not measured, `why` says why.
    """

    number: str
    what: str
    bound: float
    ours: Sample | None = None
    other: Sample | None = None
    why: str = ""

    @property
    def value(self) -> float | None:
        if self.ours is None:
            return None
        return self.ours.median / self.other.median if self.other else self.ours.median

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        return "met" if self.value <= self.bound else "MISSED"

    def cells(self) -> tuple[str, ...]:
        if self.ours is None or self.value is None:
            return self.number, self.what, "–", self.verdict, "–", self.why
        compared = self.other is not None
        form = ratio if compared else shown
        unit = "" if compared else f" {self.ours.unit}"
        against = f"{self.ours} : {self.other}" if compared else str(self.ours)
        return (
            self.number,
            self.what,
            f"{form(self.value)}{unit}",
            self.verdict,
            f"≤ {form(self.bound)}{unit}",
            against,
        )


def shown(number: float) -> str:
    """Three digits are all that a benchmark knows."""
    if number == 0 or number >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if number >= 10 else f"{number:.2g}"


def ratio(number: float) -> str:
    return f"1/{1 / number:,.0f}" if 0 < number < 0.1 else f"{number:.2f} ×"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their longest cell."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def report(targets: Sequence[Target], raw: Mapping[str, Sample], remark: str = "") -> str:
    verdicts = [target.verdict for target in targets]
    return "\n\n".join(
        [
            table(
                ("", "target", "measured", "verdict", "bound", "medians (min–max), ours : other"),
                [target.cells() for target in targets],
            ),
            table(("also measured", ""), [(name, str(found)) for name, found in raw.items()]),
            ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(verdicts)) + remark,
        ]
    )


def as_data(targets: Sequence[Target], raw: Mapping[str, Sample]) -> dict:
    """The same for machines, with every single value."""
    return {
        "targets": [
            asdict(target) | {"value": target.value, "verdict": target.verdict}
            for target in targets
        ],
        "also": {name: asdict(found) for name, found in raw.items()},
    }
