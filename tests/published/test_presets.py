"""Papers of presets: made for every region, opened again in every format, made again next year."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from indicators import agenda as agendas
from indicators import view as views
from indicators.agenda import Agenda, Item, presets
from indicators.answers.answering import answer
from indicators.errors import DefinitionError, ViewError
from indicators.export import drafting, leaflet, parts, renewal, tracing, ways
from indicators.export.native import native
from indicators.export.parts import Chapter, Listing, Words
from indicators.figures.map import STATUS_CODES
from indicators.saved import agendas as saved
from indicators.symbols import SIGNS, Status
from tests.published.test_exports import bare, charts, members, tells
from tests.published.test_papers import said
from tests.unit.pdf_text import words as pdf_words

TOWN, PART = "verbund:beispiel", "99102101"
REGIONS = ("verbund:coburg", "07111", "verbund:hof", "verbund:kaufbeuren_ostallgaeu", "06431")
NAMED = ("schuleingangsuntersuchung", "profil_gemeinde", "jahresbericht_schwerpunkt")
LOOK = (
    'name = "Bildungsbüro Beispielstadt"\nimprint = "Verantwortlich: Amt für Bildung"\n'
    'funding = "Gefördert vom Land"\n'
)


@pytest.fixture(scope="module")
def ask():
    """Answers, each made once."""
    return cache(answer)


@pytest.fixture(scope="module")
def drafted(folders, release, ask):
    @cache
    def made(id: str, region: str, topic: str = "") -> Agenda:
        preset = presets.named(folders, id)
        return drafting.drafted(release, id, preset, region, topic, ask=ask)

    return made


def shortened(agenda: Agenda) -> Agenda:
    """All that writes itself, all words, and of the views the first of each chapter."""
    kept: list[Item] = []
    for item in agenda.items:
        if not (item.view and kept and kept[-1].view):
            kept.append(item)
    return agenda.with_items(kept)


# --- what is made of a preset ---------------------------------------------------------------------


@pytest.mark.parametrize("region", [*REGIONS, TOWN, PART])
def test_every_region_has_a_paper_that_names_what_is_missing(region, drafted, release, folders):
    for id in NAMED:
        preset = presets.named(folders, id)
        if not drafting.fits(preset, release.region(region)):
            continue
        made = drafted(id, region)
        assert release.region(region).name in made.title and made.preset == id
        assert agendas.read(agendas.written(made)) == made
        for item in made.items:
            assert bool(item.release) == bool(item.queries)
            for view in agendas.parsed(item, release.catalog, release.regions):
                assert view.region == region
        forms = [item.form for item in made.items]
        if id == "schuleingangsuntersuchung":
            assert "signs" in forms and "method" in forms
            seu = [item for item in made.items if "indicator=seu_" in item.view]
            assert bool(seu) == (region == TOWN)
            lists = [item for item in made.items if item.form == "missing"]
            if region in REGIONS:
                told = parts.listed(made, made.items.index(lists[0]), folders, lambda _: release)
                assert "eine eigene Tabelle „" in told.words.text


def test_the_seal_is_proved_baustein_by_baustein(drafted, release, folders, ask):
    made = drafted("nachweis_bausteine", "verbund:hof")
    chapters = [item.title for item in made.items if item.kind == "chapter"]
    assert [title[:11] for title in chapters[:5]] == [f"Baustein {n}:" for n in range(1, 6)]
    starts = [i for i, item in enumerate(made.items) if item.title in chapters[:5]]
    for at in starts:
        within = made.items[at + 1 : at + 7]
        assert any(item.parts == ("finding", "figure") for item in within)
    inventory = next(
        i for i, item in enumerate(made.items) if item.of.endswith("=massnahmen_bestand")
    )
    told = parts.listed(made, inventory, folders, lambda _: release)
    assert "Maßnahmen und Projekte" in told.words.text  # Hof has no inventory yet
    town = drafted("nachweis_bausteine", TOWN)
    asked = [item.view for item in town.items if "indicator=massnahmen_bestand" in item.view]
    assert len(asked) == 6 and "baustein=baustein_3" in asked[2]


def test_a_topic_is_a_theme_a_baustein_a_focus_or_a_field_of_the_town(release, drafted, folders):
    preset = presets.named(folders, "jahresbericht_schwerpunkt")
    offered = drafting.offered(release, preset, release.region(TOWN))
    assert next(iter(offered)) == "beispiel_2026" and "beispiel_handlungsfelder_1" in offered
    assert "migration" in offered and "baustein_3" in offered
    older = drafted("jahresbericht_schwerpunkt", TOWN, "beispiel_2025")
    assert older.title.startswith("Jahresbericht 2025: Kein Abschluss ohne Anschluss")
    coburg = drafting.offered(release, preset, release.region("verbund:coburg"))
    assert "uebergaenge" in coburg and "beispiel_2026" not in coburg
    with pytest.raises(DefinitionError, match="nix.*erlaubt sind beispiel_2026"):
        drafted("jahresbericht_schwerpunkt", TOWN, "nix")
    with pytest.raises(ViewError, match="verbund:nix"):
        drafted("jahresbericht_schwerpunkt", "verbund:nix")


# --- opened again ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed(folders, tmp_path_factory):
    """The data folder of a town with a look of its own."""
    folder = tmp_path_factory.mktemp("signed")
    for name in ("releases", "office"):
        (folder / name).symlink_to(folders.data / name)
    (folder / "look.toml").write_text(LOOK)
    return replace(folders, data=folder)


PUPILS = f"kind=trend&indicator=schueler_allgemeinbildend&region={TOWN}"
SEU = f"kind=trend&indicator=seu_sprache_auffaellig&region={TOWN}"
PROFILE = f"kind=profile&region={TOWN}&indicators=seu_sprache_auffaellig,studierende"
LISTS = Agenda(
    title="Alle Arten",
    preset="bildungsbericht",
    item=(
        Item(form="contents"),
        Item(form="findings"),
        Item(title="Kapitel"),
        Item(view=PROFILE, parts=("finding", "table"), title="Überblick"),
        Item(view=SEU, parts=("finding", "figure", "table", "method")),
        Item(view=PUPILS, parts=("finding", "figure")),
        Item(form="missing", of=PROFILE),
        Item(form="method", of=PROFILE),
        Item(title="Ausblick", text="Was ansteht.", chapter=True),
        Item(form="signs"),
        Item(form="sources"),
    ),
)


def test_lists_and_parts_of_answers_are_whole_in_every_format(signed, ask):
    asked = LISTS
    found = parts.answered(asked, signed, ask=ask)
    assert not [part for part in found if isinstance(part, Words) and part.missing]
    lists = [part for part in found if isinstance(part, Listing)]
    assert all(part.rows for part in lists)
    for way in ways.PAPERS:
        file = ways.PAPERS[way].make(found, asked.title, signed.templates, lambda _: (), _quiet)
        words = said(file, way)
        for part in lists:
            # the contents of a letter or a workbook are its own
            if part.form == "contents" and way in ("pdf", "docx", "xlsx"):
                continue
            told = [part.title, *(text for row in part.rows for text in row)]
            assert [text for text in told if not tells(words, text)] == [], (way, part.title)
        for part in found:
            if isinstance(part, Chapter | Words) and way != "xlsx":
                assert tells(words, part.title)
        for one in parts.answers(found):
            wanted = [one.headline, one.source, one.code, *one.beside]
            wanted += [text for sign in one.signs for text in sign]
            assert [text for text in wanted if not tells(words, text)] == [], way
            cells = [cell for row in one.table.rows for cell in row]
            if one.tabled and way in ("pdf", "docx"):
                assert all(tells(words, cell) for cell in cells)
        if way != "xlsx":
            assert tells(words, "Gefördert vom Land"), way
        if way in ("pptx", "xlsx"):
            _series(file, found)


def _quiet(*_: int) -> None:
    """Nobody waits."""


def _series(file: bytes, found) -> None:
    """The charts of a file hold the numbers of the answers, and only them."""
    drawn = [values for chart in charts(file) for _, _, values in chart]
    known = {
        value
        for one in parts.answers(found)
        if (expected := native(one.figure))
        for line in expected.series
        for value in line.values
    }
    assert drawn and all(set(values.values()) <= known for values in drawn if values)


def test_what_is_left_out_of_a_slide_is_left_out_of_papers(drafted, folders, ask):
    query = f"kind=trend&indicator=bevoelkerung_stand&region={TOWN}"
    for shown in (("finding",), ("figure",), ("table",), ("finding", "method"), ()):
        asked = Agenda(title="M", item=(Item(view=query, parts=shown),))
        cover, one, *rest = parts.answered(asked, folders, ask=ask)
        assert (one.figure is not None) == ("figure" in shown or not shown)
        assert one.tabled == ("table" in shown or not shown)
        assert (one.headline == one.answer.headline) == ("finding" in shown or not shown)
        assert [part.form for part in rest] == (["method"] if "method" in shown else [])
        words = pdf_words(
            ways.PAPERS["pdf"].make((cover, one), "M", folders.templates, lambda _: (), _quiet)
        )
        assert tells(words, f"Werte: {one.subtitle}") == one.tabled


# --- two pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", [PART, "99101-03", "verbund:coburg"])
def test_the_profile_of_a_gemeinde_has_two_pages(region, drafted, signed, ask):
    found = parts.answered(drafted("profil_gemeinde", region), signed, ask=ask)
    file = leaflet.to_pdf(found, "P")
    assert len(re.findall(rb"/Type\s*/Page\b", file)) == 2
    for mark in (b"/MarkInfo<</Marked true", b"/Lang(de-DE)", b"pdfuaid:part"):
        assert mark in file
    words = pdf_words(file)
    told = leaflet.of(found)
    shown = [*told.tables, *(one for one in told.figures if tells(words, one.code))]
    assert len(shown) >= 3
    for one in shown:
        for text in (one.headline, one.code, one.source_short, *one.notes):
            assert tells(words, text) or text == one.source_short, text
        assert all(tells(words, text) for sign in one.signs for text in sign)
    assert tells(words, "Gefördert vom Land")
    letter = ways.PAPERS["docx"].make(found, "P", signed.templates, lambda _: (), _quiet)
    body = members(letter)["word/document.xml"].decode()
    assert body.count('w:type="page"') == 1 and tells(said(letter, "docx"), told.sources[0])


def test_a_protected_number_is_in_no_profile(release, folders, ask):
    query = f"kind=map&indicator=einschulung_verspaetet_quote&region={TOWN}&scope=parts"
    asked = Agenda(title="M", pages=2, item=(Item(view=query),))
    cover, one = parts.answered(asked, folders, ask=ask)
    codes = [
        STATUS_CODES[s] for s in STATUS_CODES if Status(s) in (Status.SUPPRESSED, Status.TOO_FEW)
    ]
    hidden = np.isin(one.figure.codes, codes)
    assert hidden.any()
    forged = replace(one.figure, values=np.where(hidden, 87654.3, one.figure.values))
    given = (cover, replace(one, answer=replace(one.answer, figure=forged)))
    assert not re.search(r"87\.?654", pdf_words(leaflet.to_pdf(given, "M")))
    letter = ways.PAPERS["docx"].make(given, "M", folders.templates, lambda _: (), _quiet)
    for body in members(letter).values():
        assert not re.search(rb"(?<!\d)87[. ]?654(?!\d)", body)


# --- again next year ------------------------------------------------------------------------------


def _older(query: str, release, ask, change):
    """An answer as an older release gave it: with other rows."""
    view = views.parse(query, release.catalog, release.regions)
    now = ask(release, view)
    return now, replace(now, rows=change([dict(row) for row in now.rows]), release="abcdef012345")


def test_what_changed_is_told_value_by_value(release, ask):
    query = "kind=trend&indicator=bevoelkerung_stand&region=09464"

    def change(rows):
        own = [row for row in rows if row["region"] == "09464"]
        own[-2]["value"] += 7  # was corrected since
        own[-3].update(value=None, status=Status.SUPPRESSED.value)  # is shown now
        rows.remove(own[-1])  # is new
        return rows

    now, old = _older(query, release, ask, change)
    told = " ".join(renewal.compared(old, now))
    last = [row for row in now.rows if row["region"] == "09464"][-3:]
    assert f"({last[1]['period']}) → " in told and f"({last[2]['period']})." in told
    assert "Berichtigt: " in told and f"Nicht mehr geschützt: {last[0]['region_name']}" in told
    back = " ".join(renewal.compared(now, old))
    assert "Neu geschützt: " in back and "Verschwunden: " in back
    assert list(renewal.compared(now, now)) == []


def test_an_agenda_made_again_says_what_changed_and_keeps_the_words_of_people(release, ask):
    query = "kind=trend&indicator=bevoelkerung_stand&region=09464"
    _, old = _older(query, release, ask, lambda rows: rows[:-1])
    before = replace(release, id="abcdef012345")

    def asked(of, view):
        if of is before and view.kind == "trend":
            return old
        return ask(release, view)

    def opener(id: str):
        if id == "abcdef012345":
            return before
        raise DefinitionError(f"{id} fehlt")

    agenda = Agenda(
        title="M",
        item=(
            Item(form="contents"),
            Item(view=query, release="abcdef012345", title="Eigener Titel", remark="Bleibt."),
            Item(view="kind=trend&indicator=gibtsnicht&region=09464", release="abcdef012345"),
            Item(view=query, release="000000000000"),
            Item(form="missing", of=f"kind=profile&region={TOWN}", release="abcdef012345"),
            Item(title="Text", text="Bleibt auch."),
        ),
    )
    found = renewal.renewed(agenda, release, opener, ask=asked)
    head, first = found.agenda.items[:2]
    assert head.form == "contents" and (first.title, first.kind) == (renewal.TITLE, "text")
    assert release.id in first.text and "Verschwunden" not in first.text and "Neu" in first.text
    kept = found.agenda.items[2]
    assert (kept.title, kept.remark, kept.release) == ("Eigener Titel", "Bleibt.", release.id)
    assert found.agenda.items[3].release == "abcdef012345"  # has no answer any more
    assert "bleibt beim alten" in dict(found.changes)[agenda.items[2].view]
    assert "kein Vergleich" in first.text
    assert found.agenda.items[-1] == agenda.items[-1]
    again = renewal.renewed(found.agenda, release, opener, ask=asked)
    assert [item.title for item in again.agenda.items].count(renewal.TITLE) == 1


def test_a_number_leads_back_to_its_view(drafted, folders, release, ask):
    made = drafted("profil_gemeinde", PART)
    found = parts.answers(parts.answered(made, folders, ask=ask))
    for one in found:
        back = tracing.find(one.code, [made], release, [])
        assert back.view.with_(release="") == one.answer.view and back.view.release == release.id
        assert back.agenda == made.title
    ready = saved.ready(folders)["hof"]
    code = parts.answers(parts.answered(ready.with_items(ready.items[:2]), folders, ask=ask))[0]
    assert tracing.search(folders, code.code.lower()).number == 2
    for wrong, told in (("12", "kein Beleg"), ("00000000", "keine dieser Mappen")):
        with pytest.raises((DefinitionError, ViewError), match=told):
            tracing.find(wrong, [made], release, [])


# --- a profile of some indicators -----------------------------------------------------------------


def test_a_profile_lists_what_is_asked_for_and_explains_its_signs(release, ask):
    def asked(ids: str):
        query = f"kind=profile&region={PART}&indicators={ids}"
        return ask(release, views.parse(query, release.catalog, release.regions))

    found = asked("lebendgeborene,bevoelkerung_stand")
    assert [row["indicator"] for row in found.rows] == ["lebendgeborene", "bevoelkerung_stand"]
    assert any("geschützt" in row[1] for row in found.table.rows)
    assert any(SIGNS[Status.SUPPRESSED].meaning in note for note in found.notes)
    with pytest.raises(ViewError, match="gibtsnicht"):
        asked("gibtsnicht")


def test_contents_name_chapters_and_not_each_slide(drafted, folders, ask):
    asked = shortened(drafted("schuleingangsuntersuchung", TOWN))
    _, first, *rest = parts.answered(asked, folders, ask=ask)
    named = [text for _, text in first.rows]
    assert named[0] == "Die untersuchten Kinder" and named[-1] == "Quellen und Belege"
    assert [part.title for part in rest if isinstance(part, Chapter)] == named[:-2]
    assert bare("Zeichenerklärung") in bare(" ".join(named))
