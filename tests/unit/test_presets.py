"""Presets: what may stand in one, and what is told of one that is wrong."""

import shutil

import pytest

from indicators.agenda import presets
from indicators.errors import DefinitionError
from indicators.folders import Folders

LEAST = 'name = "N"\ntext = "T"\ntitle = "{region}"\n'
SHIPPED = {
    "bildungsbericht", "schuleingangsuntersuchung", "thematische_analyse", "datensammlung",
    "profil_gemeinde", "nachweis_bausteine", "jahresbericht_schwerpunkt", "beschlussvorlage",
}  # fmt: skip


def test_the_presets_that_ship_are_read(tmp_path):
    found = presets.known(Folders(tmp_path))
    assert set(found) == SHIPPED
    assert found["profil_gemeinde"].pages == 2 and found["profil_gemeinde"].local
    assert [one.order for one in found.values()] == sorted(one.order for one in found.values())


def test_a_town_adds_presets_and_puts_its_own_in_place_of_one(tmp_path):
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / "eigen.toml").write_text(LEAST + '[[section]]\nindicators = ["seu_*"]\n')
    shipped = Folders(tmp_path).presets[0] / "datensammlung.toml"
    shutil.copy(shipped, folder / "bildungsbericht.toml")
    found = presets.known(Folders(tmp_path))
    assert set(found) == SHIPPED | {"eigen"}
    assert found["bildungsbericht"].name == "Kommentierte Datensammlung"


def test_who_asks_for_one_that_there_is_not_is_told_which_there_are(tmp_path):
    with pytest.raises(DefinitionError, match="nix.*bildungsbericht"):
        presets.named(Folders(tmp_path), "nix")


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("", "Feld section: dieses Feld fehlt"),
        ("[[section]]", "section 1: hier fehlt, was gezeigt wird"),
        ('[[section]]\ngroup = "topic"', "braucht topics"),
        ('[[section]]\nform = "nix"', "form: „nix“ gibt es nicht; erlaubt sind contents"),
        ('[[section]]\nform = "signs"\ntext = "t"', "form schreibt sich selbst"),
        ('[[section]]\ntext = "t"', "zu text gehört title"),
        ('[[section]]\ntitle = "{gebiet}"\ntext = "t"', "nur eines von region"),
        ('[[section]]\ngroup = "themes"\nindicators = ["a"]', "entweder group oder indicators"),
        ('[[section]]\nindicators = ["a"]\nparts = ["bild"]', "„bild“ ist nicht erlaubt"),
        ('[[section]]\nindicators = ["a"]\nbild = 1', "dieses Feld gibt es hier nicht"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(section, told):
    with pytest.raises(DefinitionError) as error:
        presets.read(LEAST + section, "eigen.toml")
    assert "eigen.toml" in str(error.value) and told in str(error.value)
