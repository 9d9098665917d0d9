"""Periods: school years, key dates, calendar years, winter semesters, training years.

A period is written as officials write it (`2023/24`, `31.12.2024`, `2024`, `WS 2023/24`) and that
text is its id. It sorts by its first day. What a bare year in a file means, the dataset says:
pupil tables label the start of the school year, leaver tables its end. A school year lasts from
1 August to 31 July in every Land, whenever lessons begin.
"""

import re
from dataclasses import dataclass
from datetime import date

from indicators.errors import BildungsblickError

TYPES = {
    "school_year": "Schuljahr",
    "key_date": "Stichtag",
    "calendar_year": "Kalenderjahr",
    "winter_semester": "Wintersemester",
    "training_year": "Ausbildungsjahr",
}


@dataclass(frozen=True, order=True)
class Period:
    """`start` is the first day; `year` links periods of different types (see `Term.offset`)."""

    start: date
    label: str
    type: str

    @property
    def year(self) -> int:
        return self.start.year

    @property
    def end(self) -> date:
        """The last day; of a key date the day itself."""
        return {
            "school_year": date(self.year + 1, 7, 31),
            "key_date": self.start,
            "calendar_year": date(self.year, 12, 31),
            "winter_semester": date(self.year + 1, 3, 31),
            "training_year": date(self.year + 1, 9, 30),
        }[self.type]

    @property
    def words(self) -> str:
        """As it stands in a sentence: "Schuljahr 2023/24", "31.12.2024", "Jahr 2024"."""
        return {
            "school_year": f"Schuljahr {self.label}",
            "key_date": self.label,
            "calendar_year": f"Jahr {self.label}",
            "winter_semester": f"Wintersemester {self.label.removeprefix('WS ')}",
            "training_year": f"Ausbildungsjahr {self.label}",
        }[self.type]

    @property
    def adverbial(self) -> str:
        """ "im Schuljahr 2023/24", "am 31.12.2024" """
        return ("am " if self.type == "key_date" else "im ") + self.words


class PeriodError(BildungsblickError):
    """A text that is no period of this type."""


def _split_years(first: int) -> str:
    return f"{first}/{(first + 1) % 100:02d}"


def school_year(first: int) -> Period:
    return Period(date(first, 8, 1), _split_years(first), "school_year")


def winter_semester(first: int) -> Period:
    return Period(date(first, 10, 1), "WS " + _split_years(first), "winter_semester")


def training_year(first: int) -> Period:
    return Period(date(first, 10, 1), _split_years(first), "training_year")


def calendar_year(year: int) -> Period:
    return Period(date(year, 1, 1), str(year), "calendar_year")


def key_date(day: date) -> Period:
    return Period(day, f"{day.day:02d}.{day.month:02d}.{day.year}", "key_date")


_RANGE = re.compile(r"(?:WS\s*)?((?:19|20)\d\d)\s*/\s*(?:(?:19|20)?(\d\d))$")
_SEMESTER = re.compile(r"((?:19|20)\d\d)-(\d\d)P(?:\d+M|1Y)$")
_YEAR = re.compile(r"((?:19|20)\d\d)$")
_GERMAN_DATE = re.compile(r"(\d\d?)\.(\d\d?)\.((?:19|20)\d\d)$")
_ISO_DATE = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)$")


def looks_like_period(text: str) -> bool:
    """Whether a header cell names a point in time rather than a category."""
    return any(
        pattern.match(text.strip())
        for pattern in (_RANGE, _SEMESTER, _YEAR, _GERMAN_DATE, _ISO_DATE)
    )


def names_a_day(text: str) -> bool:
    """Whether a text is a whole date: what day it says, no key date of a statistic replaces."""
    return any(pattern.match(text.strip()) for pattern in (_GERMAN_DATE, _ISO_DATE))


def parse(text: str, type: str, *, year_is: str | None = None, day: str = "31.12.") -> Period:
    """The period a file's text means.

    `year_is` says for split years whether a bare year is their "start" (if nothing is said) or
    "end", and for the other types which year a split one means (none, if nothing is said); `day`
    is the key date of a bare year. Raises PeriodError for a text that is no period of this type.
    """
    text = text.strip()
    make = {
        "school_year": school_year,
        "winter_semester": winter_semester,
        "training_year": training_year,
    }.get(type)
    try:
        if make:
            if match := _RANGE.match(text):
                first, second = int(match[1]), int(match[2])
                if (first + 1) % 100 != second:
                    raise PeriodError(f"„{text}“ umfasst nicht zwei aufeinander folgende Jahre")
                return make(first)
            if match := _SEMESTER.match(text):
                return make(int(match[1]))
            if match := _YEAR.match(text):
                return make(int(match[1]) - (year_is == "end"))
        elif year_is and (match := _RANGE.match(text)):
            first = parse(text, "school_year").year
            return parse(str(first + (year_is == "end")), type, day=day)
        elif type == "calendar_year":
            if match := _YEAR.match(text):
                return calendar_year(int(match[1]))
        elif type == "key_date":
            if match := _GERMAN_DATE.match(text):
                return key_date(date(int(match[3]), int(match[2]), int(match[1])))
            if match := _ISO_DATE.match(text):
                return key_date(date(int(match[1]), int(match[2]), int(match[3])))
            if match := _YEAR.match(text):
                month_day = [int(part) for part in day.strip(".").split(".")]
                return key_date(date(int(match[1]), month_day[1], month_day[0]))
    except ValueError as error:
        raise PeriodError(f"„{text}“ ist kein Datum des Kalenders") from error
    raise PeriodError(f"„{text}“ ist keine Zeitangabe der Art {TYPES[type]}")


def of_year(year: int, type: str, *, day: str = "31.12.") -> Period:
    """The period of this type that begins in the year (a key date: that day of the year)."""
    return parse(str(year), type, day=day)


def from_label(label: str, type: str) -> Period:
    """The period of a label written by this module (what `period=` in an address holds)."""
    return parse(label, type)


def are_adjacent(earlier: Period, later: Period) -> bool:
    """Whether `later` directly follows `earlier`: change is only told between such periods."""
    return (
        earlier.type == later.type
        and later.year - earlier.year == 1
        and (earlier.start.month, earlier.start.day) == (later.start.month, later.start.day)
    )
