"""What a reader is told where a value is missing because nobody asked for it."""

from collections.abc import Iterable, Mapping

import pandas as pd

from indicators.catalog.catalog import Catalog
from indicators.catalog.definition import TOTAL
from indicators.catalog.meaning import Collected, Indicator, Term
from indicators.symbols import Status

_GENERAL = (
    "„Nicht erhoben“: Die Tabelle nennt diese Angabe für den Zeitraum oder für diese Gebiete "
    "nicht; das heißt nicht, dass es null sind."
)


def reasons(
    rows: pd.DataFrame, indicator: Indicator, catalog: Catalog, asked: Mapping[str, str], by: str
) -> list[str]:
    """Why some of an indicator's rows (of `indicator_values`) say "nicht erhoben": in the words of
    the datasets' definitions, else in general; empty if none does. `asked` are the categories the
    view is restricted to, `by` the dimension it is divided by ("": none)."""
    empty = rows[rows["status"] == Status.NOT_COLLECTED.value]
    if empty.empty:
        return []
    terms = [
        t for index in empty["calculation"].unique() for t in indicator.calculations[index].terms
    ]
    divided = {by: list(empty["category"].unique())} if by else {}
    found = [
        one.reason
        for term in terms
        for one in catalog.datasets[term.dataset].collected
        if one.reason and _concerns(one, term, {**asked, **divided, **term.where})
    ]
    return list(dict.fromkeys(found)) or [_GENERAL]


def _concerns(one: Collected, term: Term, asked: Mapping[str, str | list[str]]) -> bool:
    if one.measures and term.measure not in one.measures:
        return False
    return all(
        not _listed(wanted).isdisjoint(_listed(asked.get(dimension, TOTAL)))
        for dimension, wanted in one.where.items()
    )


def _listed(wanted: str | Iterable[str]) -> set[str]:
    return {wanted} if isinstance(wanted, str) else set(wanted)
