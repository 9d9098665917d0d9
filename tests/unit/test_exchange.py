"""Figures that one office passes to another: what a package holds, that it comes in as it went out,
and that nothing else comes in with it."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pandas as pd
import pytest

from indicators import toml
from indicators.catalog import contents
from indicators.errors import BildungsblickError, FileError
from indicators.exchange import making, package, taking, unprotected
from indicators.folders import PROJECT, Folders
from indicators.sources import stock

SENDER = "Stadt Beispielstadt, Bildungsbüro"
# counts of persons with hidden cells, rates, places, several dimensions, key dates and school years
DATASETS = ["newcomers", "school_entry_examination", "childcare_places", "mean_age", "school_place"]


@pytest.fixture(scope="module")
def content(release):
    return making.of_release(release, SENDER, DATASETS)


@pytest.fixture(scope="module")
def packed(content, release) -> bytes:
    return package.packed(content, release.catalog)


@pytest.fixture
def partner(tmp_path) -> Folders:
    """The data folder of an office that knows nothing of the invented town."""
    for name in ("definitions", "received", "releases"):
        (tmp_path / name).mkdir()
        shutil.copy(PROJECT / "data" / name / "README.md", tmp_path / name)
    (tmp_path / "settings.toml").write_text("example = false\n", encoding="utf-8")
    return Folders(tmp_path)


def changed(archive: bytes, changes: dict[str, bytes | None]) -> bytes:
    """The archive with other members (None: without them)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if (file := changes.get(name, old.read(name))) is not None:
                new.writestr(name, file)
    return out.getvalue()


def cells(content: package.Content, id: str) -> pd.DataFrame:
    """A table of a package as texts; what is empty stays so."""
    table = io.BytesIO(content.tables[id])
    return pd.read_csv(table, sep=";", dtype=str, encoding="utf-8-sig", keep_default_na=False)


def shown(release, id: str) -> pd.DataFrame:
    """What a release shows of the own rows of a dataset, with the statuses a package can tell."""
    rows = making.rows(release, id)
    rows["status"] = rows["status"].replace({"suppressed": "secret", "too_few": "secret"})
    key = ["region", "period", *release.catalog.datasets[id].dimensions, "measure"]
    return rows[[*key, "value", "status"]].sort_values(key).reset_index(drop=True)


# --- there and back -------------------------------------------------------------------------------


def test_what_is_passed_on_comes_in_value_for_value(packed, partner, release):
    found = taking.take(packed, "paket.zip", partner)
    assert "5 Datensätze, wie veröffentlicht" in found.message
    receiver = taking.Receiver(partner)
    kept = stock.kept_files(partner)[-1]
    assert kept.path == found.received.stored.path
    hidden = 0
    for edition in receiver._read_kept(kept).values():
        rows = edition[0].rows
        id = edition[0].table.removeprefix(f"{making.name_of(SENDER)}_")
        key = ["region", "period", *release.catalog.datasets[id].dimensions, "measure"]
        got = rows[[*key, "value", "status"]].astype({c: object for c in key})
        got = got.sort_values(key).reset_index(drop=True)
        want = shown(release, id)
        want = want[want["status"] != "not_collected"].reset_index(drop=True)
        got = got.merge(want[key], on=key)
        pd.testing.assert_frame_equal(
            got.astype({"status": str}), want.astype({"status": str}), check_dtype=False
        )
        hidden += int((want["status"] == "secret").sum())
    assert hidden > 1_000


def test_nothing_that_is_hidden_is_a_number_anywhere_in_the_file(content, release):
    for id in ("newcomers", "school_entry_examination"):
        dataset = release.catalog.datasets[id]
        table = cells(content, id)
        rows = making.rows(release, id)
        secret = rows[rows["status"].isin(["suppressed", "secret", "too_few"])]
        assert (table[[m.name for m in dataset.measures]] == "•").sum().sum() == len(secret) > 0


def test_a_part_of_the_regions_is_passed_on_with_all_in_it(release):
    content = making.of_release(release, SENDER, ["newcomers"], ["99102"])
    table = cells(content, "newcomers")
    keys = set(table[package.KEY])
    assert "99102" in keys and len(keys) > 10
    assert all(key.startswith("99102") for key in keys)
    with pytest.raises(BildungsblickError, match="„77777“ gibt es nicht"):
        making.of_release(release, SENDER, ["newcomers"], ["77777"])


def test_what_is_not_of_the_town_is_not_passed_on(release):
    with pytest.raises(BildungsblickError, match="lässt sich nicht weitergeben"):
        making.of_release(release, SENDER, ["students"])
    with pytest.raises(BildungsblickError, match="Kein Datensatz genannt"):
        making.of_release(release, SENDER, [])


def test_the_description_follows_the_standard(packed, release):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        told = json.loads(archive.read(package.DESCRIPTION))
        names = set(archive.namelist())
        for resource in told["resources"]:
            table = archive.read(resource["path"]).decode("utf-8-sig")
            fields = [field["name"] for field in resource["schema"]["fields"]]
            assert table.splitlines()[0].split(";") == fields
            assert resource["bytes"] == len(archive.read(resource["path"]))
    assert told["bildungsblick"]["release"] == release.id
    assert {"LIESMICH.txt", "definitionen.toml", "datapackage.json"} < names
    assert package.packed(package.unpacked(packed, "x"), release.catalog) == packed


@pytest.mark.parametrize("kind", ["datasets", "dimensions", "indicators", "local_regions"])
def test_a_definition_is_the_same_when_it_is_read_again(kind, release):
    for one in getattr(release.catalog, kind).values():
        text = toml.written({kind: [making.plain(one)]})
        assert getattr(contents.read("x.toml", text), kind) == [one]


def test_a_dataset_of_the_senders_own_brings_its_definition(release, monkeypatch):
    """Without the shipped definitions everything is the sender's own."""
    monkeypatch.setattr(
        making.catalogs,
        "load",
        lambda *_: SimpleNamespace(datasets=[], dimensions=[], indicators=[]),
    )
    content = making.of_release(release, SENDER, ["newcomers"])
    told = contents.read("x.toml", content.definitions)
    assert [one.id for one in told.datasets] == ["newcomers"]
    assert {one.id for one in told.dimensions} == {"age_newcomer", "sex"}
    assert told.indicators and all(one.datasets == ["newcomers"] for one in told.indicators)


# --- older, newer, damaged, foreign ---------------------------------------------------------------


def test_an_older_package_does_not_take_the_place_of_a_newer_one(release, partner):
    newer = making.of_release(release, SENDER, ["mean_age"])
    older = replace(newer, moment=newer.moment - timedelta(days=400))
    taking.take(package.packed(newer, release.catalog), "neu.zip", partner)
    with pytest.raises(FileError, match="liegt schon ein neueres vor"):
        taking.take(package.packed(older, release.catalog), "alt.zip", partner)
    again = taking.take(package.packed(newer, release.catalog), "neu.zip", partner)
    assert not again.received.stored.is_changed
    taking.take(package.packed(older, release.catalog), "alt.zip", partner, instead=True)


def test_a_damaged_package_changes_nothing(packed, partner):
    before = sorted(path.name for path in partner.data.rglob("*"))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        table = archive.read("daten/mean_age.csv")
    cases = {
        "wurde verändert": {"daten/mean_age.csv": table.replace(b"43,8", b"13,8", 1)},
        "fehlt": {"daten/mean_age.csv": None},
        "unvollständig": {"datapackage.json": b'{"bildungsblick": {}}'},
    }
    for reason, change in cases.items():
        with pytest.raises(FileError, match=reason):
            taking.take(changed(packed, change), "paket.zip", partner)
    assert sorted(path.name for path in partner.data.rglob("*")) == before


def forged(content: package.Content, definitions: str, release) -> bytes:
    return package.packed(replace(content, definitions=definitions), release.catalog)


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ('[[stricter_rules]]\ndatasets = ["newcomers"]\nminimum = 5\n', "nicht haben darf"),
        ('[[mappings]]\nid = "alles"\ndataset = "mean_age"\nfiles = ["*.csv"]\n', "liest anderes"),
        ("[[datasets]]\nname = 3\n", "keinen Namen"),
        ("mappings = 3\n", "nicht haben darf"),
        ("[[mappings]\n", "kein TOML"),
    ],
)
def test_a_package_defines_nothing_but_its_own(added, reason, release, partner):
    content = making.of_release(release, SENDER, ["mean_age"])
    text = added if added.startswith("mappings =") else content.definitions + "\n" + added
    with pytest.raises(FileError, match=reason):
        taking.take(forged(content, text, release), "paket.zip", partner)
    assert not list(partner.own_definitions.glob("*.toml"))


def test_a_town_keeps_its_own_words(release, partner):
    """A region that the town has named itself stays as it is."""
    own = '[[local_regions]]\nid = "99102101"\nname = "Unser Dorf"\nlevel = "gemeinde"\n'
    own += 'parent = "99102"\n'
    own += '[[local_regions]]\nid = "99102"\nname = "Unser Kreis"\nlevel = "kreis"\nparent = "99"\n'
    own += '[[local_regions]]\nid = "99"\nname = "Unser Land"\nlevel = "land"\ninvented = true\n'
    (partner.own_definitions / "town.toml").write_text(own, encoding="utf-8")
    content = making.of_release(release, SENDER, ["newcomers"], ["99102"])
    taking.take(package.packed(content, release.catalog), "paket.zip", partner)
    assert taking.Receiver(partner).register["99102101"].name == "Unser Dorf"


# --- for one office alone -------------------------------------------------------------------------


def test_unprotected_numbers_leave_encrypted_and_come_in_with_the_passphrase_only(
    release, folders, partner
):
    content = unprotected.of_deliveries(folders, SENDER, "Landkreis Beispielau", ["newcomers"])
    assert content.protection == package.UNPROTECTED and content.recipient
    table = cells(content, "newcomers")
    assert not (table == "•").any().any()
    locked = package.encrypted(package.packed(content, release.catalog), "eins-zwei-drei")
    assert package.is_encrypted(locked) and not package.is_package(locked)
    assert b"newcomers" not in locked
    with pytest.raises(FileError, match="mit diesem Kennwort"):
        package.decrypted(locked, "paket.zip.age", "eins-zwei-vier")
    opened = package.decrypted(locked, "paket.zip.age", "eins-zwei-drei")
    assert "ungeschützt" in taking.take(opened, "paket.zip", partner).message
    assert "UNGESCHUETZT" in package.file_name(content)


def test_unprotected_numbers_are_for_somebody(folders):
    with pytest.raises(BildungsblickError, match="für wen das Paket ist"):
        unprotected.of_deliveries(folders, SENDER, " ", ["newcomers"])
