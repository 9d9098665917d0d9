"""Several indicators in one figure: what fits together, what each says, what is missing."""

import pytest

from indicators.errors import ViewError

TOWN = "region=verbund:beispiel"
SPEECH, MOTION = "seu_sprache_auffaellig", "seu_motorik_auffaellig"


def test_each_indicator_is_a_line_a_column_and_a_finding(ask):
    found = ask(f"kind=together&indicator={SPEECH}&with={MOTION}&{TOWN}")
    alone = [ask(f"kind=trend&indicator={id}&{TOWN}") for id in (SPEECH, MOTION)]
    for number, other in enumerate(alone):
        line = found.figure.series[number]
        own = next(s for s in other.figure.series if s.role == "own")
        assert [p.value for p in line.points] == [p.value for p in own.points]
        assert line.name == other.indicator.short_name == found.table.columns[number + 1]
        part = found.headline.split("; dort ")[number]
        assert other.headline.endswith(part) or other.headline == part
    rows = {row["indicator"] for row in found.rows}
    assert rows == {SPEECH, MOTION}
    assert {row["region"] for row in found.rows} == {"verbund:beispiel"}
    assert set(found.sources) == {s for other in alone for s in other.sources}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("with=familienwanderung", "verschiedene Einheiten"),
        ("with=gibt_es_nicht", "gibt es nicht"),
        ("", "zwei bis 6 Indikatoren"),
        (f"with={SPEECH}", "zwei bis 6 Indikatoren"),
    ],
)
def test_what_does_not_belong_into_one_figure_is_refused(ask, asked, told):
    with pytest.raises(ViewError, match=told) as refused:
        ask(f"kind=together&indicator={SPEECH}&{asked}&{TOWN}")
    assert refused.value.name == "with"


def test_an_indicator_without_numbers_is_left_out_and_named(ask):
    """Coburg has the one from official tables, the other nobody has delivered."""
    query = f"kind=together&indicator=schueler_auslaendisch_anteil&with={SPEECH}"
    found = ask(f"{query}&region=verbund:coburg")
    assert {row["indicator"] for row in found.rows} == {"schueler_auslaendisch_anteil"}
    assert any(note.startswith("Ohne Angaben: Schuleingangs") for note in found.notes)


def test_where_none_has_a_number_the_first_says_what_it_lacks(ask):
    with pytest.raises(ViewError, match="Nächster Schritt"):
        ask(f"kind=together&indicator={SPEECH}&with={MOTION}&region=verbund:coburg")
