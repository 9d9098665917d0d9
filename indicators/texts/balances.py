"""Places against need."""

from indicators import formats
from indicators.catalog.meaning import Balance
from indicators.periods import Period
from indicators.regions import Region
from indicators.texts.values import begin, gap


def balance_headline(
    balance: Balance,
    whole: int | None,
    why: str,
    parts: list[tuple[str, int | None]],
    sides: tuple[float, float] | None = None,
) -> str:
    """ "In 13 von 30 Gebieten fehlen zusammen 241 Plätze, am meisten im Bahnhofsviertel (58); mit
    dem Überschuss der übrigen (148) verrechnet fehlen 91; zusammen 204 Plätze für 295 Kinder"

    What lacks is told before what it comes to: a free place at the other end of the town helps
    nobody. `whole` is places minus need of the whole region (None: unknown, `why` says the reason),
    `sides` its places and its need, `parts` are the gaps of its parts as (where, places minus
    need).
    """
    sentence = _gaps(balance, whole, why, parts)
    if whole is None or sides is None:
        return sentence
    places, need = sides
    whole_places = int(formats.rounded(places, 0))
    amount = formats.quantity(whole_places, balance.place_name, balance.places_name)
    return f"{sentence}; zusammen {amount} für {formats.number(need)} {balance.need_name}"


def _gaps(
    balance: Balance, whole: int | None, why: str, parts: list[tuple[str, int | None]]
) -> str:
    known = [(where, gap) for where, gap in parts if gap is not None]
    short = [(where, -gap) for where, gap in known if gap < 0]
    spare = sum(gap for _, gap in known if gap > 0)
    if not short:
        return _net(balance, whole, why)
    worst = max(count for _, count in short)
    most = _most([where for where, count in short if count == worst], worst)
    if not spare:
        verb = "" if whole is not None and whole < 0 else "fehlen "
        return f"{_net(balance, whole, why)}; am meisten {verb}{most}"
    gross = sum(count for _, count in short)
    amount = formats.quantity(gross, balance.place_name, balance.places_name)
    if len(short) == 1:
        sentence = f"{begin(short[0][0])} {_lack(gross)} {amount}"
    else:
        among = f"{formats.number(len(short))} von {formats.number(len(known))} Gebieten"
        among += " mit Angabe" if len(known) < len(parts) else ""
        sentence = f"In {among} {_lack(gross)} zusammen {amount}, am meisten {most}"
    if whole is None:
        return f"{sentence}; für die ganze Region gibt es keine Gegenüberstellung: {why}"
    left = {
        -1: f"{_lack(-whole)} {formats.number(abs(whole))}",
        0: "ist der Bedarf gedeckt",
        1: f"gibt es {formats.number(abs(whole))} mehr als Bedarf",
    }[(whole > 0) - (whole < 0)]
    return f"{sentence}; mit dem Überschuss der übrigen ({formats.number(spare)}) verrechnet {left}"


def _lack(count: float) -> str:
    return "fehlt" if count == 1 else "fehlen"


def _net(balance: Balance, whole: int | None, why: str) -> str:
    """ "Es fehlen 34 Plätze", "Es gibt 3 Plätze mehr als Bedarf" """
    if whole is None:
        return f"Für die ganze Region gibt es keine Gegenüberstellung: {why}"
    if not whole:
        return f"{balance.places_name} und Bedarf sind ausgeglichen"
    if whole > 0:
        return f"Es gibt {gap(balance, whole)}"
    amount = formats.quantity(-whole, balance.place_name, balance.places_name)
    return f"Es {_lack(-whole)} {amount}"


def _most(places: list[str], count: int) -> str:
    """ "in Altstadt (12)", "in A und in B (je 1)", "in 3 Gebieten (je 3)" """
    amount = f"{'je ' if len(places) > 1 else ''}{formats.number(count)}"
    if len(places) > 2:
        return f"in {formats.number(len(places))} Gebieten ({amount})"
    return f"{formats.listing(places)} ({amount})"


def balance_reading_aid(
    balance: Balance, region: Region, period: Period, places: float, need: float, count: float
) -> str:
    """ "Am 01.03.2025 standen in Altstadt 40 Plätze einem Bedarf von 52 gegenüber (Kinder mit
    Förderbedarf): 12 Plätze fehlen." """
    number = int(formats.rounded(places, 0))
    amount = formats.quantity(number, balance.place_name, balance.places_name)
    return (
        f"{begin(period.adverbial)} {'stand' if number == 1 else 'standen'} {region.where} "
        f"{amount} einem Bedarf von {formats.number(need)} gegenüber ({balance.need_name}): "
        f"{gap(balance, count)}."
    )


def balance_sum(balance: Balance, whole: float, parts: float) -> str:
    """What the gaps of the parts make together, where it is not the gap of the whole."""
    return (
        f"Zusammen ergeben die Gebiete: {gap(balance, parts)}. Für die ganze Region gilt: "
        f"{gap(balance, whole)}. Der Unterschied entsteht durch Rundung oder weil das Ganze eigens "
        "gezählt wurde."
    )
