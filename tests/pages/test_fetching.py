"""Daten holen: what is offered, who may start it, and that it runs beside the page."""

import shutil
import time
from types import SimpleNamespace

import pytest

from indicators import jobs
from indicators.answers.obtainable import obtainable
from indicators.folders import Folders
from indicators.release.values import indicator_values
from pages.shared import permission, work
from pages.shared.permission import Reader, Role
from tests.pages.apps import is_fine, opened, words

PAGE = "pages/views/catalogue.py"
COMMAND = "python -m indicators update --build"
HERE = {"Host": "localhost:8501"}


@pytest.fixture(autouse=True)
def _no_jobs(data_folder):
    yield
    shutil.rmtree(Folders(data_folder).jobs, ignore_errors=True)


def button(app):
    return [one for one in app.button if one.label.startswith("Tabellen laden")]


@pytest.mark.parametrize("region", ["verbund:coburg", "07111", "verbund:beispiel", "DG"])
def test_the_section_says_what_which_table_brings_and_where_it_is_had(region):
    app = opened(PAGE, section="fetch", region=region)
    assert is_fine(app), app.exception
    said = words(app)
    assert "21111-02-06-4" in said and "Auszug (Stand 13.03.2025)" in said
    assert "downloader/00/tables/21111-02-06-4_00.csv" in said
    # the test browser is no reader at this machine: the command is told instead
    assert not button(app) and COMMAND in said


def test_what_is_missing_has_no_value_and_every_dataset_can_be_downloaded(release):
    region = "verbund:coburg"
    filled = [
        id
        for id, indicator in release.catalog.indicators.items()
        if indicator_values(release, indicator, [region])["value"].notna().any()
    ]
    found = obtainable(release, filled)
    assert found and all(table.download for one in found for table in one.tables)
    for one in found:
        assert {i.id for i in one.missing}.isdisjoint(filled)
        assert {i.id for i in one.renewed} <= set(filled)
        for indicator in one.missing:
            assert one.dataset.id in indicator.datasets
    # what only a town counts itself is promised by no table
    assert "uebertrittsquote" not in {i.id for one in found for i in one.missing}
    assert not any(one.missing for one in obtainable(release, release.catalog.indicators))


@pytest.mark.parametrize(
    ("headers", "address", "allowed"),
    [
        (HERE, None, True),
        ({"Host": "127.0.0.1:8501"}, "127.0.0.1", True),
        ({"Host": "[::1]:8501"}, "::1", True),
        ({"Host": "localhost"}, None, True),
        ({"Host": "bildung.stadt.de"}, None, False),
        (HERE, "10.1.2.3", False),
        (HERE | {"X-Forwarded-For": "10.1.2.3"}, None, False),
        ({}, None, False),
    ],
)
def test_only_who_sits_at_the_machine_may_start_it(monkeypatch, headers, address, allowed):
    context = SimpleNamespace(headers=headers, ip_address=address)
    monkeypatch.setattr(permission.st, "context", context)
    assert permission.at_home() is allowed


@pytest.mark.parametrize(("arguments", "end"), [(("list",), "Fertig"), (("nix",), "Nicht alles")])
def test_it_runs_in_a_process_of_its_own_and_tells_how_far_it_is(
    monkeypatch, data_folder, arguments, end
):
    monkeypatch.setattr(permission, "reader", lambda: Reader("rosa", Role.EDITOR))
    monkeypatch.setattr(work, "UPDATE", arguments)
    app = opened(PAGE, section="fetch", region="07111")
    (start,) = button(app)
    start.click().run()
    assert is_fine(app), app.exception
    folders = Folders(data_folder)
    while jobs.running_job(folders):
        time.sleep(0.1)
    # another reader, or the same after a reload, is told the same
    app = opened(PAGE, section="fetch", region="07111")
    assert jobs.latest(folders, *arguments).who == "rosa" and button(app)
    assert end in words(app) and ("Aufruf:" in words(app)) == (arguments == ("nix",))
