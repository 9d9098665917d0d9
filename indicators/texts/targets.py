"""How far a town is with a target it has set itself, in words.

What is said is worked out by answers/targets.py; the rule stands in docs/events.md.
"""

from dataclasses import dataclass
from typing import Literal

from indicators import formats
from indicators.catalog.meaning import Indicator
from indicators.periods import Period
from indicators.saved.annotations import DIRECTIONS, Target
from indicators.texts.events import sentence
from indicators.texts.values import Value, begin, shown

State = Literal["reached", "on_course", "off_course", "missed", "open"]
STATES: dict[State, str] = {
    "reached": "erreicht",
    "on_course": "auf dem Weg",
    "off_course": "nicht auf dem Weg",
    "missed": "nicht erreicht",
    "open": "nicht beurteilbar",
}


@dataclass(frozen=True)
class Judgement:
    """How far a target is. `start` is the value at the decision, `now` the one that is judged,
    `expected` what it would be on a straight way from start to target; None where they play no
    part. `reason` says of "open" why."""

    state: State
    start: Value | None = None
    now: Value | None = None
    expected: float | None = None
    reason: str = ""


def target_name(indicator: Indicator, target: Target, due: Period, group: str = "") -> str:
    """What its line is called: "Ziel 2027/28: höchstens 5,0 %"."""
    of = f" {group}" if group else ""
    return f"Ziel{of} {due.label}: {_aim(indicator, target)}"


def target_note(
    indicator: Indicator, target: Target, due: Period, found: Judgement, group: str = ""
) -> str:
    """Target, state and decision, each number with its period."""
    of = f" ({group})" if group else ""
    parts = [
        f"Ziel bis {due.label}{of}: {_aim(indicator, target)}.",
        f"{begin(STATES[found.state])}: {_why(indicator, target, found)}.",
        sentence(target.text) if target.text else "",
        f"Beschlossen am {formats.day(target.decided)}. {sentence(f'Quelle: {target.source}')}",
    ]
    return " ".join(filter(None, parts))


def target_short(
    indicator: Indicator, target: Target, due: Period, found: Judgement, group: str = ""
) -> str:
    """ "Ziel 2027/28: höchstens 5,0 % (auf dem Weg)" """
    return f"{target_name(indicator, target, due, group)} ({STATES[found.state]})"


def targets_subtitle(states: list[tuple[str, State]]) -> str:
    """What stands behind a subtitle: "Ziel 2027/28 auf dem Weg"; of several how many are how far;
    "" for none. Each is the label of the target's period with its state."""
    if not states:
        return ""
    if len(states) == 1:
        label, state = states[0]
        return f"Ziel {label} {STATES[state]}"
    told = [state for _, state in states]
    counts = [f"{told.count(state)} {words}" for state, words in STATES.items() if state in told]
    return f"{formats.number(len(told))} Ziele, davon {formats.listing(counts)}"


def unusable(target: Target) -> str:
    """Why a target has no line: its value is none this indicator can have."""
    return (
        f"Das Ziel vom {formats.day(target.decided)} ({target.source.rstrip('.')}) ist nicht "
        f"gezeichnet: Die Zeitangabe „{target.year}“ passt nicht zu diesem Indikator."
    )


def _aim(indicator: Indicator, target: Target) -> str:
    return f"{DIRECTIONS[target.direction]} {_number(indicator, target.value)}"


def _number(indicator: Indicator, value: float) -> str:
    """With the decimals that are shown, and more where the target has more."""
    written = repr(float(value)).partition(".")[2]
    decimals = max(indicator.shown_decimals, 0 if float(value).is_integer() else len(written))
    return formats.with_unit(value, indicator.unit, decimals)


def _why(indicator: Indicator, target: Target, found: Judgement) -> str:
    if found.now is None or found.state == "open":
        return found.reason
    lay = f"{found.now.period.adverbial} lag der Wert bei {shown(indicator, found.now)}"
    if found.start is None or found.expected is None:
        return lay
    expected = formats.with_unit(found.expected, indicator.unit, indicator.shown_decimals)
    return (
        f"{lay}; auf geradem Weg vom Ausgangswert {shown(indicator, found.start)} "
        f"({found.start.period.label}) wären es {DIRECTIONS[target.direction]} {expected}"
    )
