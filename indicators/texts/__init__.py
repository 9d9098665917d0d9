"""Rule-written German sentences: every word about numbers comes from the numbers themselves.

A module a kind of sentence; all stand on `values`. Callers say `from indicators import texts` and
`texts.statement(…)`, so that a call shows where its words come from; of the type alone they say
`from indicators.texts import Value`. A sentence that callers use has its name here.
"""

from indicators.texts.balances import balance_headline, balance_reading_aid, balance_sum
from indicators.texts.chains import chain_headline
from indicators.texts.changes import change, earlier, short_change, trend_alt
from indicators.texts.children import (
    backtest_sentence,
    cohorts_headline,
    pyramid_reading_aid,
    starters_headline,
    starters_reading_aid,
)
from indicators.texts.comparisons import (
    comparison,
    counts_headline,
    division_headline,
    largest_headline,
    map_headline,
    members_headline,
    places_headline,
    ranking_headline,
    with_members,
)
from indicators.texts.events import event_note, event_short
from indicators.texts.notable import notable_change, notable_gap, notable_headline
from indicators.texts.statements import (
    no_value,
    one_behind_the_other,
    reading_aid,
    statement,
    trend_headline,
)
from indicators.texts.targets import (
    Judgement,
    target_name,
    target_note,
    target_short,
    targets_subtitle,
    unusable,
)
from indicators.texts.values import (
    FEWEST_FOR_RELATIVE_CHANGE,
    Value,
    begin,
    gap,
    is_gap,
    qualifier,
    said,
    shown,
)
