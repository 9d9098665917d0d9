"""The rule of a dataset: sensible, stricter for a town, never looser; which rates may be shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.errors import DefinitionError
from indicators.protection.rules import PROFILES, Rule, strictest, tightened

RULES = st.builds(
    Rule,
    minimum=st.integers(2, 12),
    zeros=st.just("hidden"),
    group=st.integers(0, 20),
    minimum_denominator=st.integers(0, 50),
    insider=st.booleans(),
)


def test_what_is_protected_together_follows_the_strictest_in_each_field():
    lenient = Rule(minimum=10, zeros="shown", group=0, minimum_denominator=5, insider=False)
    found = strictest([lenient, Rule(minimum=3, group=15, minimum_denominator=20)])
    assert found == Rule(minimum=10, zeros="hidden", group=15, minimum_denominator=20, insider=True)


def test_the_profiles_are_3_5_and_10():
    assert [rule.minimum for rule in PROFILES.values()] == [3, 5, 10]
    assert Rule() == PROFILES["standard"]


@pytest.mark.parametrize(
    "wrong",
    [{"minimum": 1}, {"zeros": "some"}, {"group": -1}, {"zeros": "shown", "group": 5}],
)
def test_a_rule_without_sense_is_refused(wrong):
    with pytest.raises(DefinitionError, match="Schutzregel"):
        Rule(**wrong)


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({"minimum": 3}, "Mindestfallzahl"),
        ({"zeros": "shown", "group": 0}, "Nullen"),
        ({"group": 9}, "Gruppen"),
        ({"minimum_denominator": 19}, "Nenner"),
        ({"insider": False}, "Mitwissenden"),
    ],
)
def test_a_town_cannot_loosen(wish, word):
    with pytest.raises(DefinitionError, match=f"town.toml.*{word}.*nur strenger"):
        tightened(Rule(minimum=5), wish, "town.toml")


def test_an_unknown_field_is_refused():
    with pytest.raises(DefinitionError, match="kein Feld smallest"):
        tightened(Rule(), {"smallest": 5}, "town.toml")


@given(RULES, RULES)
def test_what_comes_out_is_as_strict_as_both_or_refused(source, wish):
    wishes = {"minimum": wish.minimum, "group": wish.group, "insider": wish.insider}
    looser = (
        wish.minimum < source.minimum or wish.group < source.group or wish.insider < source.insider
    )
    if looser:
        with pytest.raises(DefinitionError):
            tightened(source, wishes, "town.toml")
    else:
        found = tightened(source, wishes, "town.toml")
        assert (found.minimum, found.group, found.insider) == tuple(wishes.values())
        assert found.minimum_denominator == source.minimum_denominator
