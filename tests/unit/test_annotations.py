"""Events and targets of a town: what a file may say, whom they concern, how they are kept, and what
they do to an answer."""

from dataclasses import replace
from datetime import date

import pytest

from indicators import view as views
from indicators.answers import annotating
from indicators.answers.answering import answer
from indicators.errors import DefinitionError
from indicators.export.native import native
from indicators.figures import kinds
from indicators.folders import Folders
from indicators.saved import annotations, events
from indicators.saved.annotations import Annotations, Event, Target
from tests.unit.test_drawing import assert_sound, texts

TOWN, COUNTY, BOTH = "99101", "99102", "verbund:beispiel"
LEAVERS = "abgaenger_ohne_abschluss_anteil"
TREND = f"kind=trend&indicator={LEAVERS}&region={TOWN}"
OPENED = Event(
    title="Schule „Nord“ eröffnet",
    kind="measure",
    when=date(2021, 9, 14),
    text='Mit vier Klassen, sagt "man"',
    source="Vorlage 2020/117",
    regions=(TOWN,),
    indicators=(LEAVERS,),
)
AIM = Target(
    region=TOWN,
    indicator=LEAVERS,
    direction="at_most",
    value=3,
    year="2028/29",
    decided=date(2021, 10, 20),
    source="Stadtrat",
)


def of(*entries) -> Annotations:
    named = [(f"e{i}", one) for i, one in enumerate(entries)]
    return Annotations(
        tuple(one for one in named if isinstance(one[1], Event)),
        tuple(one for one in named if isinstance(one[1], Target)),
    )


@pytest.fixture
def told(release):
    def ask(query: str, *entries):
        return answer(release, views.parse(query, release.catalog, release.regions), of(*entries))

    return ask


# --- files ----------------------------------------------------------------------------------------


def test_a_file_gives_what_it_was_written_of():
    assert annotations.read_event(annotations.written(OPENED)) == OPENED
    grouped = AIM.model_copy(update={"group": {"sex": "female"}, "value": 3.25})
    assert annotations.read_target(annotations.written(grouped)) == grouped


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("title = \nwhen = 2021-08-01", "x.toml, Zeile 1"),
        ('title = "A"\nwhen = 2021-08\nregions = ["09464"]', "Zeile 2"),
        ('title = "A"\nwhen = "irgendwann"\nregions = ["09464"]', "ein Monat (2021-08)"),
        ('title = "A"\nwhen = "2021/23"\nregions = ["09464"]', "ein Schuljahr (2021/22)"),
        ('title = "A"\nwhen = 2021-08-01\nregions = []', "mindestens ein Eintrag"),
        ('title = " "\nwhen = 2021-08-01\nregions = ["09464"]', "hier muss ein Text stehen"),
        ('titel = "A"\nwhen = 2021-08-01\nregions = ["09464"]', "gemeint ist vielleicht title"),
    ],
)
def test_a_file_that_is_wrong_says_where_and_what_is_allowed(content, told):
    with pytest.raises(DefinitionError) as refused:
        annotations.read_event(content, "x.toml")
    assert "x.toml" in str(refused.value) and told in str(refused.value)


def test_a_target_before_its_decision_is_refused():
    with pytest.raises(DefinitionError, match="vor dem Tag"):
        annotations.read_target(annotations.written(AIM).replace("2028/29", "2019/20"))


@pytest.mark.parametrize(
    ("typed", "kept", "moment"),
    [
        ("1.8.2021", "2021-08-01", "01.08.2021"),
        ("08/2021", "2021-08", "August 2021"),
        ("März 2022", "2022-03", "März 2022"),
        ("2021/22", "2021/22", "Schuljahr 2021/22"),
    ],
)
def test_a_time_is_typed_as_people_write_it(typed, kept, moment):
    assert annotations.when_of(typed) == kept
    assert OPENED.model_copy(update={"when": kept}).moment == moment


# --- kept -----------------------------------------------------------------------------------------


def test_what_is_saved_counts_and_a_damaged_file_hides_no_other(tmp_path):
    folders = Folders(tmp_path)
    before = events.in_force(folders)
    stamp = events.stamp(folders)
    one, goal = events.save(folders, OPENED), events.save(folders, AIM)
    (tmp_path / "saved/events/kaputt.toml").write_text("title = \n\n[x]", encoding="utf-8")
    assert events.stamp(folders) != stamp
    now = events.in_force(folders)
    assert {name for name, _ in now.events} - {n for n, _ in before.events} == {one.name}
    assert (goal.name, AIM) in now.targets and now.digest != before.digest
    (damaged,) = events.listed(folders)[1]
    assert damaged.name == "kaputt" and "Zeile 1" in damaged.error
    assert events.read(folders, "event", one.name) == one


def test_two_of_one_title_are_two_and_nobody_overwrites_anothers_change(tmp_path):
    folders = Folders(tmp_path)
    first, second = events.save(folders, OPENED), events.save(folders, OPENED)
    assert first.name != second.name
    mine = OPENED.model_copy(update={"text": "mein"})
    theirs = OPENED.model_copy(update={"text": "ihr"})
    events.save(folders, theirs, first.name, first.version)
    with pytest.raises(events.ConflictError, match="inzwischen jemand anderes geändert"):
        events.save(folders, mine, first.name, first.version)
    assert events.read(folders, "event", first.name).entry == theirs


def test_what_was_changed_or_removed_comes_back(tmp_path):
    folders = Folders(tmp_path)
    first = events.save(folders, AIM)
    lower = AIM.model_copy(update={"value": 2.0})
    second = events.save(folders, lower, first.name, first.version)
    events.remove(folders, "target", first.name)
    assert events.removed(folders, "target") == [first.name]
    versions = {one.version for one in events.history(folders, "target", first.name)}
    assert versions == {first.version, second.version}
    assert events.earlier(folders, "target", first.name, first.version) == AIM
    events.save(folders, AIM, first.name)
    assert events.removed(folders, "target") == []


# --- whom they concern ----------------------------------------------------------------------------


def test_an_event_concerns_what_it_names_and_what_lies_within_or_is_made_of_it(release):
    def concerns(region, *regions):
        event = OPENED.model_copy(update={"regions": regions})
        return annotating.concerns(event, release.region(region), release.regions)

    assert concerns(TOWN, TOWN) and concerns(BOTH, TOWN) and concerns(TOWN, BOTH)
    assert not concerns(COUNTY, TOWN)
    assert concerns("09464", "09") and concerns("09464", "DG") and concerns("verbund:hof", "09475")
    assert not concerns(TOWN, "DG") and not concerns("09", "09464")
    part = next(r.id for r in release.regions.values() if r.parent == TOWN)
    assert concerns(part, TOWN) and not concerns(TOWN, part)


def test_an_event_stands_where_its_theme_or_indicator_is_shown(told):
    elsewhere = OPENED.model_copy(update={"indicators": (), "themes": ("demografie",)})
    everywhere = OPENED.model_copy(update={"indicators": ()})
    assert not told(TREND, elsewhere).events
    assert told(TREND, everywhere).events
    assert not told(f"kind=profile&region={TOWN}", everywhere).events


def test_what_names_something_unknown_is_told(release):
    wrong = OPENED.model_copy(update={"regions": ("09999",), "indicators": ("gibt_es_nicht",)})
    assert len(annotating.faults(release, wrong)) == 2
    assert annotating.faults(release, OPENED) == annotating.faults(release, AIM) == []
    assert annotating.faults(release, AIM.model_copy(update={"value": 300.0}))
    assert annotating.faults(release, AIM.model_copy(update={"group": {"sex": "x"}}))


# --- in an answer ---------------------------------------------------------------------------------


def test_without_any_an_answer_is_what_it_was(ask, told):
    assert told(TREND) == ask(TREND)
    plain = ask(TREND).as_json()
    assert "events" not in plain and "targets" not in plain


def test_an_event_is_a_numbered_flag_with_its_text_below_and_changes_no_number(ask, told):
    found, before = told(TREND, OPENED), ask(TREND)
    (flag,) = [mark for mark in found.figure.marks if mark.number]
    assert (flag.label, flag.number) == (OPENED.title, 1)
    at = dict(found.figure.ticks)[flag.x]
    assert at == "2021/22"
    (note,) = found.beside
    assert note.startswith("Ereignis 1, 14.09.2021: Schule „Nord“ eröffnet (Maßnahme). Mit vier")
    assert note in found.notes and "Vorlage 2020/117" in note
    assert found.rows == before.rows and found.table == before.table
    assert found.as_json()["events"][0]["period"] == "2021/22"
    assert found.annotations and found.annotations != told(TREND, AIM).annotations


def test_numbers_follow_time_and_what_came_after_the_last_value_has_none(told):
    late = OPENED.model_copy(update={"title": "Spät", "when": "2026-11-02"})
    early = OPENED.model_copy(update={"title": "Früh", "when": "1990-01-01"})
    first = OPENED.model_copy(update={"title": "Erstes", "when": "2018-02"})
    found = told(TREND, late, OPENED, early, first)
    assert [one.data["number"] for one in found.events] == [1, 2, None]
    assert [one.data["title"] for one in found.events][0] == "Erstes"
    assert found.beside[-1].startswith("Nach dem letzten Wert, 02.11.2026")


def test_a_target_is_a_line_to_its_year_and_says_how_far_it_is(told):
    found = told(TREND, AIM)
    (line,) = [s for s in found.figure.series if s.is_target]
    assert {p.value for p in line.points} == {3.0}
    assert (line.points[0].label, line.points[-1].label) == ("2021/22", "2028/29")
    assert found.figure.ticks[-1][1] == "2028/29" and found.figure.last < line.points[-1].x
    assert found.subtitle.endswith("Ziel 2028/29 auf dem Weg")
    data = found.as_json()["targets"][0]
    assert (data["state"], data["start_value"], data["judged_value"]) == ("on_course", 5.0, 3.8)


def test_a_target_belongs_to_its_region_division_and_measure(told):
    assert not told(f"{TREND}&measure=count", AIM).targets
    assert not told(f"{TREND}&by=sex", AIM).targets
    assert not told(f"kind=trend&indicator={LEAVERS}&region={BOTH}", AIM).targets
    women = AIM.model_copy(update={"group": {"sex": "female"}})
    assert not told(TREND, women).targets
    assert told(f"{TREND}&sex=female", women).targets
    found = told(f"{TREND}&by=sex", women)
    (line,) = [s for s in found.figure.series if s.is_target]
    assert line.name.startswith("Ziel weiblich")
    assert line.colour == next(s.colour for s in found.figure.series if s.name == "weiblich")


def test_panels_and_slopes_have_the_flags_too(told):
    panels = told(f"kind=panels&indicator={LEAVERS}&region={BOTH}", OPENED, AIM)
    flagged = {panel.name: len(panel.marks) for panel in panels.figure.panels}
    assert flagged["Beispielstadt"] == 1 and flagged["Landkreis Beispielau"] == 0
    goals = {p.name: any(s.is_target for s in p.series) for p in panels.figure.panels}
    assert [name for name, there in goals.items() if there] == ["Beispielstadt"]
    entry = OPENED.model_copy(update={"indicators": (), "themes": ()})
    query = f"kind=ranking&indicator=uebertrittsquote_gymnasium&region={BOTH}&scope=parts"
    slope = told(f"{query}&since=2019/20", entry)
    (mark,) = slope.figure.marks
    assert mark.number == 1 and mark.x == pytest.approx(1 / 3, abs=0.01)
    for found in (panels, slope):
        for width, stage in ((1168, True), (940, False), (340, False)):
            assert_sound(kinds.drawing(found.figure, width=width, stage=stage), stage)


def test_an_office_chart_has_the_target_as_a_series_and_numbers_at_the_years(told):
    chart = native(told(TREND, OPENED, AIM).figure)
    assert "2021/22 [1]" in chart.categories
    (goal,) = [line for line in chart.series if line.name.startswith("Ziel")]
    assert goal.values[-1] == 3.0 and goal.label == goal.name


def test_titles_give_way_to_numbers_where_there_is_no_room(told):
    many = [
        OPENED.model_copy(update={"title": f"Ein langer Titel {i}", "when": f"{year}-0{1 + i}"})
        for i, year in enumerate([*range(2017, 2025), 2017])
    ]
    found = told(TREND, *many, AIM)
    for width, height, stage in ((940, 340, False), (340, None, False), (1168, 430, True)):
        svg = kinds.drawing(found.figure, width=width, height=height, stage=stage)
        assert_sound(svg, stage)
        assert set("123456789") <= {text for text in texts(svg) if text.isdigit()}
    assert found.beside_short[-1].startswith("9: ")


def test_nothing_of_it_depends_on_the_order_of_files(told):
    other = OPENED.model_copy(update={"title": "B", "when": "2018-01-01"})
    one, two = told(TREND, OPENED, other), told(TREND, other, OPENED)
    assert [e.note for e in one.events] == [e.note for e in two.events]
    assert replace(one, annotations="") == replace(two, annotations="")
