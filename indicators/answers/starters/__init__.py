"""School starters: observed entries, those of the next years by the method of school planning, and
how good the method would have been.

The room's way of a number: options.py (what is set), data.py (what is read), model.py (what is
calculated), method.py (the same in words); expected.py, parts.py and backtest.py answer by it, each
with its own lines, table and sentences, of which result.py has what they share.
"""

from indicators.answers.context import Context
from indicators.answers.starters import backtest, expected, parts
from indicators.answers.starters.model import Model
from indicators.answers.starters.options import read_options
from indicators.answers.starters.result import StartersAnswer
from indicators.release.releases import Release
from indicators.view import View


def answer(release: Release, view: View) -> StartersAnswer:
    """The projection from the newest key date, or the one asked for (`period`).

    `show=parts` gives one row per Gemeinde, Stadtteil or member and year, `show=backtest` what the
    same method would have said three, four and five years ago. Joint regions are summed from their
    members, each with its own ratios; Gemeinden and Stadtteile are moved along with the ratios and
    rates of their Kreis, because their own would be chance. So parts add up to the whole. Raises
    ViewError for settings that mean nothing and if no dataset has the children.
    """
    options = read_options(view)
    context = Context(release, view)
    model = Model(context, options)
    if options.show == "parts":
        return parts.answer(model)
    if options.show == "backtest":
        return backtest.answer(model)
    return expected.answer(model)
