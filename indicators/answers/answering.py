"""Entry point: the answer to a view, whatever its kind."""

from indicators.answers import (
    balance,
    chain,
    flow,
    map,
    notable,
    profile,
    pyramid,
    ranking,
    starters,
    table,
    together,
    trend,
)
from indicators.answers.answer import Answer
from indicators.release.releases import Release
from indicators.view import View

_KINDS = {
    "map": map.answer,
    "trend": trend.answer,
    "ranking": ranking.answer,
    "table": table.answer,
    "profile": profile.answer,
    "together": together.answer,
    "flow": flow.answer,
    "flows": flow.across,
    "pyramid": pyramid.answer,
    "starters": starters.answer,
    "balance": balance.answer,
    "chain": chain.answer,
    "notable": notable.answer,
}


def answer(release: Release, view: View) -> Answer:
    """Raises ViewError, naming what there is, when the view asks for something without values."""
    return _KINDS[view.kind](release, view)
