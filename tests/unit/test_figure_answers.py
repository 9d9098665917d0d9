"""What the answers trend, ranking, map and profile decide and say about their figures."""

import re

import pytest

from indicators.answers.pyramid import regions_with_ages
from indicators.answers.unpublished import left_out
from indicators.catalog.definition import TOTAL
from indicators.errors import NotPublishedError
from indicators.release.values import indicator_values

STUDENTS = "kind=trend&indicator=studierende&region=09463"
LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil&region=verbund:hof"


def drawn(answer) -> list[str]:
    return [series.name for series in answer.figure.series]


# --- counts of another magnitude ------------------------------------------------------------------


def test_a_count_is_not_drawn_beside_one_more_than_ten_times_as_large(ask):
    """Coburg has 4,700 students, Bavaria and Germany hundreds of thousands."""
    answer = ask(STUDENTS)
    assert drawn(answer) == ["Stadt Coburg", "Landkreis Coburg"]
    values = [p.value for s in answer.figure.series for p in s.points if p.value is not None]
    assert max(values) == 4700


def test_what_is_left_out_is_told_and_where_to_see_it(ask):
    answer = ask(STUDENTS)
    assert "ohne Bayern und Deutschland (viel größere Anzahl)" in answer.subtitle
    (note,) = [note for note in answer.notes if note.startswith("Nicht eingezeichnet")]
    assert "Bayern und Deutschland" in note and "Die Tabelle nennt alle Werte." in note
    assert {"Bayern", "Deutschland"} < set(answer.table.columns)
    assert {"09", "DG"} < {row["region"] for row in answer.rows}


def test_rates_are_always_compared(ask):
    answer = ask("kind=trend&" + LEAVERS)
    assert {"Bayern", "Deutschland"} < set(drawn(answer))
    assert "ohne" not in answer.subtitle.removeprefix("Abgehende ohne")
    assert not any(note.startswith("Nicht eingezeichnet") for note in answer.notes)


def test_the_count_of_a_rate_is_a_count(ask):
    assert "Deutschland" not in drawn(ask(f"kind=trend&measure=count&{LEAVERS}"))


def test_a_count_of_the_same_magnitude_is_drawn(ask):
    """Bavaria has a seventh of Germany's students."""
    assert drawn(ask("kind=trend&indicator=studierende&region=09")) == ["Bayern", "Deutschland"]


def test_a_region_the_reader_has_chosen_is_always_drawn(ask):
    """Berlin has some forty times the students of Coburg."""
    assert "Stadt Berlin" in drawn(ask(f"{STUDENTS}&compare=11000"))


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "names"),
    {
        "verbund:hof": ["gemeinsam", "Stadt", "Landkreis"],
        "verbund:kaufbeuren_ostallgaeu": ["gemeinsam", "Kaufbeuren", "Ostallgäu"],
        "09464": ["", ""],
        "07111": [""],
    }.items(),
)
def test_a_joint_region_and_its_members_have_short_names(region, names, ask):
    answer = ask(f"kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region={region}")
    short = [s.short for s in answer.figure.series if s.role in ("own", "part")]
    assert short == names


def test_names_stay_whole_beside_another_kreis(ask):
    answer = ask(f"kind=trend&{LEAVERS}&compare=09463")
    assert not any(s.short for s in answer.figure.series)


# --- periods --------------------------------------------------------------------------------------


def test_a_trend_names_the_period_its_headline_tells(ask):
    assert (
        "Wert für 2022/23, Zeitverlauf 1994/95 bis 2022/23" in ask("kind=trend&" + LEAVERS).subtitle
    )
    asked = ask(f"kind=trend&{LEAVERS}&period=2022/23")
    assert "Wert für 2022/23" in asked.subtitle


def test_a_trend_of_one_period_names_it_once(ask):
    assert ask(STUDENTS).subtitle.count("2023/24") == 1


@pytest.mark.parametrize("kind", ["map", "ranking"])
def test_a_map_and_a_ranking_name_their_own_period_beside_a_newer_trend(kind, ask):
    answer = ask(f"kind={kind}&{LEAVERS}")
    assert answer.period in answer.subtitle
    assert answer.period != "2022/23"  # the trend's; not enough Kreise have it


def test_the_division_of_a_trend_names_its_period(ask):
    answer = ask("kind=trend&indicator=studierende&region=07111&by=sex")
    assert answer.period in answer.subtitle


# --- profile --------------------------------------------------------------------------------------


def test_a_profile_counts_only_indicators_that_have_a_value(ask):
    answer = ask("kind=profile&region=verbund:hof")
    known = {row["indicator"] for row in answer.rows if row["value"] is not None}
    shown = [row[2] for row in answer.table.rows]
    assert "nicht berechenbar" in shown
    assert f": {len(known)} von " in answer.headline
    assert len(known) < len(shown)


# --- one period, categories, nothing --------------------------------------------------------------


def test_a_single_period_is_bars_with_names_not_dots(ask):
    answer = ask("kind=trend&indicator=berufliche_schueler&region=verbund:coburg")
    assert answer.figure.kind == "bars"
    assert [name for _, name in answer.figure.ticks] == drawn(answer)
    assert len({p.x for s in answer.figure.series for p in s.points}) == 3
    assert ask("kind=trend&" + LEAVERS).figure.kind == "lines"


def test_a_headline_by_category_says_what_its_numbers_are(ask):
    town = "region=verbund:beispiel"
    rate = ask(f"kind=trend&indicator=uebertrittsquote_gymnasium&by=citizenship&{town}")
    assert re.search(r"wechselten 36,2.% der Kinder .*: deutsch 38,7.%, ausl", rate.headline)
    count = ask(f"kind=trend&indicator=massnahmen_bestand&by=baustein&{town}")
    assert "Schulische und außerschulische Bildungsangebote vernetzen 41" in count.headline


def test_a_table_without_values_names_no_span(ask):
    answer = ask("kind=table&indicator=schuelerpendlersaldo&region=verbund:coburg")
    assert ", ," not in answer.subtitle


def test_an_index_is_not_pressed_flat_by_an_axis_from_zero(ask):
    query = "kind=trend&indicator=vorausberechnung_index&region=verbund:beispiel"
    assert ask(query).figure.from_zero is False
    assert ask("kind=trend&" + LEAVERS).figure.from_zero is True


# --- what is not published ------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["99102103", "99101-03", "99101"])
def test_a_division_called_left_out_has_no_values_and_the_answer_says_why(region, release, ask):
    found = []
    for indicator in release.catalog.indicators.values():
        given = {b.dimension: b.default for b in indicator.breakdowns if b.default}
        for by in [b.dimension for b in indicator.breakdowns]:
            reason = left_out(release, indicator, [region], {**given, by: None})
            if not reason:
                continue
            found.append(indicator.id)
            rows = indicator_values(release, indicator, [region], by=by)
            assert rows[rows["category"] != TOTAL]["value"].isna().all(), (indicator.id, by)
            if not release.catalog.dimensions[by].incomparable:
                with pytest.raises(NotPublishedError, match="um kleine Zahlen zu schützen"):
                    ask(f"kind=trend&indicator={indicator.id}&region={region}&by={by}")
    assert ("einschulungen" in found) == (region != "99101")


def test_two_divisions_published_one_at_a_time_are_not_published_together(release):
    indicator = release.catalog.indicators["einschulungen"]
    sex = {"sex": "female"}
    assert left_out(release, indicator, ["99101"], sex) == ""
    assert left_out(release, indicator, ["99101"], {"citizenship": None}) == ""
    reason = left_out(release, indicator, ["99101"], {**sex, "citizenship": None})
    assert "nicht zugleich nach Geschlecht und Staatsangehörigkeit" in reason


def test_a_map_of_parts_says_what_is_not_published_of_them(ask):
    of_parts = "indicator=einschulung_verspaetet_quote&region=99102&scope=parts&sex=female"
    assert ask("kind=trend&indicator=einschulung_verspaetet_quote&region=99102&sex=female").rows
    for kind in ("map", "ranking"):
        with pytest.raises(NotPublishedError, match="Gemeinden nicht nach Geschlecht"):
            ask(f"kind={kind}&{of_parts}")


def test_a_pyramid_is_compared_with_regions_whose_ages_are_published(release, ask):
    known = regions_with_ages(release)
    assert {"99101", "99102"} < set(known) and "99102103" not in known
    compared = ask("kind=pyramid&region=99101&compare=99102")
    assert compared.figure
    with pytest.raises(NotPublishedError):
        ask("kind=pyramid&region=99101&compare=99102103")


# --- joint regions among Kreise -------------------------------------------------------------------


def test_the_members_of_a_joint_region_are_ranked_where_they_have_nothing_together(ask):
    """Of 2018/19 there are ready-made shares only, of 2022/23 counts."""
    answer = ask(f"kind=ranking&{LEAVERS}&period=2018/19")
    own = {p.label: p.text for s in answer.figure.series if s.role == "own" for p in s.points}
    assert list(own) == ["Stadt Hof", "Landkreis Hof"]
    for name, text in own.items():
        assert f"{name}: {text}," in answer.headline
    assert "Stadt und Landkreis Hof: ohne Zählwerte nicht berechenbar" in answer.subtitle
    assert "in der Stadt Hof" in answer.reading_aid
    assert "96 Kreise in Bayern" in answer.subtitle
    together = ask(f"kind=ranking&{LEAVERS}&period=2022/23")
    own = [place.name for place in together.figure.places if place.is_own]
    assert own == ["Stadt und Landkreis Hof"]
    assert "Hof:" not in together.subtitle


def test_a_protected_whole_of_compared_parts_is_no_reason_to_rank_its_members(ask):
    query = "kind=ranking&indicator=einschulung_verspaetet_quote&region=verbund:beispiel"
    answer = ask(f"{query}&scope=parts")
    assert not any(place.is_own for place in answer.figure.places)
    assert "Beispielstadt und Landkreis Beispielau:" not in answer.subtitle


def test_the_share_of_a_count_has_a_decimal_and_its_unit(ask):
    found = ask("kind=flow&indicator=einschulungen&region=99101")
    for row in found.rows:
        assert row["unit"] == "%"
        if row["value"] is not None:
            share = 100 * row["numerator"] / row["denominator"]
            assert row["value"] == pytest.approx(share, abs=0.051)
    assert any(row["value"] and not float(row["value"]).is_integer() for row in found.rows)
