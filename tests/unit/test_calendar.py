"""The data calendar: what is due, late or in time, and what other calendars read of it."""

from datetime import date, timedelta

import icalendar
import pytest

from indicators.errors import DefinitionError
from indicators.exchange import calendar
from indicators.exchange.calendar import Row, judged
from indicators.folders import Folders
from indicators.saved import expected
from indicators.saved.expected import Expected

SINCE = " überfällig (Termin 15.11.2026)"
NEXT = ", nächster Termin 15.11.2027"
SCHOOL_OFFICE = Expected(dataset="newcomers", sender="Schulamt", due="15.11.")


@pytest.mark.parametrize(
    ("today", "came", "state", "words"),
    [
        (date(2026, 10, 1), [], "due", "fällig bis 15.11.2026"),
        (date(2026, 11, 15), [], "due", "fällig bis 15.11.2026"),
        (date(2026, 11, 16), [], "overdue", "seit 1 Tag" + SINCE),
        (date(2027, 4, 1), [], "overdue", "seit 137 Tagen" + SINCE),
        (date(2026, 12, 1), [date(2026, 11, 10)], "in_time", "kam am 10.11.2026" + NEXT),
        (date(2026, 12, 1), [date(2026, 11, 20)], "late", "kam 5 Tage nach dem Termin" + NEXT),
        # a correction that came later does not make it late
        (date(2027, 1, 9), [date(2026, 11, 1), date(2027, 1, 8)], "in_time",
         "kam am 01.11.2026" + NEXT),
        # that of last year says nothing of this one
        (date(2026, 12, 1), [date(2025, 11, 10)], "overdue", "seit 16 Tagen" + SINCE),
        (date(2026, 8, 1), [date(2025, 11, 10)], "due", "fällig bis 15.11.2026"),
        # around New Year
        (date(2027, 1, 2), [date(2026, 12, 30)], "late", "kam 45 Tage nach dem Termin" + NEXT),
    ],
)  # fmt: skip
def test_how_a_delivery_stands(today, came, state, words):
    assert judged(SCHOOL_OFFICE, came, today)[1:] == (state, words)


def test_every_day_of_a_year_has_one_state_and_the_day_never_goes_back():
    """Without a delivery it is due until its day and overdue after, until the next one is near."""
    states, days = [], []
    for number in range(800):
        day, state, _ = judged(SCHOOL_OFFICE, [], date(2026, 1, 1) + timedelta(days=number))
        states.append(state)
        days.append(day)
    assert days == sorted(days)
    changes = [b for a, b in zip(states, states[1:], strict=False) if a != b]
    assert changes == ["due", "overdue"] * (len(changes) // 2) + ["due"] * (len(changes) % 2)


def test_official_tables_are_told_with_an_estimate_that_is_called_one(tmp_path):
    (tmp_path / "settings.toml").write_text("example = false\n", encoding="utf-8")
    rows = calendar.listed(Folders(tmp_path), date(2026, 11, 30))
    assert rows and all(row.official for row in rows)
    by_table = {row.title.partition(":")[0]: row for row in rows}
    leavers = by_table["21111-02-06-4"]  # of two editions that ship the newer one counts
    assert (leavers.came, leavers.due, leavers.state) == (
        date(2025, 3, 13), date(2026, 3, 13), "outdated",
    )  # fmt: skip
    assert by_table["12411-01-01-4"].state == "estimated"
    assert calendar.expected_again(date(2024, 2, 29)) == date(2025, 3, 1)


def test_what_is_entered_stands_in_the_calendar(tmp_path):
    folders = Folders(tmp_path)
    name = expected.save(
        folders, {"dataset": "leavers", "sender": "Schulamt", "due": "31.1.", "text": "per E-Mail"}
    )
    rows = [r for r in calendar.listed(folders, date(2026, 11, 30)) if r.name]
    assert [(r.sender, r.state, r.due) for r in rows] == [("Schulamt", "due", date(2027, 1, 31))]
    (folders.saved / "calendar" / "kaputt.toml").write_text('dataset = "x"\n', encoding="utf-8")
    found, wrong = expected.listed(folders)
    assert len(found) == 1 and "kaputt.toml" in wrong[0] and "sender" in wrong[0]
    expected.remove(folders, name)
    assert not expected.listed(folders)[0]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"sender": " "}, "wer liefert"),
        ({"due": "30.2."}, "due"),
        ({"due": "2026-11-15"}, "due"),
        ({"dataset": "Schulen!"}, "dataset"),
    ],
)
def test_what_cannot_be_is_refused(fields, reason, tmp_path):
    usual = {"dataset": "leavers", "sender": "Schulamt", "due": "31.1."}
    with pytest.raises(DefinitionError, match=reason):
        expected.save(Folders(tmp_path), usual | fields)
    assert not list(tmp_path.rglob("*.toml"))


def test_other_calendars_read_it():
    day = date(2026, 11, 15)
    rows = [
        Row("Übergänge; mit, Zeichen", "Schulamt", day, None, "overdue", "überfällig", "a"),
        Row(
            "12411: Bevölkerung", "Amt", date(2027, 3, 1), None, "estimated", "etwa", official=True
        ),
        Row("alt", "Amt", date(2020, 3, 1), None, "outdated", "alt", official=True),
        Row("ohne Termin", "Amt", None, day, "unknown", "kein Termin"),
    ]
    found = icalendar.Calendar.from_ical(calendar.as_icalendar(rows))
    events = found.walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [day, date(2027, 3, 1)]
    assert "Übergänge; mit, Zeichen" in events[0]["summary"]
    assert events[0]["rrule"]["FREQ"] == ["YEARLY"] and "rrule" not in events[1]
    assert "geschätzt" in events[1]["summary"]
    assert len({str(event["uid"]) for event in events}) == 2
    assert events[0].walk("VALARM")[0].decoded("trigger") == timedelta(days=-14)
