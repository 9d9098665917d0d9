"""A town of four Stadtteile with a table of its own, and an attacker of all that is shown of it.

The attacker (`Reader`) knows who is counted where, and no equation of the engine: every published
cell is a set of the smallest groups of children (place, school form, side, with or without need).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.folders import Folders
from indicators.publishing import crosses, protecting, run
from indicators.publishing.programme import Protected
from indicators.publishing.receive import Receiver
from indicators.publishing.report import Report, Section
from indicators.regions import Region
from indicators.symbols import WITH_NUMBER
from tests.unit import small

FORMS, SIDES = ("form_a", "form_b", "form_c"), ("left", "right")
CITY, COUNTY, JOINT = "09464", "09475", "verbund:hof"
PARTS = tuple(f"{CITY}-0{i}" for i in range(1, 5))
LEAVES = (*PARTS, COUNTY)
NUMBERS = [status.value for status in WITH_NUMBER]

REGIONS = small.REGIONS | {
    id: Region(id, "stadtteil", f"Teil {id[-1]}", f"in Teil {id[-1]}", CITY) for id in PARTS
}
PLACES = "".join(
    f'[[local_regions]]\nid = "{id}"\nname = "Teil {id[-1]}"\nlevel = "stadtteil"\n'
    f'parent = "{CITY}"\n'
    for id in PARTS
)
DIMENSIONS = """
[[dimensions]]
id = "form"
name = "Form"
categories = [
    { id = "form_a", name = "Form A", labels = ["Form A"] },
    { id = "form_b", name = "Form B", labels = ["Form B"] },
    { id = "form_c", name = "Form C", labels = ["Form C"] },
]
[[dimensions]]
id = "side"
name = "Seite"
categories = [
    { id = "left", name = "links", labels = ["links"] },
    { id = "right", name = "rechts", labels = ["rechts"] },
]
"""
MEASURES = """
[[dataset.measures]]
id = "kids"
name = "Kinder"
[[dataset.measures]]
id = "needs"
name = "Kinder mit Bedarf"
part_of = "kids"
[[dataset.measures]]
id = "days"
name = "Wartetage der Kinder mit Bedarf"
hidden_with = "needs"
"""
MAPPING = """
[mapping]
id = "kids"
dataset = "kids"
title = "Kinder"
files = ["kids*"]
header = "Jahr"
columns = [
    { heading = "Jahr", is = "period" },
    { heading = "Ort", is = "region" },
    { heading = "Form", is = "form" },
    { heading = "Seite", is = "side" },
    { heading = "Kinder", measure = "kids" },
    { heading = "Bedarf", measure = "needs" },
    { heading = "Tage", measure = "days" },
]
"""


def dataset(crosses: str = '[["form", "side"]]', rule: str = "", more: str = "", **changes) -> str:
    """The text of the table: `rule` the fields of its protection, `more` its restrictions."""
    return f"""
[dataset]
id = "kids"
name = "Kinder"
publisher = "Stadt"
place = "schulort"
licence = "dl-de/by-2-0"
dimensions = {changes.get("dimensions", '["form", "side"]')}
crosses = {crosses}
[dataset.period]
type = "calendar_year"
[dataset.protection]
{rule}
{more}
{changes.get("measures", MEASURES)}
"""


def indicator(id: str, above: str, below: str = "", more: str = "", **fields) -> str:
    """The text of an indicator of the table, the terms as TOML."""
    calculation = f"[[indicator.calculations]]\nnumerator = [{above}]\n"
    calculation += f"denominator = [{below}]\n" if below else ""
    told = {"unit": "%", "factor": 100} if below else {"unit": "Anzahl", "factor": 1}
    text = small.indicator(id, calculations=calculation, breakdowns=more, **told, **fields)
    return text.replace('"Anteil am Gymnasium"', f'"Name {id}"').replace(
        '"Gymnasium"', f'"Kurz {id}"'
    )


NEEDS = '{ dataset = "kids", measure = "needs" }'
KIDS = '{ dataset = "kids", measure = "kids" }'
BY_SIDE = '[[indicator.breakdowns]]\ndimension = "side"\nof = "both"\n'


@dataclass(frozen=True)
class Count:
    """How many children a smallest group has, how many of them with need, and their days."""

    kids: int
    needs: int = 0

    @property
    def days(self) -> int:
        return 37 * self.needs


Counts = Mapping[tuple[str, str, str], Count]


def counts(seed: int, *, size: int = 12, leaves: Iterable[str] = LEAVES) -> dict:
    """Random children of each place, form and side; about a third of the groups is tiny."""
    random = np.random.default_rng(seed)
    found = {}
    for key in product(leaves, FORMS, SIDES):
        kids = int(random.integers(0, 4) if random.random() < 0.3 else random.integers(4, size))
        found[key] = Count(kids, int(random.integers(0, kids // 2 + 1)))
    return found


PRIMES = (104729, 300007)


def with_canaries() -> dict:
    """Twenty children everywhere, two in a group whose neighbours are primes: whatever protects the
    two is a number that stands nowhere else."""
    found = {key: Count(20, 5) for key in product(LEAVES, FORMS, SIDES)}
    found[PARTS[0], "form_a", "left"] = Count(2, 0)
    found[PARTS[1], "form_c", "right"] = Count(1, 1)
    found[PARTS[0], "form_b", "left"] = Count(PRIMES[0], 50021)
    found[PARTS[0], "form_c", "left"] = Count(PRIMES[1], 1)
    return found


def canaries(shown: Mapping[tuple, float | None], given: Counts) -> list[int]:
    """Numbers that are hidden, no shown number, and too long to stand in a key or a hash."""
    printed = {value for value in shown.values() if value is not None}
    hidden = {truth(given, cell) for cell, value in shown.items() if value is None}
    return sorted(number for number in hidden - printed if number > 200_000)


# --- protected without a release -----------------------------------------------------------------


def catalog(*indicators: str, text: str = "", **more: str) -> Catalog:
    return small.catalog(*indicators, kids=text or dataset(), forms=DIMENSIONS, **more)


def rows_of(
    catalog: Catalog, years: Mapping[str, Counts], extra: Iterable[dict] = ()
) -> pd.DataFrame:
    """The rows as the build has them before protection: delivered ones and all their sums."""
    table = catalog.datasets["kids"]
    delivered = [
        small.row(
            table,
            place,
            year,
            {"form": form, "side": side},
            measure.id,
            getattr(count, measure.id),
            flags="",
            source=0,
        )
        for year, given in years.items()
        for (place, form, side), count in given.items()
        for measure in table.measures
    ]
    rows = pd.DataFrame([*delivered, *extra])
    dimensions = [catalog.dimensions[id] for id in table.dimensions]
    rows = crosses.complete(rows, table, dimensions, Section(""))
    return crosses.roll_up(rows, table, REGIONS, Section(""))


# --- a second table of the same children ---------------------------------------------------------

AGAIN = """
[dataset]
id = "again"
name = "Kinder nach Hand"
publisher = "Stadt"
place = "schulort"
dimensions = ["hand"]
crosses = [["hand"]]
[dataset.period]
type = "calendar_year"
[[dataset.measures]]
id = "children"
name = "Kinder"
"""
HANDS = """
[[dimensions]]
id = "hand"
name = "Hand"
categories = [{ id = "left", name = "links" }, { id = "right", name = "rechts" }]
"""
LINK = """
[[dataset.measures.same_as]]
dataset = "kids"
measure = "kids"
dimensions = { hand = "side" }
"""


def again_rows(
    catalog: Catalog, year: str, given: Counts, form: str = TOTAL, source: int = 0
) -> pd.DataFrame:
    """The children of a form by hand, with all their sums."""
    again = catalog.datasets["again"]
    delivered = [
        small.row(
            again,
            place,
            year,
            {"hand": side},
            "children",
            truth(given, (place, form, side, "kids")),
            flags="",
            source=source,
        )
        for place in LEAVES
        for side in SIDES
    ]
    rows = crosses.complete(
        pd.DataFrame(delivered), again, [catalog.dimensions["hand"]], Section("")
    )
    return crosses.roll_up(rows, again, REGIONS, Section(""))


def protect(
    catalog: Catalog,
    rows: pd.DataFrame,
    *,
    public: set[int] = frozenset(),
    earlier: pd.DataFrame | None = None,
    report: Report | None = None,
) -> Protected:
    before = {} if earlier is None else {"kids": earlier}
    found = protecting.protect_all(
        {"kids": rows}, catalog, REGIONS, set(public), before, report or Report(), lambda _: None
    )
    return found["kids"]


def seen(protected: Protected, year: str = "2023") -> dict[tuple, float | None]:
    """(region, form, side, measure) → number, None for a dot: rows and published sums."""
    every = pd.concat([protected.rows, protected.sums])
    every = every[every["period"] == year]
    return {
        (r.region, r.form, r.side, r.measure): r.value if r.status in NUMBERS else None
        for r in every.itertuples(index=False)
    }


# --- a release ------------------------------------------------------------------------------------


def deliver(folders: Folders, file: Path, years: Mapping[str, Counts]) -> None:
    """A CSV file of the table, received like any other."""
    lines = ["Jahr;Ort;Form;Seite;Kinder;Bedarf;Tage"]
    names = {c: f"Form {c[-1].upper()}" for c in FORMS} | {"left": "links", "right": "rechts"}
    for year, given in years.items():
        lines += [
            f"{year};{place};{names[form]};{names[side]};{c.kids};{c.needs};{c.days}"
            for (place, form, side), c in given.items()
        ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    Receiver(folders).receive(file)


def define(folders: Folders, *texts: str) -> None:
    """The town's definitions: places, the table and its mapping, and what else is told."""
    folders.own_definitions.mkdir(parents=True, exist_ok=True)
    (folders.own_definitions / "town.toml").write_text(
        PLACES + DIMENSIONS + dataset() + MAPPING, encoding="utf-8"
    )
    for number, more in enumerate(texts):
        (folders.own_definitions / f"more_{number}.toml").write_text(more, encoding="utf-8")


def build(folders: Folders) -> run.Built:
    built = run.build(folders)
    assert built.published, built.report.text()
    return built


def seen_in(release, year: str = "2023") -> dict[tuple, float | None]:
    """(region, form, side, measure) → number, None for a dot: all a release tells."""
    found = {}
    for table in ("data_kids", "sums_kids"):
        if table not in release.tables:
            continue
        frame = release.frame(f"SELECT * FROM release.{table} WHERE period = '{year}'")
        for row in frame.to_dict("records"):
            for measure in ("kids", "needs", "days"):
                if row.get(f"{measure}_source", -1) < 0:
                    continue
                shown = row[f"{measure}_status"] in NUMBERS
                key = (row["region"], row["form"], row["side"], measure)
                found[key] = row[measure] if shown else None
    return found


# --- the attacker ---------------------------------------------------------------------------------


def leaves_of(region: str) -> tuple[str, ...]:
    return {CITY: PARTS, JOINT: LEAVES}.get(region, (region,))


def atoms(cell: tuple) -> frozenset[tuple]:
    """The smallest groups a cell counts."""
    region, form, side, measure = cell
    forms = FORMS if form == TOTAL else form.split("+")
    sides = SIDES if side == TOTAL else side.split("+")
    needs = (True,) if measure == "needs" else (True, False)
    return frozenset(product(leaves_of(region), forms, sides, needs))


def truth(given: Counts, cell: tuple) -> int:
    """What is really in a cell."""
    if cell[3] == "days":
        return 37 * truth(given, (*cell[:3], "needs"))
    return sum(
        given[key].needs if need else given[key].kids - given[key].needs
        for *key, need in atoms(cell)
        for key in [tuple(key)]
        if key in given
    )


@dataclass
class Reader:
    """Who knows all that is shown (cell → number, None for a dot). `lowest` is what a dot means at
    least."""

    shown: Mapping[tuple, float | None]
    lowest: int = 0
    groups: list[tuple] = field(init=False)
    # Towns that fit all that is shown: what differs between two of them nobody knows.
    possible: list[np.ndarray] = field(init=False, default_factory=list)

    def __post_init__(self):
        cells = {cell: atoms(cell) for cell in self.shown if cell[3] != "days"}
        self.groups = sorted(frozenset().union(*cells.values()))
        self.number = {group: i for i, group in enumerate(self.groups)}
        matrix = np.zeros((len(cells), len(self.groups)))
        low, high = np.zeros(len(cells)), np.full(len(cells), np.inf)
        for line, (cell, inside) in enumerate(cells.items()):
            matrix[line, [self.number[group] for group in inside]] = 1
            value = self.shown[cell]
            low[line] = self.lowest if value is None else value
            high[line] = np.inf if value is None else value
        self.constraint = LinearConstraint(matrix, low, high)

    def inside(self, cell: tuple, minus: tuple | None = None) -> np.ndarray:
        """Which groups a cell counts, or a cell without another."""
        found = np.zeros(len(self.groups))
        for group in atoms(cell) - (atoms(minus) if minus else frozenset()):
            found[self.number[group]] = 1
        return found

    def values(self, cell: tuple, minus: tuple | None = None) -> set[int]:
        """What a cell is in the towns that were found so far."""
        inside = self.inside(cell, minus)
        return {int(inside @ town) for town in self.possible}

    def end(self, cell: tuple, sign: int, minus: tuple | None = None) -> int:
        """The least (sign 1) or most (sign -1) of a cell, or of a cell without another."""
        cost = self.inside(cell, minus)
        found = milp(
            sign * cost,
            constraints=self.constraint,
            bounds=Bounds(0, 10**7),
            integrality=np.ones(len(cost)),
        )
        assert found.status == 0, found.message
        town = np.rint(found.x)
        amounts = self.constraint.A @ town
        assert (self.constraint.lb <= amounts).all() and (amounts <= self.constraint.ub).all()
        self.possible.append(town)
        return sign * round(found.fun)

    def range(self, cell: tuple, minus: tuple | None = None) -> tuple[int, int]:
        return self.end(cell, 1, minus), self.end(cell, -1, minus)

    def disclosed(self, k: int, cells: Iterable[tuple] | None = None) -> dict[tuple, tuple]:
        """Hidden cells that are certain and small, or certainly below `k` and not nobody."""
        dots = [c for c, value in self.shown.items() if value is None and c[3] != "days"]
        found = {}
        for cell in dots if cells is None else cells:
            values = self.values(cell)
            if len(values) > 1 and max(values) >= k:
                continue
            most = self.end(cell, -1)
            if most >= k and self.end(cell, 1) == most:
                found[cell] = (most, most)
            elif most < k:
                found[cell] = (self.end(cell, 1), most)
        return found

    def rests(self, k: int) -> dict[tuple, tuple]:
        """Children without need who are certain and from 1 to k-1: they stand nowhere."""
        found = {}
        for cell in self.shown:
            if cell[3] != "needs" or (*cell[:3], "kids") not in self.shown:
                continue
            if len(self.values((*cell[:3], "kids"), cell)) > 1:
                continue
            low, high = self.range((*cell[:3], "kids"), cell)
            if low == high and 0 < low < k:
                found[cell] = (low, high)
        return found


def one_unknown(shown: Mapping[tuple, float | None]) -> dict[tuple, float]:
    """What plain subtraction gives: in every sum of which one number lacks, again and again."""
    known = {cell: value for cell, value in shown.items() if value is not None}
    sums = []
    for region, form, side, measure in shown:
        for parts in (
            [(r, form, side, measure) for r in PARTS] if region == CITY else [],
            [(r, form, side, measure) for r in (CITY, COUNTY)] if region == JOINT else [],
            [(region, f, side, measure) for f in FORMS] if form == TOTAL else [],
            [(region, f, side, measure) for f in form.split("+")] if "+" in form else [],
            [(region, form, s, measure) for s in SIDES] if side == TOTAL else [],
        ):
            if parts and all(part in shown for part in parts):
                sums.append(((region, form, side, measure), parts))
    found: dict[tuple, float] = {}
    while True:
        before = len(found)
        for whole, parts in sums:
            unknown = [cell for cell in (whole, *parts) if cell not in known]
            if len(unknown) != 1:
                continue
            (cell,) = unknown
            together = sum(known[part] for part in parts if part != cell)
            known[cell] = together if cell == whole else known[whole] - together
            found[cell] = known[cell]
        if len(found) == before:
            return found
