"""The method laid open: what is set and was observed, the ratios children are moved along with, all
of it in words, and how good it would have been.
"""

from collections.abc import Callable
from dataclasses import dataclass

from indicators import formats, texts
from indicators.analysis import projection
from indicators.analysis.projection import Error
from indicators.answers.answer import Table
from indicators.answers.starters.model import Estimates, Model, percent
from indicators.answers.starters.options import CUTOFFS, MOST_SHARE, VARIANTS


@dataclass(frozen=True)
class Parameter:
    """A number of the method: its field in the address, its name, what is used, what was observed
    and what may be written there.

    `value` is what is used as it stands in the address ("" for what was observed), `options` are
    the values a reader can choose here; () where any number may be set.
    """

    id: str
    name: str
    used: str
    observed: str
    allowed: str
    value: str
    options: tuple[str, ...] = ()


def parameters(model: Model) -> tuple[Parameter, ...]:
    """All that can be set, with what is in force for this region."""
    cutoff = model.options.cutoff
    return (
        *_rates(model),
        *_migration(model),
        Parameter(
            "cutoff",
            "Stichtag der Schulpflicht",
            CUTOFFS[cutoff],
            "bis dahin Geborene eines Jahres: "
            + _per_unit(model, lambda e: percent(e.usual_share)),
            "Monat 6 bis 12",
            str(cutoff),
            tuple(map(str, CUTOFFS)),
        ),
    )


def _rates(model: Model) -> tuple[Parameter, ...]:
    """Who enters school a year late or early."""
    shares = f"Prozent von 0 bis {MOST_SHARE}"
    return (
        Parameter(
            "z",
            "Ein Jahr später eingeschult (Zurückstellung und Korridor)",
            _per_unit(model, lambda e: percent(e.late)),
            _per_unit(model, lambda e: e.late_told),
            shares,
            model.context.view.setting("z"),
        ),
        Parameter(
            "v",
            "Ein Jahr früher eingeschult",
            _per_unit(model, lambda e: percent(e.early)),
            _per_unit(model, lambda e: percent(e.early_observed)),
            shares,
            model.context.view.setting("v"),
        ),
    )


def _migration(model: Model) -> tuple[Parameter, ...]:
    """Without numbers of children by age there is no migration, hence nothing to average, to leave
    out or to choose from."""
    options, known, averaged = model.options, model.observed_years, model.averaged_years
    strongest = _per_unit(model, lambda e: str(e.ratios.strongest or "nicht beobachtet"))
    return (
        Parameter(
            "years",
            "Jahre, über die gemittelt wird",
            str(averaged) if averaged else "keine",
            _per_unit(model, _ratio_years) if model.basis == "ages" else "ohne Wanderung",
            "3, 4 oder 5",
            str(averaged),
            model.years_to_average,
        ),
        Parameter(
            "without",
            "Weggelassene Jahre der Wanderung",
            ", ".join(map(str, options.without)) or "keine",
            ", ".join(map(str, known)) or "keine",
            "Jahre, durch Komma getrennt, zum Beispiel 2015,2016,2022",
            ",".join(map(str, options.without)),
            model.years_to_leave_out,
        ),
        Parameter(
            "variant",
            "Wanderung",
            VARIANTS[model.variants[0]],
            f"stärkstes Jahr: {strongest}",
            formats.listing(list(VARIANTS)),
            model.variants[0],
            tuple(VARIANTS) if model.has_migration else ("none",),
        ),
    )


def factors(model: Model) -> Table:
    """The ratios children are moved along with, a row per age; exactly what was multiplied."""
    units = list(dict.fromkeys(model.unit(id) for id in model.region.parts))
    shown = [(unit, v) for unit in units for v in model.variants]
    columns = ["Alter"]
    for unit, variant in shown:
        name = texts.begin(VARIANTS[variant])
        columns.append(f"{model.release.region(unit).name}: {name}" if len(units) > 1 else name)
    body = []
    for age in range(projection.OLDEST):
        line = [f"{age} auf {age + 1}"]
        for unit, variant in shown:
            ratio = model.estimates(unit, model.last).ratios.variant(variant).of_age[age]
            line.append(formats.number(ratio, projection.DIGITS))
        body.append(tuple(line))
    return Table(tuple(columns), tuple(body), (False, *[True] * len(shown)))


def method_notes(model: Model) -> list[str]:
    options, cutoff = model.options, CUTOFFS[model.options.cutoff]
    found = [
        f"Vorausberechnet aus {_source_of(model)}; Stichtag der Schulpflicht {cutoff}; ein Jahr "
        f"später eingeschult: {_per_unit(model, lambda e: percent(e.late))}, ein Jahr früher: "
        f"{_per_unit(model, lambda e: percent(e.early))}."
    ]
    if model.has_migration:
        found.append(
            "Wanderung: Jahrgangsquoten im gewichteten Mittel der Jahre "
            f"{_per_unit(model, _ratio_years)}; „hoch“ rechnet jedes Jahr wie das stärkste davon."
        )
    found.append(
        f"Für {projection.BORN_AHEAD} Jahre sind die Kinder geboren (durchgezogene Linie; im "
        "letzten davon sind nur die vorzeitig Eingeschulten zum Teil noch nicht geboren). Danach "
        f"werden so viele Geburten angenommen wie im Mittel der letzten "
        f"{projection.YEARS_OF_BIRTHS} Jahre (gestrichelt)."
    )
    if not model.data.months and options.cutoff != 12:
        found.append(
            "Ohne Geburtsmonate werden die Geburten eines Jahres gleichmäßig auf die Monate "
            "verteilt."
        )
    if _per_unit(model, lambda e: percent(e.late_observed)).startswith("nicht") and (
        options.late is None
    ):
        found.append("Zurückstellungen sind nicht beobachtet: gerechnet mit 0 %.")
    found.append("Alle Zahlen sind auf ganze Kinder gerundet.")
    return [*model.data.territory_notes, *found]


def _source_of(model: Model) -> str:
    stand = model.labels[model.last]
    return {
        "ages": f"den Kindern nach Altersjahren vom {stand}",
        "births_monthly": f"den Geburten nach Monaten bis {stand}, ohne Wanderung",
        "births": f"den Geburten bis {stand}, ohne Wanderung",
    }[model.basis]


def _per_unit(model: Model, told: Callable[[Estimates], str]) -> str:
    """What is told of each Kreis, once if it is the same everywhere."""
    found = {
        unit: told(model.estimates(unit, model.last))
        for unit in dict.fromkeys(model.unit(id) for id in model.region.parts)
    }
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    return "; ".join(f"{model.release.region(u).name} {text}" for u, text in found.items())


def _ratio_years(found: Estimates) -> str:
    return ", ".join(map(str, sorted(found.ratios.years))) or "keine beobachtet"


BACK = (3, 4, 5)  # how many years the look back goes


def _origins(model: Model) -> list[int]:
    return [model.last - back for back in BACK if model.last - back in model.labels]


def errors_of(model: Model) -> list[Error]:
    """What the same method would have said with the data of the time, against what came."""
    actual = model.observed(model.region.parts)
    variant = model.variants[0]
    found = []
    for origin in _origins(model):
        years = range(origin + 1, origin + projection.BORN_AHEAD + 1)
        for one in model.starters(model.region.parts, origin, years, variant):
            seen = actual.get(one.year)
            if one.children is not None and seen is not None:
                found.append(Error(origin, one.year, one.children, seen))
    return found


def backtest_sentence(model: Model) -> str:
    errors = errors_of(model)
    backs = sorted({model.last - error.origin for error in errors})
    told = projection.mean_errors(errors, texts.FEWEST_FOR_RELATIVE_CHANGE)
    return texts.backtest_sentence(backs, told)
