"""Agendas: what a file may say, what a link carries, and that no save is lost or unseen."""

import threading

import pytest

from indicators import agenda as agendas
from indicators.agenda import Agenda, Item
from indicators.errors import DefinitionError
from indicators.folders import Folders
from indicators.saved import agendas as saved
from indicators.view import View

TREND = "kind=trend&indicator=geburtenrate&region=09464"
WHOLE = Agenda(
    title="Bericht an den Ausschuss „Bildung“",
    committee="Jugendhilfeausschuss",
    date="09.12.2026",
    item=(
        Item(title="Übergänge"),
        Item(view=TREND, release="abc123", remark="Zeile 1\nZeile 2", notes='sagt "so"'),
        Item(view=f"{TREND}&face=table", beside=f"{TREND}&period=2019"),
        Item(title="Beschluss", text="Der Ausschuss nimmt Kenntnis.\\"),
    ),
)


def test_a_file_gives_the_agenda_it_was_written_of():
    assert agendas.read(agendas.written(WHOLE)) == WHOLE
    assert [item.kind for item in WHOLE.items] == ["chapter", "view", "pair", "text"]


def test_a_link_gives_the_agenda_it_was_made_of():
    letters = agendas.packed(WHOLE)
    assert agendas.unpacked(letters) == WHOLE
    assert len(letters) < 600 and letters.isascii() and not set(letters) & set("+/=&?")


@pytest.mark.parametrize("letters", ["", "abc", "äöü", agendas.packed(WHOLE)[:-9], "A" * 4000])
def test_a_link_that_was_cut_is_told(letters):
    with pytest.raises(DefinitionError, match="Link zur Mappe ist unvollständig|Mappe"):
        agendas.unpacked(letters)


def test_a_link_cannot_hold_more_than_an_agenda():
    large = Agenda(title="x" * 5_000_000)
    with pytest.raises(DefinitionError):
        agendas.unpacked(agendas.packed(large))


def test_a_view_becomes_a_slide_with_its_release():
    view = View("map", "geburtenrate", "09464", stage=True)
    item = agendas.of_view(view, "abc123", "info")
    assert item == Item(view="kind=map&indicator=geburtenrate&region=09464", release="abc123")
    assert item.queries == (f"{item.view}&release=abc123",)
    assert agendas.of_view(view, "abc123", "table").is_table


def test_an_earlier_file_says_beside_the_view_that_its_values_are_shown():
    (item,) = agendas.read('title = "M"\n[[item]]\nview = "kind=trend"\nface = "table"').items
    assert item.is_table and item.view == "kind=trend&face=table"
    assert item.shown_as("").view == "kind=trend"
    assert item.shown_as("").shown_as("table") == item


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "title: dieses Feld fehlt"),
        ('title = "M"\n[[item]]\n', "Folie 1: hier fehlt view"),
        ('title = "M"\n[[item]]\ntitle = "K"\n[[item]]\nbeside = "x"', "Folie 2: beside braucht"),
        ('title = "M"\n[[item]]\nview = "x"\nface = "karte"', "Folie 1: face ist"),
        ('title = "M"\n[[item]]\nansicht = "x"', "ansicht"),
        ('title = "M"\ndate = 3', "date"),
        ("title = Mappe", "Anführungszeichen"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(text, told):
    with pytest.raises(DefinitionError, match=told):
        agendas.read(text, "mappe.toml")


def test_a_day_may_be_written_as_toml_knows_it():
    assert agendas.read('title = "M"\ndate = 2026-12-09').date == "09.12.2026"


# --- saved ----------------------------------------------------------------------------------------


def test_what_is_saved_is_listed_and_read_again(tmp_path):
    folders = Folders(tmp_path)
    assert saved.listed(folders) == []
    made = saved.save(folders, WHOLE)
    assert made.name == "bericht-an-den-ausschuss-bildung"
    assert saved.read(folders, made.name) == made
    assert [one.title for one in saved.listed(folders)] == [WHOLE.title]
    assert saved.releases(folders) == {"abc123"}


def test_nobody_overwrites_what_another_has_saved_meanwhile(tmp_path):
    folders = Folders(tmp_path)
    first = saved.save(folders, WHOLE)
    mine = WHOLE.with_items(WHOLE.items[:1])
    theirs = WHOLE.with_items(WHOLE.items[1:])
    saved.save(folders, theirs, first.name, first.version)
    with pytest.raises(saved.ConflictError, match="inzwischen eine andere Fassung"):
        saved.save(folders, mine, first.name, first.version)
    with pytest.raises(saved.ConflictError):
        saved.save(folders, mine)  # as a new one of the same title
    assert saved.read(folders, first.name).agenda == theirs


def test_every_version_that_was_replaced_or_removed_is_kept(tmp_path):
    folders = Folders(tmp_path)
    first = saved.save(folders, WHOLE)
    second = saved.save(folders, WHOLE.with_items(()), first.name, first.version)
    saved.remove(folders, first.name)
    assert saved.listed(folders) == []
    kept = sorted((tmp_path / "saved/agendas/history" / first.name).iterdir())
    assert {agendas.read(path.read_bytes()) for path in kept} == {WHOLE, second.agenda}


def test_of_many_who_save_at_once_one_wins_and_all_others_are_told(tmp_path):
    folders = Folders(tmp_path)
    first = saved.save(folders, WHOLE)
    start, told, won = threading.Barrier(8), [], []

    def save(number: int) -> None:
        start.wait()
        one = WHOLE.model_copy(update={"committee": str(number)})
        try:
            won.append(saved.save(folders, one, first.name, first.version).agenda.committee)
        except saved.ConflictError as error:
            told.append(str(error))

    threads = [threading.Thread(target=save, args=(number,)) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(won) == 1 and len(told) == 7
    assert saved.read(folders, first.name).agenda.committee == won[0]
    assert not list((tmp_path / "saved/agendas").glob("*.lock"))


def test_a_damaged_file_stands_in_the_list_with_its_fault(tmp_path):
    folders = Folders(tmp_path)
    saved.save(folders, WHOLE)
    (tmp_path / "saved/agendas/kaputt.toml").write_text("title = ", encoding="utf-8")
    errors = {one.name: one.error for one in saved.listed(folders)}
    assert "kaputt" in errors and errors["kaputt"] and not errors[saved.name_of(WHOLE.title)]
    assert saved.releases(folders) == {"abc123"}


@pytest.mark.parametrize("name", ["../flucht", "a/b", "", "Ä", ".versteckt"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(DefinitionError):
        saved.read(Folders(tmp_path), name)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ('view = "kind=trend"\nparts = ["bild"]', "„bild“ gibt es nicht; erlaubt sind finding"),
        ('title = "K"\nparts = ["figure"]', "parts braucht eine view"),
        ('form = "nix"', "„nix“ gibt es nicht; erlaubt sind contents"),
        ('form = "signs"\ntext = "t"', "form schreibt sich selbst"),
        ('form = "method"', "of und form gehören zusammen"),
        ('form = "signs"\nof = "kind=profile"', "of und form gehören zusammen"),
        ('title = "K"\nchapter = true', "chapter gehört zu einem text"),
    ],
)
def test_what_is_wrong_with_a_list_or_parts_is_told(fields, told):
    with pytest.raises(DefinitionError) as error:
        agendas.read(f'title = "M"\n[[item]]\n{fields}\n', "m.toml")
    assert "m.toml, Folie 1" in str(error.value) and told in str(error.value)


def test_lists_parts_and_pages_come_back_as_they_were_written():
    asked = Agenda(
        title="M",
        preset="p",
        pages=2,
        item=(
            Item(view="kind=trend", release="abc", parts=("finding", "method")),
            Item(form="missing", of="kind=profile", release="abc"),
            Item(title="T", text="Zwei\nZeilen", chapter=True),
        ),
    )
    assert agendas.read(agendas.written(asked)) == asked == agendas.unpacked(agendas.packed(asked))
    assert [item.kind for item in asked.items] == ["view", "list", "text"]
    assert asked.items[1].queries == ("kind=profile&release=abc",)
    assert asked.items[1].heading == "Was noch fehlt"
