"""Region codes as they arrive, names as they stand in a sentence, and validity."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import regions
from indicators.regions import Region, level_of, normalise


@pytest.mark.parametrize(
    ("arrives", "means"),
    [
        # Deutschland
        *[(text, "DG") for text in ("DG", "DE", "0", "00", "Deutschland", " deutschland ")],
        # a Land, also without its zero
        *[("02", "02"), ("5", "05"), ("05", "05"), ("16", "16")],
        # a Regierungsbezirk; two digits above 16 have lost a zero
        *[("094", "094"), ("94", "094"), ("51", "051"), ("17", "017"), ("515", "515")],
        # a Kreis
        *[("05515", "05515"), ("5515", "05515"), ("05515 ", "05515"), ("16077", "16077")],
        # a kreisfreie Stadt written as a Gemeinde
        *[("05515000", "05515"), ("5515000", "05515"), ("02000000", "02000")],
        # sub-units of a Kreis stay what they are
        *[("05334002", "05334002"), ("11001001", "11001001"), ("3241001", "03241001")],
        ("10041100", "10041100"),
        # 12 digits: the Gemeindeverband in the middle is left out
        *[("055150000000", "05515"), ("55150000000", "05515"), ("094755405112", "09475112")],
        # Rhineland-Palatinate: Kreis, Verbandsgemeinde (00: none), Gemeinde; also without the zero
        *[("0713101001", "07131001"), ("0713100007", "07131007"), ("713100007", "07131007")],
        *[("0713101", "0713101"), ("713101", "0713101"), ("0713101000", "0713101")],
        # Lower Saxony: Kreis, Samtgemeinde, Gemeinde
        *[("03151401002", "03151002"), ("3151401002", "03151002"), ("3151401", "03151401")],
        # the 9 digits of an association, and its 12 with no Gemeinde behind it
        *[("094755428", "094755428"), ("94755428", "094755428"), ("071315001000", "071315001")],
        *[("071315001001", "07131001"), ("71315001001", "07131001")],
        # Excel damage
        *[("9464.0", "09464"), ("9.464", "09464"), ('"09464"', "09464"), ("'09464", "09464")],
        *[("9.464.000", "09464"), ("5515000.0", "05515"), ("05.515", "05515")],
        # the city states: a Kreis table makes them 02000 and 11000, this function does not
        *[("11", "11"), ("04", "04")],
    ],
)
def test_a_code_becomes_its_canonical_key(arrives, means):
    assert normalise(arrives) == means


@pytest.mark.parametrize(
    "text",
    [
        "Hof",
        "Hof, kreisfreie Stadt",
        "Coburg",
        "DEH01",
        "DE2433",
        "de243",
        "",
        "12345.6",
        "123456",
        "0012345",
        "1051001000",
        "1234567890123",
    ],
)
def test_names_and_other_codes_are_never_guessed(text):
    """22 names exist twice."""
    assert normalise(text) is None


@pytest.mark.parametrize("code", ["DE2", "DEF", "DE24", "DE243", "DEG0N", "DE60", "DE600"])
def test_a_nuts_code_is_kept_for_the_register(code):
    assert normalise(code) == normalise(f" {code} ") == code


@given(st.text(max_size=14) | st.text("0123456789.²'\" ", max_size=14))
def test_any_text_gives_a_key_of_known_form_or_none(text):
    found = normalise(text)
    if found is not None and not found.startswith("DE"):
        assert level_of(found) in (*regions.LEVELS,)
        assert normalise(found) == found


@given(st.integers(1, 16), st.integers(0, 999))
def test_a_kreis_key_survives_the_loss_of_its_zero_and_every_damage(land, rest):
    key = f"{land:02d}{rest:03d}"
    for damaged in (str(int(key)), f"{int(key)}.0", f"'{key}", f'"{key}"', f" {key} ", key + "000"):
        assert normalise(damaged) == key


@pytest.mark.parametrize(
    ("key", "level"),
    [
        ("DG", "bund"),
        ("09", "land"),
        ("094", "regierungsbezirk"),
        ("09464", "kreis"),
        ("09475112", "gemeinde"),
        ("0713101", "gemeindeverband"),
        ("03151401", "gemeindeverband"),
        ("094755428", "gemeindeverband"),
        ("03151501", "gemeinde"),
        ("09464-12", "stadtteil"),
        ("verbund:hof", "verbund"),
    ],
)
def test_the_key_tells_the_level(key, level):
    assert level_of(key) == level
    assert level in regions.LEVELS


@pytest.mark.parametrize(
    ("name", "designation", "alone", "where"),
    [
        ("Hof", "Kreisfreie Stadt", "Stadt Hof", "in der Stadt Hof"),
        ("Hof", "Landkreis", "Landkreis Hof", "im Landkreis Hof"),
        ("Freiburg im Breisgau", "Stadtkreis", "Stadt Freiburg im Breisgau", None),
        ("Kleve", "Kreis", "Kreis Kleve", "im Kreis Kleve"),
        ("Hochsauerlandkreis", "Kreis", "Hochsauerlandkreis", "im Hochsauerlandkreis"),
        ("Rhein-Erft-Kreis", "Kreis", "Rhein-Erft-Kreis", "im Rhein-Erft-Kreis"),
        ("Region Hannover", "Landkreis", "Region Hannover", "in der Region Hannover"),
        (
            "Städteregion Aachen",
            "Kreis",
            "Städteregion Aachen",
            "in der Städteregion Aachen",
        ),
        (
            "Regionalverband Saarbrücken",
            "Landkreis",
            "Regionalverband Saarbrücken",
            "im Regionalverband Saarbrücken",
        ),
        ("Bergstraße", "Landkreis", "Landkreis Bergstraße", "im Landkreis Bergstraße"),
    ],
)
def test_a_kreis_has_a_name_alone_and_in_a_sentence(name, designation, alone, where):
    assert regions.kreis_names(name, designation) == (alone, where or f"in der {alone}")


@pytest.mark.parametrize(
    ("level", "name", "designation", "alone", "where"),
    [
        ("land", "Bayern", "Freistaat", "Bayern", "in Bayern"),
        ("land", "Saarland", "Land", "Saarland", "im Saarland"),
        (
            "regierungsbezirk",
            "Oberfranken",
            "Regierungsbezirk",
            "Regierungsbezirk Oberfranken",
            "im Regierungsbezirk Oberfranken",
        ),
        (
            "regierungsbezirk",
            "Hannover",
            "Statistische Region",
            "Statistische Region Hannover",
            "in der Statistischen Region Hannover",
        ),
    ],
)
def test_larger_regions_have_names_too(level, name, designation, alone, where):
    assert regions.names(level, name, designation) == (alone, where)


def test_a_region_exists_from_its_first_to_its_last_day():
    old = Region("16056", "kreis", "Eisenach", "", valid_to=date(2021, 6, 30))
    new = Region("13071", "kreis", "MSE", "", valid_from=date(2011, 9, 4))
    assert old.exists_on(date(2021, 6, 30)) and not old.exists_on(date(2021, 7, 1))
    assert new.exists_on(date(2011, 9, 4)) and not new.exists_on(date(2011, 9, 3))


def test_a_joint_region_is_the_sum_of_its_members_and_lies_in_their_land():
    joint = Region("verbund:hof", "verbund", "Hof", "", members=("09464", "09475"))
    kreis = Region("09464", "kreis", "Stadt Hof", "")
    assert (joint.parts, joint.land) == (("09464", "09475"), "09")
    assert (kreis.parts, kreis.land) == (("09464",), "09")
    assert Region("DG", "bund", "Deutschland", "").land == ""


# --- the register of the release: what the definitions and the boundary file make of it ----------


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2016, 10, 31), 402),
        (date(2021, 6, 30), 401),
        (date(2021, 7, 1), 400),
        (date(2025, 12, 31), 400),
        (date(2026, 1, 1), 401),
    ],
)
def test_at_every_time_there_are_exactly_the_official_kreise(release, day, count):
    """Göttingen and Osterode became one, Eisenach joined its Kreis, Hanau left its own."""
    living = [r for r in release.regions.values() if r.is_kreis and r.exists_on(day)]
    assert len(living) == count


def test_names_that_exist_twice_are_told_apart_by_their_designation(release):
    names = [r.name for r in release.regions.values() if r.level == "kreis" and r.valid_to is None]
    assert len(set(names)) == len(names)


def test_every_parent_and_successor_and_member_is_a_known_region(release):
    for region in release.regions.values():
        assert region.parent is None or region.parent in release.regions
        assert set(region.successors) <= set(release.regions)
        assert set(region.members) <= set(release.regions)


def test_every_dissolved_kreis_names_successors_that_exist_the_day_after(release):
    ended = [r for r in release.regions.values() if r.valid_to and r.level == "kreis"]
    assert len(ended) >= 70
    for region in ended:
        assert region.successors
        for successor in region.successors:
            day = region.valid_to.fromordinal(region.valid_to.toordinal() + 1)
            assert release.regions[successor].exists_on(day), (region.id, successor)


@pytest.mark.parametrize(
    ("id", "name", "nuts"),
    [
        ("09464", "Stadt Hof", "DE244"),
        ("09475", "Landkreis Hof", "DE249"),
        ("09463", "Stadt Coburg", "DE243"),
        ("09473", "Landkreis Coburg", "DE247"),
        ("07111", "Stadt Koblenz", "DEB11"),
        ("09762", "Stadt Kaufbeuren", "DE272"),
        ("09777", "Landkreis Ostallgäu", "DE27B"),
        ("06431", "Landkreis Bergstraße", "DE715"),
    ],
)
def test_the_education_regions_have_their_official_keys(release, id, name, nuts):
    assert (release.regions[id].name, release.regions[id].nuts) == (name, nuts)


def test_joint_regions_have_a_name_and_their_members(release):
    joint = release.regions["verbund:kaufbeuren_ostallgaeu"]
    assert joint.name == "Kaufbeuren und Landkreis Ostallgäu"
    assert joint.where == "in Kaufbeuren und im Landkreis Ostallgäu"
    assert joint.members == ("09762", "09777")


@pytest.mark.parametrize(
    ("arrives", "means"),
    [
        ("99", "99"),
        ("99101-01", "99101-01"),
        ("99102101", "99102101"),
        ("08335043", "08335043"),
        ("8335043", "08335043"),
        ("08335043-07", "08335043-07"),
        ("8335043-07", "08335043-07"),
        ("9464-12", "09464-12"),
        ("464-12", None),
    ],
)
def test_keys_of_local_regions(arrives, means):
    assert normalise(arrives) == means


def test_an_invented_kreis_is_none_of_the_kreise():
    real, invented = (
        Region("09464", "kreis", "", "", "094"),
        Region("99101", "kreis", "", "", "99", invented=True),
    )
    assert real.is_kreis and not invented.is_kreis
