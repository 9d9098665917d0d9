"""Every real file of ../shared comes in right, or is refused for the true reason: one row each."""

from pathlib import Path
from typing import NamedTuple

import pytest

from indicators.build import run
from indicators.build.mapping import understand
from indicators.errors import FileError
from indicators.folders import Folders
from indicators.sources.reading import read_file

pytestmark = pytest.mark.shared


class Right(NamedTuple):
    """A file that comes in: its dataset, how many rows, and some of its values. A value is region,
    period, measure, categories that are no total, and the number (None: a sign without one)."""

    dataset: str
    rows: int
    values: list[tuple[str, str, str, dict[str, str], float | None]]


class Refused(NamedTuple):
    """A file that does not: the essential words of the reason, and the line it names."""

    reason: str
    line: int | None = None


REGIO = "regionaldatenbank"
FILES: dict[str, Right | Refused] = {
    f"{REGIO}/edition_2024/21111-02-06-4-B.csv": Right(
        "leavers",
        70,
        [
            ("01001", "2023/24", "leavers", {"certificate": "none"}, 108),
            ("01001", "2023/24", "leavers", {"certificate": "lower"}, 195),
            ("06431", "2023/24", "leavers", {"certificate": "intermediate", "sex": "female"}, 556),
            ("07111", "2023/24", "leavers", {"certificate": "university_entrance"}, 541),
            ("07111", "2023/24", "leavers", {"certificate": "vocational_entrance"}, 0),
        ],
    ),
}


@pytest.fixture(scope="module")
def catalog():
    return run.load_catalog(Folders(Path("/nowhere")))


@pytest.mark.parametrize("name", FILES)
def test_a_real_file_comes_in_right_or_is_refused_for_the_true_reason(name, shared, catalog):
    path, outcome = shared / "data" / name, FILES[name]
    if isinstance(outcome, Refused):
        with pytest.raises(FileError) as refused:
            [understand(table, catalog) for table in read_file(path)]
        assert outcome.reason in str(refused.value)
        assert refused.value.line == outcome.line
        return
    (table,) = read_file(path)
    mapped = understand(table, catalog)
    assert (mapped.dataset.id, len(mapped.rows)) == (outcome.dataset, outcome.rows)
    for region, period, measure, categories, value in outcome.values:
        words = {id: "total" for id in mapped.dataset.dimensions} | categories
        cell = {"region": region, "period": period, "measure": measure} | words
        (found,) = mapped.rows.loc[(mapped.rows[list(cell)] == cell).all(axis=1), "value"]
        assert found == value or (value is None and found != found), (cell, found)
