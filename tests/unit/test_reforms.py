"""Reforms in the figures that ship: Wartburgkreis, Göttingen, Saxony, Aachen."""

WARTBURG = "indicator=wanderungssaldo&region=16063&period=2019&scope=land"


def of(answer, region: str) -> dict:
    (row,) = [row for row in answer.rows if row["region"] == region]
    return row


def test_eisenach_is_compared_in_2019_and_its_neighbour_not_painted_over_it(ask):
    ranking = ask(f"kind=ranking&{WARTBURG}")
    assert "auf Rang 18 von 23 in Thüringen" in ranking.headline
    assert of(ranking, "16056")["value"] == 2.9
    picture = ask(f"kind=map&{WARTBURG}").figure
    then = picture.then["2019", "16063"].replace("\u00a0", " ")
    assert then == "Stadt Eisenach (bis 30.06.2021) 2,9 je 1.000; Wartburgkreis −0,4 je 1.000"
    whole = ask("kind=map&indicator=wanderungssaldo&region=16063&period=2019&scope=all")
    assert "401 Kreise in Deutschland" in whole.subtitle


def test_goettingen_is_two_kreise_until_2015_and_one_from_2016(ask):
    view = "kind=ranking&indicator=wanderungssaldo&scope=land&region="
    assert "von 46 in Niedersachsen" in ask(view + "03152&period=2015").headline
    new = ask(view + "03159&period=2016")
    assert "von 45 in Niedersachsen" in new.headline
    assert {"03152", "03156"}.isdisjoint(row["region"] for row in new.rows)
    before = ask(view + "03159&period=2015")
    assert "gab es im Gebietsstand dieser Angaben (2015) nicht" in before.headline
    picture = ask("kind=map&indicator=wanderungssaldo&region=03159&period=2015&scope=land").figure
    assert "Osterode" in picture.then["2015", "03159"]
    assert ("2016", "03159") not in picture.then
    # two Kreise are called alike: the one of then is not taken for the one of today
    names = {row[1] for row in before.table.rows}
    assert "Landkreis Göttingen (bis 31.10.2016)" in names and "Landkreis Göttingen" not in names


def test_mecklenburg_has_eighteen_kreise_in_2010_and_eight_in_2011(ask):
    view = "kind=map&indicator=wanderungssaldo&region=13&scope=land&period="
    assert "18 Kreise in Mecklenburg-Vorpommern" in ask(view + "2010").subtitle
    found = ask(view + "2011")
    assert "8 Kreise in Mecklenburg-Vorpommern" in found.subtitle
    assert sum(period == "2010" for period, _ in found.figure.then) >= 6


def test_a_kreis_that_only_got_another_key_keeps_its_area_on_the_map(ask):
    view = "indicator=abgaenger_ohne_abschluss_anteil&region=15003&period=2005/06&scope=land"
    assert "von 24 in Sachsen-Anhalt" in ask(f"kind=ranking&{view}").headline
    found = ask(f"kind=map&{view}")
    picture = found.figure
    at = picture.periods.index("2005/06"), picture.region_ids.index("15002")
    (halle,) = [row["value"] for row in found.rows if row["region"] == "15202"]
    assert round(picture.values[at], 1) == halle
    assert ("2005/06", "15002") not in picture.then and ("2005/06", "15001") in picture.then
    (note,) = [note for note in found.notes if "nicht mit eigenen Grenzen" in note]
    assert "weitere" in note and "Halle" not in note and "Magdeburg" not in note


def test_a_table_that_recalculates_old_years_is_compared_by_the_kreise_of_today(ask):
    view = "indicator=verfuegbares_einkommen&scope=land&period=2005&region="
    assert "von 13 in Sachsen" in ask(f"kind=ranking&{view}14612").headline
    found = ask("kind=trend&indicator=verfuegbares_einkommen&region=03159")
    assert not found.figure.marks
    assert any("umgerechnet (Zusammenschluss Göttingen" in note for note in found.notes)


def test_the_line_of_the_wartburgkreis_is_not_drawn_through_the_reform_of_2019(ask):
    found = ask("kind=trend&indicator=wanderungssaldo&region=16063")
    own, land = found.figure.series[:2]
    assert 2018.5 in own.breaks and 2018.5 not in land.breaks
    assert "Vorjahr" not in found.headline + found.reading_aid
    (beside,) = found.beside
    assert "neuer Gebietsstand seit 2019" in beside and found.notes[0] == beside


def test_a_table_that_runs_ahead_of_a_reform_by_one_year_is_not_recalculated(ask):
    """The Regionalatlas counts the leavers of 2008/09 by the Städteregion founded that autumn."""
    found = ask("kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region=05334")
    assert "Städteregion Aachen besteht seit dem 21.10.2009" in found.beside[0]
    assert [m.label for m in found.figure.marks if m.is_break] == ["neuer Gebietsstand"]


def test_every_mark_of_a_line_is_explained_below_it(ask):
    found = ask("kind=trend&indicator=auslaenderanteil&region=09464")
    assert [mark.label for mark in found.figure.marks if mark.is_break] == ["Zensus 2011"]
    assert any("Zensus 2011, davor auf früheren Zählungen" in note for note in found.notes)
