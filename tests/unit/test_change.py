"""The change of regions since an earlier period: values by hand, what is refused, what is told."""

import pandas as pd
import pytest

from indicators import formats
from indicators import view as views
from indicators.answers import change
from indicators.answers.answering import answer
from indicators.answers.nearest import nearest
from indicators.errors import ViewError
from indicators.figures import theme
from indicators.figures.map import STATUS_CODES
from indicators.symbols import Status
from tests.unit import small
from tests.unit.small import Cell

STADT, LAND, WARTBURG, JOINT = "09464", "09475", "16063", "verbund:hof"
LEAVERS = "indicator=abgaenger_ohne_abschluss_anteil"
BREAK = """
[[events]]
id = "neu"
kind = "break"
day = 2022-08-01
label = "neue Zählung"
text = "Seit 2022/23 anders gezählt."
datasets = ["pupils"]
"""
COUNTED = small.indicator(calculations=small.COUNT, unit="Anzahl", factor=1)


def cells(**counts: tuple) -> list[Cell]:
    """Pupils then and now of Hof, its county and the Wartburgkreis: all, and at the Gymnasium."""
    found = []
    for region, pairs in zip((STADT, LAND, WARTBURG), counts.values(), strict=False):
        for time, (every, some) in zip(("2021", "2023"), pairs, strict=True):
            for school_type, value in (("total", every), ("gymnasium", some)):
                status = "" if not isinstance(value, str) else value
                number = None if status else value
                found.append(
                    Cell(number, status, region=region, time=time, school_type=school_type)
                )
    return found


USUAL = {
    "stadt": ((100, 20), (120, 30)),
    "land": ((200, 50), (200, 40)),
    "wartburg": ((300, 30), (300, 30)),
}


def asked(release, query: str):
    return answer(release, views.parse(query, release.catalog, release.regions))


def changes(found) -> dict[str, dict]:
    """By region the row of the change."""
    return {r["region"]: r for r in found.rows if r["category_name"] == "Veränderung"}


def known(found) -> dict[str, float]:
    """By region the change, where there is one."""
    return {id: row["value"] for id, row in changes(found).items() if row["value"] is not None}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A release of these counts and the definitions of an indicator."""

    def release(counts: dict, *indicators: str, **more: str):
        catalog = small.catalog(*(indicators or (small.indicator(),)), **more)
        return small.make_release(
            tmp_path_factory.mktemp("change"), catalog, pupils=cells(**counts)
        )

    return release


QUERY = f"indicator=gymnasium_anteil&region={JOINT}&since=2021/22"


@pytest.mark.parametrize("kind", ["map", "ranking"])
def test_shares_change_in_percentage_points_as_a_reader_sees_them(made, kind):
    found = asked(made(USUAL), f"kind={kind}&{QUERY}")
    told = changes(found)
    assert known(found) == {
        STADT: 5.0,  # 20,0 % and 25,0 %
        LAND: -5.0,
        WARTBURG: 0.0,
        JOINT: -1.4,  # 23,3 % and 21,9 %
    }
    assert {row["unit"] for row in told.values()} == {"Prozentpunkte"}
    assert {row["period"] for row in told.values()} == {"2021/22 bis 2023/24"}
    assert found.headline == (
        "Stadt und Landkreis Hof: −1,4\u00a0Prozentpunkte seit 2021/22 (Stadt Hof +5,0, "
        "Landkreis Hof −5,0); in Deutschland ist der Wert in 1 von 3 Kreisen gestiegen, in 1 "
        "gesunken"
    )
    rows = [row for row in found.table.rows if row[0] != "–"]
    assert [row[:3] for row in rows] == [
        ("1", "Stadt Hof", "+5,0"),
        ("2", "Wartburgkreis", "0,0"),
        ("3", "Landkreis Hof", "−5,0"),
    ]
    assert found.table.rows[0][1:] == (
        "Stadt und Landkreis Hof", "−1,4", "23,3\u00a0%", "21,9\u00a0%",
    )  # fmt: skip


def test_counts_change_in_per_cent_of_what_was(made):
    release = made(USUAL, COUNTED)
    found = asked(release, f"kind=map&{QUERY}")
    assert known(found) == {
        STADT: 20.0, LAND: 0.0, WARTBURG: 0.0, JOINT: 6.7,
    }  # fmt: skip
    assert {row["unit"] for row in changes(found).values()} == {"%"}
    lines = {s.name: s for s in asked(release, f"kind=ranking&{QUERY}").figure.slopes}
    assert (lines["Stadt Hof"].before, lines["Stadt Hof"].now) == (100.0, 120.0)
    assert (lines["Stadt Hof"].before_text, lines["Stadt Hof"].now_text) == ("100", "120")


def test_the_count_of_a_share_changes_in_per_cent_too(made):
    found = asked(made(USUAL), f"kind=map&{QUERY}&measure=count")
    assert changes(found)[STADT]["value"] == 50.0  # 20 and 30 at the Gymnasium


def test_so_few_that_chance_would_be_told_have_no_per_cent(made):
    few = USUAL | {"stadt": ((19, 5), (38, 5)), "land": ((20, 5), (40, 5))}
    found = asked(made(few, COUNTED), f"kind=map&{QUERY}")
    told = changes(found)
    assert (told[STADT]["value"], told[STADT]["status"]) == (None, "too_few")
    assert told[LAND]["value"] == 100.0
    place = found.figure.region_ids.index(STADT)
    assert found.figure.codes[0, place] == STATUS_CODES[Status.TOO_FEW]
    assert "Stadt Hof" not in found.headline.split(";")[0].split("(")[-1]


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("status", ["suppressed", "secret", "missing"])
def test_without_one_of_both_values_there_is_no_change_and_the_reason_stays(made, side, status):
    pair = [(100, 20), (120, 30)]
    pair[side] = (status, status)
    release = made(USUAL | {"stadt": tuple(pair)}, COUNTED)
    found = asked(release, f"kind=map&{QUERY}")
    row = changes(found)[STADT]
    assert (row["value"], row["status"]) == (None, status)
    place = found.figure.region_ids.index(STADT)
    assert found.figure.codes[0, place] == STATUS_CODES[Status(status)]
    (line,) = [s for s in asked(release, f"kind=ranking&{QUERY}").figure.slopes
               if s.name == "Stadt Hof"]  # fmt: skip
    assert not line.is_line
    assert "+20" not in str(found.table.rows) + found.headline


def test_zero_is_a_value(made):
    found = asked(made(USUAL | {"stadt": ((100, 0), (120, 30))}), f"kind=map&{QUERY}")
    assert changes(found)[STADT]["value"] == 25.0


def test_a_broken_series_is_refused_with_its_reason_and_the_values_are_near(made):
    release = made(USUAL, event=BREAK)
    with pytest.raises(ViewError, match="2021/22 und 2023/24 lassen sich nicht vergleichen") as why:
        asked(release, f"kind=map&{QUERY}")
    assert "Seit 2022/23 anders gezählt" in str(why.value)
    view = views.parse(f"kind=map&{QUERY}", release.catalog, release.regions)
    assert change.earlier(release, view, "2023/24") == []
    found = nearest(release, view, lambda one: answer(release, one))
    assert found.changes == {"since": ""}
    assert found.told == (
        "Eine Veränderung seit 2021/22 lässt sich dafür nicht angeben; gezeigt werden die Werte.",
    )


@pytest.mark.parametrize(("since", "period"), [("2023/24", "2023/24"), ("2023/24", "2021/22")])
def test_what_is_no_earlier_period_is_refused(made, since, period):
    query = f"kind=map&indicator=gymnasium_anteil&region={JOINT}&since={since}&period={period}"
    with pytest.raises(ViewError, match="nur für spätere") as refused:
        asked(made(USUAL), query)
    assert refused.value.name == "since"


def test_a_period_nobody_knows_is_refused(made):
    with pytest.raises(ViewError, match="keinen Zeitraum"):
        asked(made(USUAL), f"kind=map&indicator=gymnasium_anteil&region={JOINT}&since=1990/91")


# --- of what ships --------------------------------------------------------------------------------


def values(found) -> dict[str, float]:
    return {row["region"]: row["value"] for row in found.rows if row["value"] is not None}


@pytest.mark.parametrize(
    "query",
    [
        f"{LEAVERS}&region=verbund:coburg",
        f"{LEAVERS}&region=07111&scope=all",
        f"{LEAVERS}&region=06431",
        f"{LEAVERS}&region=09",
        "indicator=auslaenderanteil&region=06431",
        "indicator=kinder_sgb2_quote&region=verbund:beispiel&scope=parts",
        "indicator=einschulung_verspaetet_quote&region=99102&scope=parts",
        "indicator=klassenfrequenz&region=99101&scope=parts&school_type=grundschule",
    ],
)
def test_a_change_is_what_lies_between_two_maps(ask, release, query):
    now = ask(f"kind=map&{query}")
    view = views.parse(f"kind=map&{query}", release.catalog, release.regions)
    options = change.earlier(release, view, now.period)
    assert options and now.period not in options
    starts = [now.periods.index(period) for period in options]
    assert starts == sorted(starts, reverse=True)
    for since in (options[0], options[-1]):
        found = ask(f"kind=map&{query}&since={since}&period={now.period}")
        before = values(ask(f"kind=map&{query}&period={since}"))
        after = values(ask(f"kind=map&{query}&period={now.period}"))
        for region, row in changes(found).items():
            if row["value"] is None:
                assert row["status"] != "ok", region
            elif region in before and region in after:
                apart = formats.rounded(after[region] - before[region], 1)
                assert row["value"] == pytest.approx(apart, abs=1e-9), region
        drawn = {
            id: value
            for id, value, code in zip(
                found.figure.region_ids,
                found.figure.values[0],
                found.figure.codes[0],
                strict=True,
            )
            if code < min(STATUS_CODES.values())
        }
        # a Kreis without an area of its own counts all the same
        assert drawn == {id: known(found)[id] for id in drawn}
        lines = ask(f"kind=ranking&{query}&since={since}&period={now.period}")
        assert [r["value"] for r in lines.rows] == [r["value"] for r in found.rows]
        assert lines.table == found.table and lines.headline == found.headline


def test_changes_are_coloured_around_zero(ask):
    figure = ask(f"kind=map&{LEAVERS}&region=verbund:coburg&since=2015/16").figure
    assert figure.signed
    assert {one.colour for one in figure.classes} <= set(theme.DIVERGING)
    middle = figure.classes[2].label
    assert middle == f"−{middle.rsplit(' ', 1)[-1]} bis unter {middle.rsplit(' ', 1)[-1]}"


def test_a_kreis_that_was_another_one_then_is_not_compared(ask):
    """In 2007 Saxony-Anhalt drew its Kreise anew, some under their old names."""
    found = ask(f"kind=map&{LEAVERS}&region=07111&scope=all&since=2005/06")
    told = changes(found)
    assert (told["15081"]["value"], told["15081"]["status"]) == (None, "not_applicable")
    (note,) = [note for note in found.beside if note.startswith("Nicht vergleichbar")]
    assert "Altmarkkreis Salzwedel" in note
    place = found.figure.region_ids.index("15081")
    assert found.figure.codes[0, place] == STATUS_CODES[Status.NOT_APPLICABLE]


def test_a_joint_region_of_ready_made_shares_tells_its_members(ask):
    found = ask(f"kind=map&{LEAVERS}&region=verbund:coburg&since=2005/06")
    assert found.headline.startswith(
        "Stadt Coburg −3,4 und Landkreis Coburg −0,6\u00a0Prozentpunkte"
    )
    assert changes(found)["verbund:coburg"]["value"] is None
    assert "nicht berechenbar" in found.table.rows[0]


def test_own_region_and_what_it_is_measured_by_are_lines_with_names(ask):
    figure = ask(f"kind=ranking&{LEAVERS}&region=07111&since=2005/06").figure
    roles = {s.role: s for s in figure.slopes if s.role != "other"}
    assert (roles["own"].name, roles["land"].name) == ("Stadt Koblenz", "Rheinland-Pfalz")
    assert roles["germany"].told == "−1,3" and roles["own"].told == "−0,8"
    named = [s for s in figure.slopes if s.named and s.role == "other"]
    assert len(named) == 4 and figure.count == 36
    rising = [s.now - s.before for s in figure.slopes if s.is_line and s.role == "other"]
    ends = [s.now - s.before for s in named]
    assert max(ends) == max(rising) and min(ends) == min(rising)


def test_the_rows_of_a_file_are_both_values_and_the_change(ask):
    found = ask(
        "kind=ranking&indicator=kinder_sgb2_quote&region=99102&scope=parts&since=31.12.2015"
    )
    table = pd.DataFrame(found.rows)
    for _, rows in table.groupby("region"):
        assert rows["period"].is_unique and len(rows) == 3
        before, now, between = rows["value"]
        if pd.notna(before) and pd.notna(now):
            assert between == pytest.approx(now - before, abs=0.051)
