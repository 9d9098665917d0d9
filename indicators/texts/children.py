"""Children by year of age: cohorts, the pyramid, the school starters of the next years."""

from indicators import formats
from indicators.regions import Region
from indicators.texts.values import FEWEST_FOR_RELATIVE_CHANGE, begin, relative


def cohorts_headline(
    region: Region, period: str, young: float | None, older: float | None, group: str = ""
) -> str:
    """ "In der Stadt Hof gab es am 31.12.2024 je Jahrgang 9 % weniger Kinder unter 3 als von 3 bis
    5 Jahren"; `young` and `older` are the mean numbers of children per year of age."""
    where = f"{begin(region.where)} "
    note = f" ({group})" if group else ""
    if young is None or older is None:
        return (
            f"{where}fehlen für den {period} Angaben, um die Jahrgänge unter 3 mit denen von 3 bis "
            f"5 Jahren zu vergleichen{note}"
        )
    if not young and not older:
        return f"{where}lebten am {period} keine Kinder unter 6 Jahren{note}"
    if min(young, older) < FEWEST_FOR_RELATIVE_CHANGE:
        return (
            f"{where}gab es am {period} je Jahrgang im Mittel {formats.number(young, 1)} Kinder "
            f"unter 3 und {formats.number(older, 1)} von 3 bis 5 Jahren{note}"
        )
    told = relative(young, older)
    if not told:
        return (
            f"{where}gab es am {period} je Jahrgang etwa gleich viele Kinder unter 3 wie von 3 bis "
            f"5 Jahren{note}"
        )
    return (
        f"{where}gab es am {period} je Jahrgang {told} Kinder unter 3 als von 3 bis 5 Jahren{note}"
    )


def pyramid_reading_aid(
    region: Region,
    period: str,
    ages: str,
    numbers: list[tuple[str, float]],
    compared: list[tuple[str, float]] | None,
    outline: str,
    *,
    decimals: int,
) -> str:
    """The Lesehilfe of a pyramid: what one bar and, if there is one, its outline say."""

    def told(found: list[tuple[str, float]]) -> str:
        return formats.listing([f"{formats.number(n, decimals)} ({name})" for name, n in found])

    per = " je 1.000 der Bevölkerung und Altersjahr" if decimals else ""
    text = f"Am {period} lebten {region.where} {ages} {told(numbers)} Personen{per}."
    if compared:
        text += f" Die Vergleichslinie ({outline}) zeigt {told(compared)}."
    return text


def starters_headline(
    region: Region,
    observed: tuple[str, int] | None,
    expected: tuple[str, int] | None,
    reason: str,
) -> str:
    """ "In der Stadt Hof werden 2031/32 voraussichtlich 380 Kinder eingeschult, 12 % weniger als
    2025/26 (432)"; both are (school year, children), None where there is no number."""
    if expected is None:
        return f"{begin(region.where)} lässt sich nichts vorausberechnen: {reason}"
    year, count = expected
    sentence = f"{begin(region.where)} {_entering(count)} {year} voraussichtlich {_children(count)}"
    sentence += " eingeschult"
    if observed is None:
        return sentence
    before_year, before = observed
    if count == before:
        return f"{sentence}, so viele wie {before_year}"
    if min(count, before) < FEWEST_FOR_RELATIVE_CHANGE:
        past = "war es" if before == 1 else "waren es"
        return f"{sentence}, {before_year} {past} {formats.number(before)}"
    told = relative(count, before) or "fast so viele"
    word = "als" if relative(count, before) else "wie"
    return f"{sentence}, {told} {word} {before_year} ({formats.number(before)})"


def starters_reading_aid(
    year: str, count: int, assumption: str, others: list[tuple[str, int]], where: str = ""
) -> str:
    """The Lesehilfe of a projection: one year of it, and what other assumptions give."""
    text = f"Im Schuljahr {year} {_entering(count)} {where + ' ' if where else ''}voraussichtlich "
    text += f"{_children(count)} eingeschult"
    if assumption:
        text += f" ({assumption})"
    if others:
        text += "; " + formats.listing([f"{name}: {formats.number(n)}" for name, n in others])
    return text + "."


def _entering(count: int) -> str:
    return "wird" if count in (0, 1) else "werden"


def _children(count: int) -> str:
    return {0: "kein Kind", 1: "1 Kind"}.get(count, f"{formats.number(count)} Kinder")


def backtest_sentence(backs: list[int], errors: tuple[float, float] | None) -> str:
    """How good the method would have been: `errors` are the mean absolute and the mean deviation in
    per cent, None where there are too few children to judge; `backs` how many years ago."""
    if not backs:
        return "Für einen Rückblick fehlen ältere Kinderzahlen oder Einschulungen."
    ago = formats.listing([str(back) for back in backs])
    if errors is None:
        return (
            f"Rückblick: Mit den Daten von vor {ago} Jahren ist die Abweichung nicht beurteilbar, "
            f"weil es weniger als {FEWEST_FOR_RELATIVE_CHANGE} Kinder im Jahr sind."
        )
    size, mean = errors
    percent = formats.suffix("%")
    text = (
        f"So gut hätten wir damals gelegen: Mit den Daten von vor {ago} Jahren wich die Rechnung "
        f"im Mittel um {formats.number(size, 1)}{percent} von den tatsächlichen Einschulungen ab"
    )
    if formats.rounded(abs(mean), 1):
        side = "zu hoch" if mean > 0 else "zu niedrig"
        text += f" und lag im Mittel {formats.number(abs(mean), 1)}{percent} {side}"
    return text + "."
