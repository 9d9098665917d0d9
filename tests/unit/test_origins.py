"""The one reader of origins: what it refuses names file, field and the next step, in German."""

import pytest

from indicators.errors import BildungsblickError, FileError
from indicators.folders import SHIPPED
from indicators.publishing.deliveries import deliveries
from indicators.sources import origins

SOUND = 'file = "a.csv"\nstand = 2024-12-31\n'


@pytest.fixture
def place(tmp_path):
    return tmp_path / "a.csv.origin.toml"


WRONG = {
    "no TOML": (b"file = a", "kein gültiges TOML (Zeile 1, Spalte 8)"),
    "half a line": (b"file = ", "kein gültiges TOML"),
    "Latin-1": ('title = "Schüler"'.encode("latin-1"), "nicht in UTF-8 gespeichert"),
    "UTF-16": (SOUND.encode("utf-16"), "nicht in UTF-8 gespeichert"),
    "a digit too many": (b"position = " + b"9" * 5000, "kein gültiges TOML"),
    "a day as text": (b'stand = "gestern"', "Feld stand: hier muss ein Datum stehen"),
    "a day as a right text": (b'stand = "2024-12-31"', "ohne Anführungszeichen"),
    "a time of day": (b"stand = 07:30:00", "Feld stand: hier muss ein Datum stehen"),
    "a number for a day": (b"stand = 20241231", "Feld stand: hier muss ein Datum stehen"),
    "a number as checksum": (b"sha256 = 17", "Feld sha256: hier muss eine Prüfsumme SHA-256"),
    "a short checksum": (b'sha256 = "17"', "Feld sha256: hier muss eine Prüfsumme SHA-256"),
    "a list of licences": (b'licence = ["CC0"]', "Feld licence: hier muss ein Text stehen"),
    "a table as mapping": (b"mapping = { a = 1 }", "Feld mapping: hier muss der Name einer"),
    "numbers as mappings": (b"mapping = [1]", "Feld mapping: hier muss der Name einer"),
    "a field nobody knows": (b'licens = "CC0"', "Feld licens: dieses Feld gibt es hier nicht; er"),
    "a path": (b'file = "../a.csv"', "Feld file: hier muss der Name einer Datei stehen"),
    "a path of Windows": (b'file = "..\\\\a.csv"', "Feld file: hier muss der Name einer Datei"),
    "the folder itself": (b'file = "."', "Feld file: hier muss der Name einer Datei stehen"),
    "no name": (b'file = ""', "Feld file: hier muss der Name einer Datei stehen"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_names_file_field_and_next_step(place, case):
    content, told = WRONG[case]
    place.write_bytes(content)
    with pytest.raises(FileError) as caught:
        origins.read(place, "weiter so.")
    message = str(caught.value)
    assert message.startswith(f"{place}: der Herkunftsnachweis ") and told in message
    assert message.endswith(". Nächster Schritt: weiter so.")


def test_a_folder_in_its_place_is_told(place):
    place.mkdir()
    with pytest.raises(FileError, match="kann nicht gelesen werden"):
        origins.read(place, "weiter so.")


def test_days_moments_and_offsets_can_be_compared(place):
    stands = set()
    for stand in ("2024-12-31", "2024-12-31T00:00:00", "2024-12-31T00:00:00Z"):
        place.write_text(f"stand = {stand}\n")
        stands.add(origins.read(place, "").stand)
    assert len(stands) == 1


def test_a_byte_order_mark_and_one_name_for_a_list_are_no_fault(place):
    place.write_text('mapping = "own"\n', encoding="utf-8-sig")
    assert origins.read(place, "").mapping == ("own",)


def test_what_is_written_is_read_again(place):
    facts = {
        "file": 'Gänge "neu".csv',
        "mapping": ["a", "b"],
        "title": "Zeile\neins",
        "stand": None,
    }
    place.write_text(origins.as_toml(facts), encoding="utf-8")
    read = origins.read(place, "")
    assert (read.file, read.mapping, read.title) == (facts["file"], ("a", "b"), "Zeile eins")


def test_all_origins_that_ship_are_right():
    found = [path for path in origins.files_below(SHIPPED / "official") if origins.is_origin(path)]
    found += [path for path in origins.files_below(SHIPPED / "example") if origins.is_origin(path)]
    assert len(found) > 60 and all(origins.read(path, "").file for path in found)


# --- in a data folder -----------------------------------------------------------------------------


def test_boundaries_that_were_received_are_no_table(small_shipped, own_folders):
    """Their origin need not name a file: it lies beside it and says its day."""
    folder = own_folders.received / "boundaries"
    folder.mkdir(parents=True)
    (folder / "stadtteile.geojson").write_text("{}")
    (folder / "stadtteile.geojson.origin.toml").write_text("stand = 2024-12-31\n")
    assert [one for one in deliveries(own_folders) if not one.shipped] == []


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_origin_stops_the_build_in_german(small_shipped, own_folders, case):
    folder = own_folders.received / "x"
    folder.mkdir(parents=True)
    (folder / "a.csv.origin.toml").write_bytes(WRONG[case][0])
    with pytest.raises(BildungsblickError, match="Nächster Schritt: diesen Nachweis löschen"):
        deliveries(own_folders)
