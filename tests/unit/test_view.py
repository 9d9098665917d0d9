"""A view and its address: the same question there and back; what does not exist is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import kinds
from indicators import view as views
from indicators.errors import ViewError
from indicators.view import View, parse
from tests import shipped
from tests.unit import small

CATALOG = shipped.catalog()
REGIONS = small.REGIONS
LEAVERS = "abgaenger_ohne_abschluss_anteil"


def read(query) -> View:
    return parse(query, CATALOG, REGIONS)


def refusal(query) -> str:
    with pytest.raises(ViewError) as refused:
        read(query)
    return str(refused.value)


@st.composite
def any_view(draw):
    """A view of the shipped catalog with any combination of what may be asked."""
    if draw(st.booleans()) and draw(st.booleans()):
        return View(
            kind="profile",
            region=draw(st.sampled_from(list(REGIONS))),
            theme=draw(st.sampled_from(["", *CATALOG.vocabulary.themes])),
        )
    indicator = draw(st.sampled_from(list(CATALOG.indicators.values())))
    dimensions = [b.dimension for b in indicator.breakdowns]
    by = draw(st.sampled_from(["", *dimensions]))
    restricted = draw(st.lists(st.sampled_from(dimensions), unique=True)) if dimensions else []
    only = tuple(
        (name, draw(st.sampled_from(CATALOG.dimensions[name].categories)).id)
        for name in sorted(set(restricted) - {by})
    )
    return View(
        kind=draw(st.sampled_from([k for k in kinds.USUAL if k != "profile"])),
        indicator=indicator.id,
        region=draw(st.sampled_from(list(REGIONS))),
        period=draw(st.sampled_from(["", "2023/24", "31.12.2024", "WS 2023/24", "2019"])),
        by=by,
        measure=draw(st.sampled_from(list(views.MEASURES))),
        scope=draw(st.sampled_from(list(views.SCOPES))),
        release=draw(st.sampled_from(["", "0123456789ab"])),
        compare=tuple(draw(st.lists(st.sampled_from(list(REGIONS)), max_size=3))),
        face=draw(st.sampled_from(["", *views.FACES])),
        stage=draw(st.booleans()),
        only=only,
    )


@given(any_view())
def test_a_view_survives_the_way_through_the_address(view):
    assert read(view.to_query()) == view
    assert read("?" + view.to_query()) == view


@given(any_view())
def test_an_address_needs_no_more_than_plain_characters(view):
    address = view.to_query()
    assert address.isascii() and " " not in address and "#" not in address


def test_defaults_stay_out_of_the_address():
    view = View(kind="trend", indicator=LEAVERS, region="verbund:hof", period="2022/23")
    assert view.to_query() == (f"kind=trend&indicator={LEAVERS}&region=verbund:hof&period=2022/23")


def test_the_region_always_stands_in_the_address():
    """A page without one takes the first education region, not Germany."""
    assert View(kind="map", indicator=LEAVERS).to_query().endswith("&region=DG")


def test_a_short_address_means_the_trend_of_germany():
    assert read(f"indicator={LEAVERS}") == View(kind="trend", indicator=LEAVERS, region="DG")


def test_an_address_may_be_given_as_names_and_values():
    assert read({"indicator": LEAVERS, "sex": "female"}).only == (("sex", "female"),)


def test_changing_a_view_leaves_the_old_one_alone():
    view = View(kind="map", indicator=LEAVERS)
    assert view.with_(kind="table").kind == "table" and view.kind == "map"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "kind=pie",
            "kind: „pie“ gibt es nicht. Erlaubt sind map, ",
        ),
        (
            f"indicator={LEAVERS}&measure=x",
            "measure: „x“ gibt es nicht. Erlaubt sind share, count.",
        ),
        (
            f"indicator={LEAVERS}&scope=x",
            "scope: „x“ gibt es nicht. Erlaubt sind land, all, parts.",
        ),
        (f"indicator={LEAVERS}&by=age", "by: „age“ gibt es nicht. Erlaubt sind sex."),
        ("indicator=bevoelkerungsdichte&by=sex", "by: „sex“ gibt es nicht. Erlaubt sind keine."),
        (f"indicator={LEAVERS}&sex=x", "sex: „x“ gibt es nicht. Erlaubt sind female, male."),
        ("kind=profile&theme=x", "theme: „x“ gibt es nicht. Erlaubt sind demografie, migration"),
    ],
)
def test_a_wrong_choice_names_what_is_allowed(query, told):
    assert refusal(query).startswith(told)


def test_an_unknown_name_in_the_address_names_those_there_are():
    text = refusal(f"indicator={LEAVERS}&colour=red")
    assert text.startswith("Angabe: „colour“ gibt es nicht. Erlaubt sind kind, indicator, ")
    assert "sex" in text and "compare" in text


@pytest.mark.parametrize("field", ["region", "compare"])
def test_an_unknown_region_names_the_form_of_keys_and_the_joint_regions(field):
    assert refusal(f"indicator={LEAVERS}&{field}=99999") == (
        "Die Region „99999“ gibt es nicht. Erlaubt sind amtliche Schlüssel wie 09464 und "
        "verbund:hof."
    )


def test_an_unknown_indicator_names_the_nearest_and_where_all_are():
    text = refusal("indicator=studirende")
    assert text.startswith("Den Indikator „studirende“ gibt es nicht. Gemeint ist vielleicht ")
    assert "studierende" in text and text.endswith("„Daten und Methodik“.")
    assert "Gemeint" not in refusal("indicator=qqqq")


def test_a_view_without_indicator_says_which_word_is_missing():
    assert "(Angabe indicator)" in refusal("kind=trend")


def test_a_profile_refuses_what_it_cannot_show():
    assert "colour" in refusal("kind=profile&colour=red")


def test_a_division_shows_all_categories_whatever_else_is_asked():
    """By sex and girls only, the girls would stand there as "insgesamt"."""
    assert read(f"indicator={LEAVERS}&by=sex&sex=female") == read(f"indicator={LEAVERS}&by=sex")


@given(st.text(max_size=60))
def test_any_text_is_a_view_or_an_error_for_readers(text):
    try:
        view = read(text)
    except ViewError:
        return
    assert read(view.to_query()) == view


def test_an_address_and_a_view_speak_one_grammar():
    """What a page's address holds is a view; where a reader has got to in it is none of it."""
    query = f"kind=table&indicator={LEAVERS}&region=09464&face=table&stage=1"
    view = read(f"{query}&page=3")
    assert view.face == "table" and view.stage and view.to_query() == query
    assert view.asked == read(f"kind=table&indicator={LEAVERS}&region=09464")
    assert "figure, enlarged, table, info" in refusal(f"indicator={LEAVERS}&face=karte")
