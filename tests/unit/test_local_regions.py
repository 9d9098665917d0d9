"""Local regions in the register of the shipped boundaries, and what must never contain them."""

from datetime import date

import pandas as pd
import pytest

from indicators.catalog.meaning import PeriodRule
from indicators.errors import BuildError, DefinitionError
from indicators.folders import Folders
from indicators.publishing import checks, crosses, datasets, run, territory
from indicators.publishing import kreise as found
from indicators.publishing.report import Section
from tests.unit import small
from tests.unit.small import Cell

TOWN = """
[[local_regions]]
id = "99"
name = "Beispielland"
level = "land"
invented = true
[[local_regions]]
id = "99101"
name = "Beispielstadt"
level = "kreis"
parent = "99"
[[local_regions]]
id = "99102"
name = "Beispielau"
where = "im Landkreis Beispielau"
level = "kreis"
parent = "99"
[[local_regions]]
id = "99102101"
name = "Markt Birkenried"
level = "gemeinde"
parent = "99102"
[[local_regions]]
id = "99102102"
name = "Seedorf"
level = "gemeinde"
parent = "99102"
[[local_regions]]
id = "99101-01"
name = "Altstadt"
level = "stadtteil"
parent = "99101"
[[local_regions]]
id = "99101-02"
name = "Nord"
level = "stadtteil"
parent = "99101"
[[local_regions]]
id = "08335043"
name = "Stadt Konstanz"
level = "gemeinde"
parent = "08335"
[[local_regions]]
id = "08335043-01"
name = "Altstadt"
level = "stadtteil"
parent = "08335043"

[[education_regions]]
id = "beispiel"
name = "Beispiel"
members = ["99101", "99102"]
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return run.boundary_archive(Folders(tmp_path_factory.mktemp("none")))[0]


@pytest.fixture(scope="module")
def register(archive):
    return territory.register(archive, small.catalog(town=TOWN))


def test_local_regions_have_a_place(register):
    konstanz = register["08335043"]
    assert (konstanz.land, konstanz.parent, konstanz.where) == ("08", "08335", "in Stadt Konstanz")
    assert not konstanz.invented and not register["08335043-01"].invented
    assert register["99102"].where == "im Landkreis Beispielau"


def test_on_the_day_of_a_reform_the_old_kreis_is_gone(register):
    last, first = date(2021, 6, 30), date(2021, 7, 1)
    assert register["16056"].exists_on(last) and not register["16056"].exists_on(first)
    assert register["16056"].successors == ("16063",)


def test_what_is_part_of_something_invented_is_invented(register):
    invented = {id for id, region in register.items() if region.invented}
    assert invented == {id for id in register if id.startswith("99")} | {"verbund:beispiel"}
    assert register["verbund:beispiel"].land == "99"


def test_nothing_real_contains_an_invented_region(register):
    for region in register.values():
        assert not region.invented or region.parent is None or register[region.parent].invented
        assert region.invented or not any(register[m].invented for m in region.members)
    start = pd.Timestamp("2023-08-01").date()
    real = {"region": "09464", "period": "2023/24", "start": start, "status": "ok"}
    wholes = found.wholes(register, pd.DataFrame([real]), PeriodRule(type="school_year"))
    assert not wholes["part"].str.startswith("99").any()
    assert not wholes["region"].str.startswith("99").any()
    assert sum(region.is_kreis and not region.valid_to for region in register.values()) >= 400


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ('id = "09464"\nlevel = "kreis"\nparent = "094"', "gibt es schon: Stadt Hof"),
        ('id = "09464001"\nlevel = "gemeinde"\nparent = "09999"', "09999; diese Region gibt es"),
        ('id = "09464001"\nlevel = "gemeinde"', "nennt unter parent nichts"),
        ('id = "09464001"\nlevel = "gemeinde"\nparent = "09"', "erlaubt ist dort kreis"),
        ('id = "09464001"\nlevel = "stadtteil"\nparent = "09464"', "einer anderen Ebene"),
        ('id = "09475001"\nlevel = "gemeinde"\nparent = "09464"', "mit dem der Region darüber"),
        ('id = "09464-1"\nlevel = "stadtteil"\nparent = "09464"\ninvented = true', "ist erfunden"),
        ('id = "99"\nlevel = "land"', "nicht als erfunden"),
        ('id = "98"\nlevel = "land"\ninvented = true', "ist erfunden"),
        ('id = "09999"\nlevel = "kreis"\nparent = "09"', "stehen in der Grenzdatei"),
        ('id = "99"\nlevel = "land"\ninvented = true\nparent = "DG"', "parent ist dort nicht"),
    ],
)
def test_a_local_region_without_a_place(archive, fields, told):
    text = f'[[local_regions]]\nname = "X"\n{fields}\n'
    with pytest.raises(DefinitionError) as caught:
        territory.register(archive, small.catalog(town=text))
    assert str(caught.value).startswith("town.toml, Feld local_regions") and told in str(
        caught.value
    )


def test_a_joint_region_is_real_or_invented(archive):
    text = TOWN.replace('["99101", "99102"]', '["99101", "09464"]')
    with pytest.raises(BuildError, match="verbindet erfundene mit wirklichen"):
        territory.register(archive, small.catalog(town=text))


# --- sums -----------------------------------------------------------------------------------------


def rolled(cells, register) -> tuple[dict, list]:
    catalog, section = small.catalog(), Section("")
    rows = small.long_rows(cells, catalog).assign(source=0).drop(columns="line")
    found = crosses.roll_up(rows, catalog.datasets["pupils"], register, section)
    told = {
        (row.region, row.sex): (row.value, row.status, row.flags)
        for row in found.itertuples(index=False)
    }
    return told, section.findings


def test_a_town_is_the_sum_of_all_its_stadtteile(register):
    found, _ = rolled(
        [Cell(5, region="99101-01"), Cell(7, region="99101-02", flags="provisional")], register
    )
    assert found["99101", "total"] == (12, "ok", "provisional,summed")
    found, _ = rolled([Cell(0, region="99101-01"), Cell(0, region="99101-02")], register)
    assert found["99101", "total"] == (0, "zero", "summed")
    found, _ = rolled(
        [Cell(0, "rounded_zero", region="99101-01"), Cell(0, region="99101-02")], register
    )
    assert found["99101", "total"] == (0, "rounded_zero", "summed")


@pytest.mark.parametrize("status", ["secret", "missing", "not_applicable"])
def test_no_partial_sum_of_a_town(register, status):
    cells = [Cell(5, region="99101-01"), Cell(None, status, region="99101-02")]
    assert "99101" not in {region for region, _ in rolled(cells, register)[0]}
    assert "99101" not in {region for region, _ in rolled(cells[:1], register)[0]}


def test_what_the_town_says_itself_is_kept_and_a_difference_told(register):
    parts = [Cell(5, region="99101-01"), Cell(7, region="99101-02")]
    found, told = rolled([*parts, Cell(13, region="99101")], register)
    assert found["99101", "total"][0] == 13
    assert told[0].level == "warning" and "größter Unterschied 1 (Beispielstadt" in told[0].text
    found, told = rolled([*parts, Cell(None, "secret", region="99101")], register)
    assert found["99101", "total"][1] == "secret" and not told


def test_only_an_invented_landkreis_is_sure_to_list_all_its_gemeinden(register):
    cells = [Cell(5, region="99102101"), Cell(7, region="99102102")]
    assert rolled(cells, register)[0]["99102", "total"][0] == 12
    found, _ = rolled([Cell(9, region="08335043-01")], register)
    assert found["08335043", "total"][0] == 9
    assert "08335" not in {region for region, _ in found}


def test_invented_kreise_are_in_no_sum_and_no_check(register):
    catalog, section = small.catalog(), Section("")
    dataset = catalog.datasets["pupils"]
    kreise = [id for id, region in register.items() if region.is_kreis and not region.valid_to]
    living = [id for id in kreise if id != "06415"]  # founded later than these figures
    cells = [Cell(1, region=id) for id in [*living, "99101", "99102"]]
    rows = small.long_rows(cells, catalog).assign(source=0).drop(columns="line")
    summed = datasets.sum_up(rows, dataset, register, section)
    germany = summed[summed["region"] == "DG"]
    assert germany["value"].tolist() == [len(living)]
    assert "99" not in set(summed["region"])
    section = Section("")
    taken = checks.regions_of(rows.assign(line=1), register, section)
    assert {"99101", "99102"} <= set(taken["region"])
    found.found(taken, register, section, dataset.period)
    assert section.findings[0].text.startswith(f"{len(living)} von {len(living)} Kreisen")
