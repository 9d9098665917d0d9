"""The values that a release keeps are those its counts give, for every reader and every region."""

import pandas as pd
import pytest

from indicators.answers.context import counted
from indicators.release import queries, releases, values
from indicators.release.values import indicator_values, usual_values

SOME = ["verbund:coburg", "09473", "07111", "09", "DG", "verbund:beispiel", "99101-01", "99102103"]


def test_a_release_keeps_values_of_all_indicators_that_have_any(release):
    assert releases.KEPT_VALUES in release.tables
    kept = release.frame(f"SELECT DISTINCT indicator FROM release.{releases.KEPT_VALUES}")
    assert len(kept) > 120


def test_what_is_kept_is_what_the_counts_give(release):
    for indicator in list(release.catalog.indicators.values())[::4]:
        computed = usual_values(release, indicator)
        computed = computed[computed["region"].isin(SOME)].reset_index(drop=True)
        found = indicator_values(release, indicator, SOME)
        pd.testing.assert_frame_equal(found, computed, check_dtype=False, obj=indicator.id)


def test_a_region_has_the_same_values_whoever_is_asked_with_it(release):
    for indicator in list(release.catalog.indicators.values())[1::8]:
        every = usual_values(release, indicator)
        for region in SOME:
            alone = values._computed(release, indicator, [region], None, values.usual(indicator))
            of_it = every[every["region"] == region].reset_index(drop=True)
            pd.testing.assert_frame_equal(of_it, alone, check_dtype=False, obj=indicator.id)


@pytest.mark.parametrize(
    "how", ["by a dimension", "of a category", "as a count", "of another definition"]
)
def test_what_was_not_kept_is_computed(release, monkeypatch, how):
    """The kept values are of an indicator as it stands, and of nothing else."""
    share = release.catalog.indicators["uebertrittsquote_gymnasium"]
    monkeypatch.setattr(queries, "kept_values", lambda *_: pytest.fail("read what was kept"))
    if how == "by a dimension":
        rows = indicator_values(release, share, ["99101"], by="sex")
    elif how == "of a category":
        rows = indicator_values(release, share, ["99101"], only={"sex": "female"})
    elif how == "as a count":
        rows = indicator_values(release, counted(share), ["99101"])
    else:
        rows = indicator_values(release, share.model_copy(update={"factor": 1000}), ["99101"])
    assert rows["value"].notna().any()
