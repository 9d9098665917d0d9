"""Quantities that two offices count: side by side, with the reason, never from what is hidden."""

from dataclasses import replace

import pytest

from indicators.catalog import catalog as catalogs
from indicators.errors import DefinitionError
from indicators.folders import SHIPPED_DEFINITIONS
from indicators.publishing import second_source
from indicators.publishing.report import Report
from indicators.release import queries, two_sources
from tests.pages.apps import EXPLORER, opened, words


def of(release, id: str):
    return next(one for one in release.catalog.two_sources if one.id == id)


def moved(pair: two_sources.Pair, value: float) -> two_sources.Pair:
    return replace(pair, second=replace(pair.second, value=value))


def test_both_numbers_are_those_of_the_release(release):
    found = two_sources.pairs(release, release.regions["99101"])
    assert {pair.of.id for pair in found} == {one.id for one in release.catalog.two_sources}
    for pair in found:
        for side, term in ((pair.first, pair.of.first), (pair.second, pair.of.second)):
            rows = queries.counts(release, term, regions=["99101"])
            assert side.value == rows.loc[rows["period"] == pair.period, "value"].sum()
            assert side.source.dataset == term.dataset


def test_a_joint_region_is_the_sum_of_its_members(release):
    one = of(release, "bevoelkerung")
    joint = two_sources.pairs(release, release.regions["verbund:beispiel"], [one])
    parts = [two_sources.pairs(release, release.regions[id], [one]) for id in ("99101", "99102")]
    for number, pair in enumerate(joint):
        assert pair.second.value == sum(part[number].second.value for part in parts)
    assert [pair.period for pair in joint] == [pair.period for pair in parts[0]], "newest first"
    assert joint[0].period == "31.12.2025"


def test_what_is_hidden_on_one_side_is_compared_with_nothing(release, monkeypatch):
    one, region = of(release, "bevoelkerung"), release.regions["99101"]
    every, counts = two_sources.pairs(release, region, [one]), queries.counts

    def hidden(release, term, **asked):
        rows = counts(release, term, **asked)
        if term.dataset == "population_age":
            rows.loc[rows["period"] == "31.12.2024", ["value", "status"]] = [None, "suppressed"]
        return rows

    monkeypatch.setattr(queries, "counts", hidden)
    left = [pair.period for pair in two_sources.pairs(release, region, [one])]
    assert left == [pair.period for pair in every if pair.period != "31.12.2024"]


def test_how_far_they_are_apart_is_said_with_the_reason(release):
    pair = two_sources.pairs(release, release.regions["99101"], [of(release, "bevoelkerung")])[0]
    assert two_sources.differing(pair) == "beide gleich"
    pair = replace(pair, first=replace(pair.first, value=4280))
    told = two_sources.told(moved(pair, 4312))
    assert "4.280" in told and "4.312" in told
    assert told.endswith("+32 (+0,7 %), anderes Verfahren")
    assert two_sources.differing(moved(pair, 4200)).startswith("−80 (−1,9 %)")
    nobody = replace(pair, first=replace(pair.first, value=0))
    assert two_sources.differing(moved(nobody, 3)) == "+3, anderes Verfahren"


def test_the_report_warns_of_what_lies_far_apart(release, monkeypatch):
    pairs = two_sources.pairs

    def apart(opened, region, of):
        found = pairs(opened, region, of)
        by = {"bevoelkerung": 1.01, "geburten": 1.2}
        return [moved(p, p.first.value * by.get(p.of.id, 1)) for p in found]

    monkeypatch.setattr(two_sources, "pairs", apart)
    report = Report()
    second_source.tell(release.path, release.regions, report)
    (section,) = report.sections
    levels = {f.text.partition(": ")[2][:12]: f.level for f in section.findings}
    assert levels["Bevölkerung "] == "info" and levels["Lebendgebore"] == "warning"
    assert "12 Größen verglichen" in section.findings[-1].text
    assert "8 gleich" in section.findings[-1].text


def test_the_sheet_of_an_indicator_names_the_other_source(release):
    indicator = release.catalog.indicators["bevoelkerung_stand"]
    address = {"kind": "trend", "indicator": indicator.id, "region": "99101", "face": "info"}
    said = words(opened(EXPLORER, **address))
    assert "Eine zweite Quelle, Beispielstadt" in said
    reasons = [one.text for one in two_sources.concerning(release, indicator)]
    assert all(reason in said for reason in reasons)
    said = words(opened(EXPLORER, **address | {"region": "09463"}))
    assert "Eine zweite Quelle" not in said, "official figures alone are compared with nothing"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ('dataset = "population_age"', 'dataset = "einwohner"'),
        ('measure = "children_enrolled"', 'measure = "kinder"'),
        ('school_type = "grundschule"', 'school_type = "volksschule"'),
        ('kind = "key_date"', 'kind = "anders"'),
    ],
)
def test_a_definition_that_leads_nowhere_is_told(change, reason, tmp_path):
    file = SHIPPED_DEFINITIONS / "arrangements" / "two_sources.toml"
    texts = {
        f"definitions/{path.relative_to(SHIPPED_DEFINITIONS).as_posix()}": path.read_text("utf-8")
        for path in SHIPPED_DEFINITIONS.rglob("*.toml")
    }
    name = f"definitions/{file.relative_to(SHIPPED_DEFINITIONS).as_posix()}"
    texts[name] = texts[name].replace(change, reason)
    with pytest.raises(DefinitionError, match="two_sources"):
        catalogs.from_texts(texts, complete=True)
