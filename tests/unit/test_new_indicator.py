"""A town adds an indicator, a dataset or a region with one file; nothing else is touched."""

import json

import pytest

from indicators import folders as places
from indicators import kinds
from indicators import view as views
from indicators.__main__ import main
from indicators.answers.answering import answer
from indicators.folders import Folders
from indicators.publishing import run
from indicators.release import releases

pytestmark = pytest.mark.build  # a release is built with the new definition

INDICATOR = """
[indicator]
id = "abgehende_mit_abschluss_anteil"
name = "Abgehende mit mindestens Hauptschulabschluss"
short_name = "Mit Abschluss"
theme = "uebergaenge"
life_phase = "sekundarstufe"
baustein = 3
unit = "%"
factor = 100
polarity = "higher_is_better"
place = "schulort"
definition = "Anteil der Abgehenden mit mindestens Hauptschulabschluss an allen."
formula = "(alle − ohne Hauptschulabschluss) ÷ alle × 100"
numerator_name = "Abgehende mit Abschluss"
denominator_name = "Absolvierende und Abgehende"
period_meaning = "Schuljahr, an dessen Ende die Jugendlichen die Schule verließen."
caveats = ["Gezählt wird am Schulort."]

[indicator.statement]
verb = "verließen"
rest = "{value} der Abgehenden die Schule mit einem Abschluss"

[[indicator.calculations]]
numerator = [
    { dataset = "leavers", measure = "leavers" },
    { dataset = "leavers", measure = "leavers", where = { certificate = "none" }, sign = -1 },
]
denominator = [{ dataset = "leavers", measure = "leavers" }]
"""


@pytest.fixture(scope="module")
def built(excerpts, tmp_path_factory):
    """A release whose town added the one file."""
    folders = Folders(tmp_path_factory.mktemp("town"))
    folder = folders.own_definitions / "indicators"
    folder.mkdir(parents=True)
    (folder / "abgehende_mit_abschluss_anteil.toml").write_text(INDICATOR, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "SHIPPED", excerpts)
        assert run.build(folders).published
    return folders


@pytest.mark.parametrize("kind", [kind for kind in kinds.USUAL if kind != "profile"])
def test_one_file_is_enough_for_every_kind_of_answer(built, kind):
    release = releases.open_release(built)
    id = "abgehende_mit_abschluss_anteil"
    query = f"kind={kind}&indicator={id}&region=verbund:hof"
    if kind == "maps":  # of one period
        query += "&with=abgaenger_ohne_abschluss_anteil"
    found = answer(release, views.parse(query, release.catalog, release.regions))
    of = [row for row in found.rows if row.get("indicator", id) == id]
    values = {row["region"]: row["value"] for row in of}
    # (637 − 74 + 652 − 45) of (637 + 652)
    if kind != "map":
        assert values["verbund:hof"] == 90.8
    else:
        assert (values["09464"], values["09475"]) == (88.4, 93.1)
    assert "21111-02-06-4" in found.source and found.table.rows


def test_it_stands_in_the_profile_and_on_the_command_line(built, capsysbinary):
    assert "abgehende_mit_abschluss_anteil" in releases.open_release(built).catalog.indicators
    for view in (
        "kind=profile&region=verbund:hof&theme=uebergaenge",
        "indicator=abgehende_mit_abschluss_anteil&region=verbund:hof",
    ):
        assert main(["--data", str(built.data), "answer", view]) == 0
        content = json.loads(capsysbinary.readouterr().out)
        assert 90.8 in [row["value"] for row in content["rows"]]


def test_its_sentence_is_made_of_its_own_words(built):
    release = releases.open_release(built)
    query = "indicator=abgehende_mit_abschluss_anteil&region=verbund:hof"
    found = answer(release, views.parse(query, release.catalog, release.regions))
    assert found.headline == (
        "In Stadt und Landkreis Hof verließen 90,8\u00a0% der Abgehenden die Schule mit einem "
        "Abschluss"
    )
    assert "1.170 von 1.289" in found.reading_aid


def test_a_joint_region_of_a_town_is_one_file_too(small_shipped, own_folders):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "regions.toml").write_text(
        '[education_region]\nid = "oberfranken_nord"\nname = "Nord"\n'
        'members = ["09463", "09473", "09464", "09475"]\n'
        'joint_name = "Coburg und Hof"\njoint_where = "in Coburg und Hof"\n',
        encoding="utf-8",
    )
    run.build(own_folders)
    release = releases.open_release(own_folders)
    query = "kind=table&indicator=abgaenger_ohne_abschluss_anteil&region=verbund:oberfranken_nord"
    found = answer(release, views.parse(query, release.catalog, release.regions))
    # 67 + 51 + 74 + 45 of 758 + 437 + 637 + 652
    assert (found.rows[0]["numerator"], found.rows[0]["denominator"]) == (237, 2484)
    assert found.headline.startswith("In Coburg und Hof verließen 9,5\u00a0% der Abgehenden")


def test_a_joint_region_of_a_kreis_that_does_not_exist_names_it(small_shipped, own_folders, capsys):
    own_folders.own_definitions.mkdir(parents=True)
    (own_folders.own_definitions / "regions.toml").write_text(
        '[education_region]\nid = "x"\nname = "x"\nmembers = ["09464", "09999"]\n'
    )
    assert main(["--data", str(own_folders.data), "build"]) == 1
    assert (
        "Die Bildungsregion x nennt 09999; diese Region gibt es nicht." in capsys.readouterr().err
    )
