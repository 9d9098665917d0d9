"""What is checked before anything is published, and what the checks find out about the counts.

Each function looks at the rows of one file or dataset, writes findings into the report section and
returns rows that carry what was found (dissolved regions, rounding). Nothing is repaired.
"""

import re

import numpy as np
import pandas as pd

from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Dataset, Dimension
from indicators.formats import listing, number, quantity
from indicators.publishing.kreise import wholes
from indicators.publishing.report import Level, Section
from indicators.regions import CITY_STATES, LEVELS, Region, normalise
from indicators.symbols import SIGNS, WITH_NUMBER, Status, join_flags

_NUMBERS = [status.value for status in WITH_NUMBER]
# Below this number of distinct cells "all multiples of 3" may be chance.
_ENOUGH_FOR_ROUNDING = 40
# Words of names that say what kind of region it is; the kinds whose difference is told apart.
_KINDS = {"town": ("kreisfreie stadt", "stadtkreis"), "rural": ("landkreis",)}
_KIND_WORDS = {
    *("kreisfreie", "stadt", "stadtkreis", "landkreis", "kreis", "land", "region", "bezirk"),
    *("regierungsbezirk", "statistische", "regionalverband", "städteregion"),
    *("landeshauptstadt", "hansestadt", "und", "der", "die", "am", "an", "im", "in", "bad"),
}
# So many keys are named as examples.
_SHOWN = 5


def regions_of(rows: pd.DataFrame, register: dict[str, Region], section: Section) -> pd.DataFrame:
    """Rows of known regions under their official keys. Sub-units of a Kreis are left out (the Kreis
    contains them), unknown keys are reported; Hamburg and Berlin are also given as Kreise where the
    file has them as Länder only, or has nothing but `-` for them as Kreise.

    NUTS codes become the key of the region the register has them for; a code of an older NUTS
    edition is unknown (the codes of changed regions are never given again). The columns stay.
    """
    nuts = {region.nuts: key for key, region in register.items() if region.nuts not in ("", "DE")}
    named_by_nuts = rows["region"].isin(list(nuts))
    if named_by_nuts.any():
        rows = rows.assign(region=rows["region"].replace(nuts))
        section.add("info", "Gebiete stehen mit NUTS-Codes in der Datei und wurden zugeordnet")
    keys = pd.Index(rows["region"].unique())
    known = keys[keys.isin(list(register))]
    sub_units = [k for k in keys if k not in register and _is_sub_unit(k, register)]
    unknown = sorted(set(keys) - set(known) - set(sub_units))
    living = [k for k in known if register[k].is_kreis and not register[k].valid_to]
    dissolved = [k for k in known if register[k].is_kreis and register[k].valid_to]
    # The two city states come as Länder.
    filled = {land: kreis for land, kreis in CITY_STATES.items() if land in keys}
    told = set(rows.loc[rows["status"] != Status.ZERO.value, "region"])
    filled = {
        land: kreis for land, kreis in filled.items() if kreis not in told and len(living) > 1
    }
    if dissolved:
        words = ("früherer, heute aufgelöster Kreis", "frühere, heute aufgelöste Kreise")
        section.add("info", f"{quantity(len(dissolved), *words)} erkannt")
    if sub_units:
        found = quantity(len(sub_units), "Untereinheit eines Kreises", "Untereinheiten von Kreisen")
        section.add("info", f"{found} erkannt und nicht mitgezählt ({_some(sub_units)})")
    if unknown:
        share = len(unknown) / len(keys)
        section.add(
            "error" if share > 0.05 else "warning",
            quantity(len(unknown), "unbekannter Regionalschlüssel", "unbekannte Regionalschlüssel")
            + f" nicht übernommen: {_some(unknown)}",
        )
    taken = rows[rows["region"].isin(known) & ~rows["region"].isin(list(filled.values()))]
    copies = [taken[taken["region"] == land].assign(region=kreis) for land, kreis in filled.items()]
    if copies:
        section.add("info", "Hamburg und Berlin aus der Zeile des Landes als Kreis übernommen")
    return pd.concat([taken, *copies], ignore_index=True)


def _is_sub_unit(key: str, register: dict[str, Region]) -> bool:
    """Whether this is a part of a Kreis or city state: a Gemeinde or an association of Gemeinden
    that nobody registered, a Bezirk of Berlin."""
    if key[:2] in CITY_STATES:
        return len(key) >= 5
    return len(key) > 5 and key[:5] in register


def names(cells: pd.DataFrame, register: dict[str, Region], section: Section) -> None:
    """Compares the names a file prints beside its keys with the register: a column that was sorted
    or moved alone gives every region the numbers of another.

    Only a name without any word in common, or a town in place of a Landkreis, counts. It is an
    error where the names of two regions are swapped, and for more than one key in twenty.
    `cells` are those of the reader: region and region_name as printed.
    """
    nuts = {region.nuts: key for key, region in register.items() if region.nuts}
    compared: set[str] = set()
    wrong: dict[str, str] = {}
    for code, name in cells[["region", "region_name"]].drop_duplicates().itertuples(index=False):
        key = normalise(code) or ""
        region = register.get(nuts.get(key, key))
        if region is None or region.level == "bund":
            continue
        compared.add(region.id)
        if not _may_be_called(region, name):
            wrong.setdefault(region.id, name)
    if not wrong:
        return
    swapped = any(
        _may_be_called(register[other], name)
        for id, name in wrong.items()
        for other in wrong.keys() - {id}
    )
    examples = [f"{id} „{name}“ statt „{register[id].name}“" for id, name in wrong.items()]
    section.add(
        "error" if swapped or len(wrong) > max(1, len(compared) * 0.05) else "warning",
        f"bei {quantity(len(wrong), 'Gebiet', 'Gebieten')} passt der Name nicht zum Schlüssel "
        f"({_some(examples, '; ')}); vermutlich ist eine Spalte verrutscht oder allein sortiert",
    )


def _may_be_called(region: Region, name: str) -> bool:
    own, printed = _words(region.name), _words(name)
    if own and printed and not own & printed:
        return False
    kinds = [kind for kind, words in _KINDS.items() if any(w in name.lower() for w in words)]
    own_kind = [k for k, words in _KINDS.items() if region.designation.lower() in words]
    return not (kinds and own_kind) or kinds == own_kind


def _words(name: str) -> set[str]:
    """The beginnings of a name's words, without those that say only what kind of region it is."""
    words = set(re.findall(r"[^\W\d_]+", name.lower())) - _KIND_WORDS
    return {word[:5] for word in words}


def _some(keys: list[str], between: str = ", ") -> str:
    """The first keys, and dots if there are more."""
    return between.join(sorted(keys)[:_SHOWN]) + (" …" if len(keys) > _SHOWN else "")


def dissolved(rows: pd.DataFrame, register: dict[str, Region]) -> pd.DataFrame:
    """Marks symbols of regions that did not exist: there `-` means "no such region", not zero.

    Only regions that ended or began are looked at, and only measures of which they have no number
    at all in a period (around a reform, offices recalculate counts for the new Kreise and leave
    rates to the old ones). They did not exist outside their validity. Within it, `-` means that
    the table follows another territory (of the year's end, or of today for all years) where a
    region that has ended shows nothing else in any measure, or where what took its place has
    something though it was yet to come; for any other region it means that there is nothing.
    Numbers are never touched: offices recalculate old years for today's Kreise.

    Columns are those of the rows that came.
    """
    changing = {k: region for k, region in register.items() if region.valid_from or region.valid_to}
    affected = rows[rows["region"].isin(list(changing))]
    if affected.empty:
        return rows
    places = (
        affected[["region", "period", "measure", "start"]]
        .assign(
            numbers=affected["status"].isin([Status.OK.value, Status.ROUNDED_ZERO.value]),
            only_dashes=affected["status"] == Status.ZERO.value,
        )
        .groupby(["region", "period", "measure"])
        .agg({"start": "first", "numbers": "any", "only_dashes": "all"})
    )
    ended = places.index[_gone(places, changing)]
    mask = pd.Series(
        pd.MultiIndex.from_frame(rows[["region", "period", "measure"]]).isin(ended),
        index=rows.index,
    )
    return rows.assign(
        status=rows["status"].mask(mask, Status.DISSOLVED.value), value=rows["value"].mask(mask)
    )


def _gone(places: pd.DataFrame, changing: dict[str, Region]) -> list[bool]:
    """Of each place (region, period, measure) whether its dashes mean that there was no such
    region; `only_dashes` and `numbers` say what else it has."""
    nothing = places["only_dashes"].groupby(level=["region", "period"]).transform("all")
    ahead = {
        place
        for place, start, only_dashes in zip(
            places.index, places["start"], places["only_dashes"], strict=True
        )
        if not only_dashes and not changing[place[0]].exists_on(start)
    }

    def is_gone(place: tuple[str, str, str], start, only_dashes: bool, nothing: bool) -> bool:
        region = changing[place[0]]
        if not region.exists_on(start):
            return True
        followed = any((one, *place[1:]) in ahead for one in region.successors)
        return bool(region.valid_to) and only_dashes and (nothing or followed)

    return [
        not numbers and is_gone(place, start, only_dashes, alone)
        for place, start, numbers, only_dashes, alone in zip(
            places.index,
            places["start"],
            places["numbers"],
            places["only_dashes"],
            nothing,
            strict=True,
        )
    ]


def contradicted_zeros(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], section: Section
) -> pd.DataFrame:
    """Takes `-` for "not stated" wherever a region's total is `-` although a part has a number.

    Such a total is no zero, so no `-` of that region, period and measure can be told from one that
    stands for a number given elsewhere: around a reform offices spread a table over old and new
    Kreise. Nothing is changed where total and parts agree.

    Columns are those of the rows that came.
    """
    zero = rows["status"] == Status.ZERO.value
    counted = (rows["status"] == Status.OK.value) & (rows["value"] > 0)
    whole = (rows[dataset.dimensions] == TOTAL).all(axis=1)
    place = ["region", "period", "measure"]
    groups = [rows[name] for name in place]
    wrong = (zero & whole).groupby(groups).transform("any")
    wrong &= (counted & ~whole).groupby(groups).transform("any")
    if not (zero & wrong).any():
        return rows
    where = rows.loc[zero & wrong, place].drop_duplicates()
    first = where.iloc[0]
    section.add(
        "warning",
        f"bei {quantity(len(where), 'Insgesamt', 'Insgesamt-Werten')} steht „-“, obwohl ein Teil "
        f"davon eine Zahl hat (zum Beispiel {_name(first['region'], register)}, "
        f"{first['period']}); „-“ gilt dort als keine Angabe und nicht als null",
    )
    return rows.assign(
        status=rows["status"].mask(zero & wrong, Status.MISSING.value),
        value=rows["value"].mask(zero & wrong),
    )


def extent(rows: pd.DataFrame, register: dict[str, Region], section: Section) -> None:
    """Reports which regions and periods a town's own table speaks of."""
    levels = pd.Series(rows["region"].unique()).map(lambda id: register[id].level)
    counted = [
        f"{LEVELS[level]}: {number(count)}" for level, count in levels.value_counts().items()
    ]
    ends = rows.sort_values("start")["period"]
    first, last = ends.iloc[0], ends.iloc[-1]
    span = first if first == last else f"{first} bis {last}"
    section.add("info", f"{', '.join(counted)}; {span}")


def symbols(rows: pd.DataFrame, section: Section, *, warn_of_empty: bool = False) -> None:
    """Reports how many cells carry which meaning; `warn_of_empty` where no cell should be empty."""
    counts = rows["status"].value_counts()
    parts = [
        f"{SIGNS[status].short}: {number(counts[status.value])}"
        for status in Status
        if status.value in counts
    ]
    read = quantity(len(rows), "Tabellenfeld", "Tabellenfelder")
    section.add("info", f"{read} gelesen, davon {', '.join(parts)}")
    empty = int((rows["status"] == Status.MISSING.value).sum())
    if empty and warn_of_empty:
        section.add(
            "warning",
            quantity(empty, "Tabellenfeld ist", "Tabellenfelder sind") + " leer und gelten nicht "
            "als null; amtliche Tabellen haben sonst in jedem Feld eine Zahl oder ein Zeichen",
        )


def rounding(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], section: Section
) -> pd.DataFrame:
    """Finds Länder that round every count to multiples of 3 or 5 and flags their cells; rows and
    columns stay."""
    counts = [m.id for m in dataset.measures if m.additive and m.shown_decimals == 0]
    cells = rows[
        rows["measure"].isin(counts)
        & (rows["status"] == Status.OK.value)
        & (rows["region"] != "DG")
        & (rows["value"].abs() > 0)
    ]
    flags = rows["flags"]
    found: dict[int, set[str]] = {3: set(), 5: set()}
    for (land, period, measure), group in cells.groupby(
        [cells["region"].str[:2], "period", "measure"]
    ):
        values = group["value"].to_numpy()
        if len(np.unique(values)) < _ENOUGH_FOR_ROUNDING:
            continue
        base = next((base for base in (5, 3) if (values % base == 0).all()), None)
        if base:
            found[base].add(land)
            mask = (
                (rows["region"].str[:2] == land)
                & (rows["period"] == period)
                & (rows["measure"] == measure)
            )
            flags = flags.mask(mask, flags.map(lambda f, b=base: join_flags(f, f"rounded_{b}")))
    for base, lands in found.items():
        if lands:
            section.add(
                "info",
                f"auf Vielfache von {base} gerundete Werte: "
                f"{listing([_name(land, register) for land in sorted(lands)])}; Summen können "
                "abweichen",
            )
    return rows.assign(flags=flags)


def totals(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    register: dict[str, Region],
    section: Section,
) -> None:
    """Compares totals with the sum of their parts, within the Land's rounding.

    More than one total in fifty far off means a column was taken for another: an error.
    """
    additive = [m.id for m in dataset.measures if m.additive]
    names = [d.id for d in dimensions]
    for dimension in dimensions:
        parts = [c.id for c in dimension.categories if not c.subset]
        if not dimension.partition:
            continue
        cells = rows[rows["measure"].isin(additive) & rows[dimension.id].isin([TOTAL, *parts])]
        others = ["region", "period", "measure", *[n for n in names if n != dimension.id]]
        is_total = cells[dimension.id] == TOTAL
        # a school type that a Land does not have adds nothing
        usable = cells["status"].isin([*_NUMBERS, Status.NOT_APPLICABLE.value])
        part_cells = cells[~is_total].assign(
            value=cells["value"].fillna(0), usable=usable, rounded=_error_of(cells["flags"])
        )
        sums = part_cells.groupby(others).agg(
            parts=("value", "sum"),
            count=("value", "size"),
            usable=("usable", "all"),
            slack=("rounded", "sum"),
        )
        whole = cells[is_total & cells["status"].isin(_NUMBERS)].set_index(others)
        both = sums.join(whole[["value", "flags", "line"]], how="inner")
        both = both[(both["count"] == len(parts)) & both["usable"]]
        if both.empty:
            continue
        slack = both["slack"] + _error_of(both["flags"])
        difference = (both["parts"] - both["value"]).abs()
        # Germany and Länder sum rounded and corrected figures; offices say so in the footnotes
        summed = both.index.get_level_values("region").isin(["DG"])
        off = (difference > slack) & ~summed
        gross = (
            difference > np.maximum(slack, np.maximum(3, both["value"].abs() * 0.02))
        ) & ~summed
        text = (
            f"Summe der Ausprägungen von {dimension.name}: {_compared(both)} mit dem Insgesamt, "
            f"{_deviations(off)}"
        )
        if off.any():
            place = both[off].iloc[int(difference[off].to_numpy().argmax())]
            index = difference[off].idxmax()
            text += (
                f", am stärksten um {number(difference[off].max())} "
                f"({_name(index[0], register)}, {index[1]}, Zeile {place['line']})"
            )
        share = gross.sum() / len(both)
        level: Level = (
            "error" if share > 0.02 and gross.sum() > 5 else "warning" if off.any() else "info"
        )
        section.add(level, text)


def region_totals(
    rows: pd.DataFrame, dataset: Dataset, register: dict[str, Region], section: Section
) -> None:
    """Compares the figures of Länder and Deutschland with the sum of their Kreise.

    Small differences are only reported: Länder correct and round, and Deutschland need not be the
    sum of its Länder. More than one sum in five far off means that numbers and regions have slipped
    apart: an error.
    """
    additive = [m.id for m in dataset.measures if m.additive]
    usable = rows[rows["measure"].isin(additive) & rows["status"].isin(_NUMBERS)]
    key = ["period", "start", *dataset.dimensions, "measure"]
    kreise = usable[usable["region"].map(lambda id: register[id].is_kreis)]
    if kreise.empty:
        return
    parts = kreise.rename(columns={"region": "part"}).merge(
        wholes(register, kreise, dataset.period), on=["start", "part"]
    )
    sums = parts.assign(slack=_error_of(parts["flags"])).groupby(["region", *key])
    sums = sums.agg(
        parts=("value", "sum"),
        count=("value", "size"),
        members=("members", "first"),
        slack=("slack", "sum"),
    )
    sums = sums[sums["count"] == sums["members"]]
    stated = usable.set_index(["region", *key])[["value", "flags"]]
    both = sums.join(stated, how="inner")
    if both.empty:
        return
    difference = (both["parts"] - both["value"]).abs()
    off = difference > both["slack"] + _error_of(both["flags"])
    text = (
        f"Summe der Kreise: {_compared(both)} mit dem Wert von Land, Bezirk oder Deutschland, "
        f"{_deviations(off)}"
    )
    if off.any():
        region, period = difference[off].idxmax()[:2]
        text += f", am stärksten um {number(difference.max())} ({register[region].name}, {period})"
    far = difference > np.maximum(both["slack"], np.maximum(10, both["value"].abs() * 0.05))
    slipped = far.sum() > max(5, len(both) * 0.2)
    section.add("error" if slipped else "warning" if off.any() else "info", text)


def parts_of_totals(
    rows: pd.DataFrame,
    dataset: Dataset,
    dimensions: list[Dimension],
    register: dict[str, Region],
    section: Section,
) -> None:
    """Finds categories with more than the total they belong to, as when headings were swapped.

    Rounding may do so by a few; more than one part in fifty far above its total is an error. A
    measure that can be negative (a balance) is not looked at. Says nothing if all is well.
    """
    usable = rows[rows["status"].isin(_NUMBERS)]
    negative = set(usable.loc[usable["value"] < 0, "measure"])
    additive = [m.id for m in dataset.measures if m.additive and m.id not in negative]
    usable = usable[usable["measure"].isin(additive)]
    for dimension in dimensions:
        others = ["region", "period", "measure", *[d.id for d in dimensions if d != dimension]]
        is_total = usable[dimension.id] == TOTAL
        both = usable[~is_total].merge(
            usable.loc[is_total, [*others, "value"]], on=others, suffixes=("", "_total")
        )
        above = both["value"] - both["value_total"]
        far = above > np.maximum(3, both["value_total"] * 0.02)
        if not far.any():
            continue
        worst = both.loc[above.idxmax()]
        section.add(
            "error" if far.sum() > max(5, len(both) * 0.02) else "warning",
            f"{dimension.name}: {quantity(int(far.sum()), 'Ausprägung ist', 'Ausprägungen sind')} "
            f"größer als das Insgesamt ({dimension.category_name(worst[dimension.id])} "
            f"{number(worst['value'])} statt höchstens {number(worst['value_total'])}, "
            f"{_name(worst['region'], register)}, {worst['period']}, Zeile {worst['line']})",
        )


def _name(key: str, register: dict[str, Region]) -> str:
    return register[key].name if key in register else f"Region {key}"


def _compared(rows: pd.DataFrame) -> str:
    return quantity(len(rows), "Vergleich", "Vergleiche")


def _deviations(off: pd.Series) -> str:
    count = int(off.sum())
    if not count:
        return "keine Abweichung über die Rundung hinaus"
    return quantity(count, "Abweichung", "Abweichungen") + " über die Rundung hinaus"


def _error_of(flags: pd.Series) -> pd.Series:
    """The largest rounding error of one cell: 1 for multiples of 3, 2 for multiples of 5."""
    return flags.str.contains("rounded_3").astype(int) + 2 * flags.str.contains("rounded_5").astype(
        int
    )
