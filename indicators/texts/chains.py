"""The chain of newly arrived: how long they wait, and how many still do."""

from indicators import formats
from indicators.catalog.meaning import Indicator
from indicators.regions import Region
from indicators.texts.values import Value, begin, shown


def chain_headline(
    region: Region,
    waiting_time: tuple[Indicator, Value] | None,
    waiting: tuple[Indicator, Value] | None,
    known: int,
    asked: int,
    dates: tuple[str, str] = ("", ""),
) -> str:
    """ "Im Landkreis Hof dauert es im Mittel 34 Tage bis zum Platz; 27 warten noch"

    The bottleneck by rule: how long one waits and how many still wait; where neither is known,
    how many of the chain's figures are there. `dates` are their periods where they must be told,
    because they are not today's.
    """
    since = tuple(f" ({date})" if date else "" for date in dates)
    told = []
    if waiting_time and waiting_time[1].value is not None:
        told.append(f"dauert es im Mittel {shown(*waiting_time)} bis zum Platz{since[0]}")
    if waiting and waiting[1].value is not None:
        count = waiting[1].value
        if not count:
            nobody = "niemand wartet mehr" if told else "wartet niemand mehr auf einen Platz"
            told.append(nobody + since[1])
        else:
            verb = "wartet" if count == 1 else "warten"
            amount = shown(*waiting)
            some = f"{amount} {verb} noch" if told else f"{verb} noch {amount} auf einen Platz"
            told.append(some + since[1])
    if told:
        return f"{begin(region.where)} {'; '.join(told)}"
    if not known:
        return f"{begin(region.where)} liegen zu keiner Station Angaben vor"
    there = "liegt" if known == 1 else "liegen"
    return (
        f"{begin(region.where)} {there} {formats.number(known)} von {formats.number(asked)} "
        "Angaben vor; Wartezeiten sind nicht bekannt"
    )
