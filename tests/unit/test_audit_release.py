"""The audit of releases: which datasets belong together, and which releases came before."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from indicators import __main__ as command
from indicators.folders import Folders
from indicators.publishing import auditing, protecting, publish
from indicators.publishing.report import Report
from indicators.release import publication, releases
from tests.unit import protected_town as town
from tests.unit.protected_town import counts, rows_of

pytestmark = pytest.mark.build  # each publishes releases, to audit them

YEAR = "2023"
LINK = town.LINK + 'where = { form = "form_a" }\n'


def tables(given, catalog) -> dict[str, pd.DataFrame]:
    """The children by form and side, and those of form a by hand."""
    rows = town.again_rows(catalog, YEAR, given, "form_a")
    return {"kids": rows_of(catalog, {YEAR: given}), "again": rows}


def published(folders: Folders, given, id: str, day: int, protected_link: str = "", link=LINK):
    """A release of both tables, protected as `protected_link` says, with definitions as `link`."""
    catalogs = [
        town.catalog(again=town.AGAIN + text, hands=town.HANDS) for text in (protected_link, link)
    ]
    found = protecting.protect_all(
        tables(given, catalogs[0]), catalogs[0], town.REGIONS, set(), {}, Report(), lambda _: None
    )
    content = publish.Content(
        catalog=catalogs[1],
        regions=town.REGIONS,
        sources=[replace(town.small.sources("kids")[0], own=True)],
        footnotes=pd.DataFrame(columns=["source", "scope", "lands", "text"]),
        datasets={name: one.rows for name, one in found.items()},
        sums={name: one.sums for name, one in found.items()},
        protection=protecting.record(found),
        maps=[{"level": "kreis", "boundary_date": "2022-12-31", "name": "kreis.json"}],
    )
    audit = pd.DataFrame({"dataset": list(found), "verdict": "ok"})
    publish.finish(publish.write(content, id, folders.releases), id, folders, Report(), audit)
    publication.put_in_force(id, folders)
    facts = folders.releases / f"{id}.json"
    told = json.loads(facts.read_text(encoding="utf-8")) | {"published": f"2024-01-0{day}T12:00:00"}
    facts.write_text(json.dumps(told), encoding="utf-8")
    return releases.open_release(folders, id)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return Folders(tmp_path_factory.mktemp("audited"))


@pytest.fixture(scope="module")
def apart(folders):
    return published(folders, counts(1, size=7), "apart", 1)


def test_two_tables_of_the_same_children_are_audited_as_one(apart, folders):
    assert auditing.audited_together(apart) == [["again", "kids"]]
    found = auditing.audit_datasets(apart, ["again", "kids"])
    assert set(found) == {"again", "kids"}
    # protected apart they tell, protected together they do not
    assert not all(one.verdict.ok for one in found.values())
    for id, one in found.items():
        assert set(one.intervals["dataset"]) <= {f"{id}.kids", f"{id}.children", f"{id}.days"}
        assert auditing.audit_dataset(apart, id).verdict == one.verdict
    together = published(folders, counts(1, size=7), "together", 2, LINK)
    assert all(
        one.verdict.ok for one in auditing.audit_datasets(together, ["again", "kids"]).values()
    )
    together.close()


def test_tables_nobody_calls_the_same_are_audited_apart(tmp_path):
    release = published(Folders(tmp_path), counts(1, size=7), "apart", 1, link="")
    assert auditing.audited_together(release) == [["again"], ["kids"]]
    assert all(auditing.audit_dataset(release, id).verdict.ok for id in ("again", "kids"))


def test_a_release_is_audited_with_those_before_it_and_none_after(tmp_path, monkeypatch, capsys):
    folders = Folders(tmp_path)
    for day, id in enumerate(("first", "second", "third"), 1):
        published(folders, counts(day), id, day, LINK).close()
    known = []

    def told(opened, group, earlier):
        known.append([one.id for one in earlier])
        return {}

    monkeypatch.setattr(auditing, "audit_datasets", told)
    for id in ("first", "second", "third"):
        assert command.main(["--data", str(tmp_path), "audit", id]) == 0
    assert known == [[], ["first"], ["first", "second"]]
    assert "Kinder nach Hand und " in capsys.readouterr().err


def test_linked_tables_of_an_earlier_release_are_known_together(tmp_path):
    """Corrected since: what the first release showed and hid is a table of its own."""
    folders = Folders(tmp_path)
    published(folders, counts(3, size=7), "first", 1, LINK).close()
    second = published(folders, counts(4, size=7), "second", 2, LINK)
    own, both = (
        auditing.audit_datasets(second, ["again", "kids"], earlier)["kids"]
        for earlier in ([], auditing.earlier_releases(second, folders))
    )
    assert set(own.intervals["edition"]) == {""}
    assert len(both.intervals) > len(own.intervals) and "first" in set(both.intervals["edition"])
    second.close()
