"""How far a target is, by rule: docs/events.md says it to readers.

Reached, or missed once its period is over, is a matter of one value. On the way or not is one of
the straight line from the value at the decision to the target; it needs two later values, all
counted alike, of enough cases, and so far from the line that a single case could not turn it.
"""

from collections.abc import Sequence

from indicators import formats, periods
from indicators.catalog.meaning import Indicator, PeriodRule
from indicators.periods import Period, PeriodError
from indicators.saved.annotations import Target
from indicators.symbols import SIGNS, Status
from indicators.texts import FEWEST_FOR_RELATIVE_CHANGE, Judgement, Value

_SPLIT = ("school_year", "winter_semester", "training_year")
_LATER_VALUES = 2
# By how many cases a count can be off that is published as a multiple.
_ROUNDED = {"rounded_3": 1, "rounded_5": 2}
# Nobody says more of these periods than that there is no number: an older one may be told.
_UNKNOWN = (Status.MISSING, Status.NOT_COLLECTED)


def due_period(rule: PeriodRule, text: str) -> Period:
    """The period of the indicator that a target names: "2027/28", "2030", "31.12.2030". Raises
    PeriodError for what is none."""
    if "/" in text:
        found = periods.parse(text, "school_year")
        return rule.of_year(found.year if rule.type in _SPLIT else found.year + 1)
    if periods.names_a_day(text):
        day = periods.parse(text, "key_date").start
        return next(p for y in (-1, 0, 1) if (p := rule.of_year(day.year + y)).end >= day)
    if not text.isdigit():
        raise PeriodError(f"„{text}“ ist keine Zeitangabe")
    return rule.of_year(int(text))


def judged(
    indicator: Indicator,
    target: Target,
    due: Period,
    values: Sequence[Value],
    breaks: Sequence[Period] = (),
    flags: Sequence[str] = (),
) -> Judgement:
    """`values` are those of the target's series in order of time, `breaks` the first periods of
    each new way of counting, `flags` say of each value how it was rounded ("" for none)."""
    until_due = [value for value in values if value.period.start <= due.start]
    now = _newest(until_due)
    if now is None or now.period.end < target.decided:
        return Judgement("open", reason="Seit dem Beschluss liegt kein Wert vor")
    if now.value is None:
        return _withheld(now)
    off = _off(now, dict(zip([v.period for v in values], flags, strict=False)))
    step = _of_cases(indicator, now, off)
    if now.period.start < due.start and any(v.period.start > due.start for v in values):
        return Judgement("open", reason=f"Für {due.label} gibt es keine Zahl")
    met = _meets(target, now.value, target.value)
    if off and any(_meets(target, now.value + d, target.value) != met for d in (-step, step)):
        return Judgement("open", now=now, reason=_rounding(now))
    if met:
        return Judgement("reached", now=now)
    if now.period.start >= due.start:
        return Judgement("missed", now=now)
    return _on_the_way(indicator, target, due, (until_due, now), breaks, max(off, 1))


def _on_the_way(
    indicator: Indicator,
    target: Target,
    due: Period,
    series: tuple[Sequence[Value], Value],
    breaks: Sequence[Period],
    cases: int,
) -> Judgement:
    values, now = series
    start = _newest([v for v in values if v.period.end <= target.decided])
    if start is None:
        return Judgement("open", now=now, reason="Vom Tag des Beschlusses liegt kein Wert vor")
    if start.value is None:
        return _withheld(start)
    if any(start.period.start < first.start <= now.period.start for first in breaks):
        return Judgement("open", now=now, reason="Seit dem Ausgangswert wird anders gezählt")
    later = [v for v in values if v.value is not None and v.period.start > start.period.start]
    if len(later) < _LATER_VALUES:
        return Judgement("open", now=now, reason="Dafür braucht es zwei Werte nach dem Beschluss")
    if min(_cases(indicator, start), _cases(indicator, now)) < FEWEST_FOR_RELATIVE_CHANGE:
        few = formats.number(FEWEST_FOR_RELATIVE_CHANGE)
        return Judgement("open", now=now, reason=f"Die Werte beruhen auf weniger als {few} Fällen")
    gone = _years(start.period, now.period) / _years(start.period, due)
    expected = start.value + (target.value - start.value) * gone
    expected = formats.rounded(expected, indicator.shown_decimals)
    assert now.value is not None  # its caller has looked
    on_course = _meets(target, now.value, expected)
    step = _of_cases(indicator, now, cases)
    if any(_meets(target, now.value + d, expected) != on_course for d in (-step, step)):
        told = "Ein Fall" if cases == 1 else f"{cases} Fälle"
        verb = "würde" if cases == 1 else "würden"
        reason = f"{told} mehr oder weniger {verb} das Urteil ändern"
        return Judgement("open", now=now, reason=reason)
    return Judgement("on_course" if on_course else "off_course", start, now, expected)


def _meets(target: Target, value: float, limit: float) -> bool:
    # what a reader sees as equal is equal
    return value <= limit + 1e-9 if target.direction == "at_most" else value >= limit - 1e-9


def _newest(values: Sequence[Value]) -> Value | None:
    """The newest of which more is said than that nobody knows it."""
    told = [v for v in values if v.value is not None or v.status not in _UNKNOWN]
    return told[-1] if told else None


def _withheld(value: Value) -> Judgement:
    why = SIGNS[value.status].short
    return Judgement("open", reason=f"Für {value.period.label} gibt es keine Zahl ({why})")


def _rounding(value: Value) -> str:
    return f"Der Wert für {value.period.label} ist aus gerundeten Zahlen; er liegt zu nah am Ziel"


def _off(value: Value, flags: dict[Period, str]) -> int:
    """By how many cases the count behind a value can be off."""
    told = flags.get(value.period, "").split(",")
    return max((_ROUNDED.get(flag, 0) for flag in told), default=0)


def _cases(indicator: Indicator, value: Value) -> float:
    """Of how many a value is; a ready-made one does not say, and counts as of enough."""
    counted = value.value if indicator.is_count else value.denominator
    return float("inf") if counted is None else abs(counted)


def _of_cases(indicator: Indicator, value: Value, cases: int) -> float:
    """What so many cases more or less are worth in the value's unit; 0 of a ready-made one."""
    if indicator.is_count:
        return cases
    if not value.denominator or value.numerator is None or value.value is None:
        return 0.0
    if value.numerator:  # whatever the unit: per cent, per 1.000
        return abs(value.value / value.numerator) * cases
    return 100 * cases / value.denominator if indicator.unit == "%" else 0.0


def _years(first: Period, last: Period) -> float:
    return (last.start - first.start).days / 365.25
