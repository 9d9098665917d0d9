"""Which Kreise a file speaks of: those that are missing, and keys that cannot be.

A Kreis that is gone has no figures of later periods; a new one may have figures of earlier ones,
because offices recalculate old years for today's Kreise.
"""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from indicators import periods
from indicators.catalog.meaning import PeriodRule, Territory
from indicators.formats import day, listing, number, quantity
from indicators.publishing.report import Section
from indicators.regions import Region
from indicators.symbols import Status

# So many missing Kreise are all named; of more, the first and how many there are in each Land.
_ALL_NAMED = 6
# So many impossible keys come of one slip: numbers that stand beside the keys of other rows.
_ONE_SLIP = 3
# A file of fewer Kreise is an excerpt: what it leaves out is no news.
_EXCERPT = 10
_A_YEAR = 366
# What tells the rows of one cell of a table apart from region to region.
_OF_A_ROW = {"region", "start", "value", "status", "flags", "line"}


def under_old_keys(rows: pd.DataFrame, territory: Territory, rule: PeriodRule) -> pd.DataFrame:
    """Rows of a part of today's Kreis under the key of the Kreis it was before a reform, in the
    periods before it: tables list the town of Aachen as a part of the Städteregion in all years.

    `rule` is that of the rows' periods. A period in which the old key has rows of its own that
    are not empty stays as it is.

    Columns are those of the rows that came.
    """
    ends, listed = _ends(rows, rule), set(rows["region"])
    for reform in territory.reforms:
        # most tables list none of these parts, and looking through them takes a while
        for old in (one for one in reform.dissolved if one.part_key in listed):
            before = rows["period"].map(ends) < reform.day
            part = before & (rows["region"] == old.part_key)
            if not part.any():
                continue
            own = rows[(rows["region"] == old.id) & rows["value"].notna() & (rows["value"] != 0)]
            part &= ~rows["period"].isin(own["period"])
            empty = (rows["region"] == old.id) & rows["period"].isin(rows.loc[part, "period"])
            rows = rows.assign(region=rows["region"].mask(part, old.id))[~empty]
    return rows


def impossible(rows: pd.DataFrame, register: dict[str, Region], section: Section) -> None:
    """Refuses figures of a Kreis in periods that began after its end: another must be meant.

    Where exactly one of its successors has no figures in these periods, it is proposed. In the
    year of a reform a table may still follow the territory before it: then it has figures of all
    the old Kreise and of none of the new.
    """
    known = rows[rows["value"].notna() & (rows["value"] != 0)].reset_index(drop=True)
    ended = {k: r for k, r in register.items() if r.is_kreis and r.valid_to}
    ends = known["region"].map({key: region.valid_to for key, region in ended.items()})
    after = known[pd.to_datetime(known["start"]) > pd.to_datetime(ends)]
    if after.empty:
        return
    # one table may count one thing by the old Kreise and another by the new ones
    cell = [name for name in known.columns if name not in _OF_A_ROW]
    there = known.groupby(cell)["region"].transform(lambda of: [frozenset(of)] * len(of))
    after = after.assign(there=there[after.index])
    told, late = [], set()
    for key, of in after.groupby("region"):
        region = ended[key]
        follows_old = [
            _follows_old(region, register, row.start, row.there)
            for row in of.itertuples(index=False)
        ]
        late |= set(of.loc[follows_old, "period"])
        of = of[~pd.Series(follows_old, index=of.index, dtype=bool)]
        if of.empty:
            continue
        labels = list(dict.fromkeys(of.sort_values("start")["period"]))
        figures = frozenset().union(*of["there"])
        lacking = [s for s in region.successors if s in register and s not in figures]
        meant = f"{register[lacking[0]].name} ({lacking[0]})" if len(lacking) == 1 else ""
        assert region.valid_to is not None  # `ended` holds no other regions
        text = (
            f"unmöglicher Schlüssel {key}: {region.name} bestand nur bis {day(region.valid_to)}, "
            f"die Datei nennt aber Werte für {_some(labels)} (Zeile {of['line'].iloc[0]})"
        )
        told.append((text, meant))
    if late:
        periods_told = listing(sorted(late))
        section.add(
            "info", f"{periods_told}: noch die Kreise von vor der Gebietsreform dieses Jahres"
        )
    if slipped := sum(not meant for _, meant in told) >= _ONE_SLIP:
        section.add(
            "error",
            f"{number(len(told))} Kreise haben Werte für die Zeit nach ihrem Ende: wahrscheinlich "
            "sind Schlüssel und Zahlen gegeneinander verrutscht. Nächster Schritt: die Datei "
            "unverändert neu herunterladen",
        )
    for text, meant in told[:_ALL_NAMED]:
        section.add("error", text if slipped else text + _mended(meant))
    if more := told[_ALL_NAMED:]:
        count = quantity(len(more), "weiterer unmöglicher", "weitere unmögliche")
        section.add("error", f"{count} Schlüssel")


def _mended(meant: str) -> str:
    """The next step for a single key; `meant` is the successor that it probably stands for."""
    advice = "den Schlüssel in der Datei berichtigen lassen"
    if meant:
        advice = f"prüfen, ob der Nachfolger {meant} gemeint ist, der dort fehlt, und {advice}"
    return f". Nächster Schritt: {advice}"


def _follows_old(
    region: Region, register: dict[str, Region], start: date, there: frozenset[str]
) -> bool:
    if region.valid_to is None or start.year != region.valid_to.year:
        return False
    successors = {s for s in region.successors if s in register and register[s].valid_from}
    old = {k for k, r in register.items() if set(r.successors) & set(region.successors)}
    # one alone may as well be a slip
    return len(old) > 1 and successors.isdisjoint(there) and old <= there


def found(
    rows: pd.DataFrame, register: dict[str, Region], section: Section, rule: PeriodRule
) -> None:
    """Reports how many of the Kreise of its newest period a file has, and names the missing ones;
    also those that only an earlier period lacks. `rule` is that of the rows' periods."""
    ends = _ends(rows, rule)
    there = rows.groupby("period")["region"].agg(frozenset)
    in_order = sorted(ends, key=lambda label: (ends[label], label))
    newest = in_order[-1]
    wanted = expected(register, ends[newest], there[newest])
    count = len(wanted & there[newest])
    text = f"{number(count)} von {number(len(wanted))} Kreisen gefunden"
    missing = wanted - there[newest]
    named = count > _EXCERPT and missing
    if named:
        text += f"; {newest} {_lacking(missing, register)}"
    section.add("warning" if named else "info", text)
    gaps: dict = {}
    for label in in_order[:-1]:
        wanted = expected(register, ends[label], there[label])
        lost = (wanted - there[label]) - missing
        if len(wanted & there[label]) > _EXCERPT and lost:
            gaps.setdefault(frozenset(lost), []).append(label)
    for lost, labels in gaps.items():
        section.add("warning", f"{_some(labels)} {_lacking(lost, register)}")


def _ends(rows: pd.DataFrame, rule: PeriodRule) -> dict[str, date]:
    """By period the day whose territory it is of, as the calendar says."""
    return {
        label: rule.counted_on(periods.from_label(label, rule.type))
        for label in rows["period"].unique()
    }


def expected(register: dict[str, Region], end: date, there: Iterable[str]) -> set[str]:
    """The Kreise that a period should have: those of its last day, where the file has no others in
    their place because it follows the territory of another day."""
    there = set(there)
    kreise = {key: region for key, region in register.items() if region.is_kreis}
    now = {key for key, region in kreise.items() if region.exists_on(end)}
    found = set(now)
    for key in now - there:
        later = set(kreise[key].successors) - now
        earlier = {
            old
            for old in there & kreise.keys()
            if key in kreise[old].successors
            and (ended := kreise[old].valid_to)
            and (end - ended).days < _A_YEAR
        }
        if later and later <= there:
            found = found - {key} | later
        elif earlier:
            found = found - {key} | earlier
    return found


def wholes(register: dict[str, Region], rows: pd.DataFrame, rule: PeriodRule) -> pd.DataFrame:
    """One row per period of these rows of Kreise, Kreis it should have and whole that belongs to
    (Deutschland, its Land, its Regierungsbezirk). Columns:
    start, part, region, members (how many Kreise
    the whole had). `rule` is that of the rows' periods."""
    ends = _ends(rows, rule)
    there = rows[rows["status"] != Status.DISSOLVED.value]
    there = there.groupby(["period", "start"])["region"].agg(frozenset)
    pairs = pd.DataFrame(
        [
            (start, key, whole)
            for (label, start), of in there.items()
            for key in sorted(expected(register, ends[label], of))
            for whole in dict.fromkeys(("DG", register[key].land, register[key].parent))
        ],
        columns=["start", "part", "region"],
    )
    return pairs.assign(members=pairs.groupby(["start", "region"])["part"].transform("size"))


def _lacking(missing: Iterable[str], register: dict[str, Region]) -> str:
    """ "fehlt Städteregion Aachen (05334)", "fehlen 12 Kreise, zuerst …; je Land: …" """
    keys = sorted(missing)
    names = [f"{register[key].name} ({key})" for key in keys]
    if len(keys) <= _ALL_NAMED:
        return f"{'fehlt' if len(keys) == 1 else 'fehlen'} {listing(names)}"
    lands = pd.Series([register[key].land for key in keys]).value_counts().sort_index()
    counted = [
        f"{register[land].name if land in register else land} {number(count)}"
        for land, count in lands.items()
    ]
    return f"fehlen {quantity(len(keys), 'Kreis', 'Kreise')}, zuerst {names[0]}; je Land: " + (
        ", ".join(counted)
    )


def _some(labels: list[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{labels[0]} bis {labels[-1]}"
