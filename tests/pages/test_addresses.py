"""A hundred addresses nobody would write: no page fails, and none shows silently something else
than was asked for."""

import html
import random
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from streamlit.testing.v1 import AppTest

from indicators import kinds
from indicators import view as views
from indicators.answers.answering import answer
from indicators.answers.nearest import nearest
from indicators.errors import ViewError
from tests.pages.apps import EXPLORER, OVERVIEW, go, opened, visit, words
from tests.pages.test_links import PAGES

COUNT, SEED = 100, 20260801
FIELDS = {
    "kind": [*kinds.ALL],
    "indicator": [
        "studierende", "abgaenger_ohne_abschluss_anteil", "geburtenrate", "klassenfrequenz",
        "uebertrittsquote_gymnasium", "kita_platzluecke", "massnahmen_bestand", "einschulungen",
        "schulanfaenger_prognose", "bevoelkerung_pyramide",
    ],
    "region": [
        "verbund:coburg", "verbund:hof", "07111", "06431", "verbund:beispiel", "99101",
        "99102101", "11000", "09", "DG", "16056", "03152",  # Eisenach and Göttingen (old) ended
    ],
    "period": ["2022/23", "31.12.2024", "2019", "WS 2023/24", "2018/19"],
    "by": ["sex", "citizenship", "school_type", "baustein", "age"],
    "measure": ["share", "count"],
    "scope": ["land", "all", "parts"],
    "theme": ["uebergaenge", "demografie", "migration"],
    "compare": ["09464", "09464,09475", "09463,09473,09471,09472"],
    "section": ["schulanfang", "pyramide", "plaetze", "kette", "sources", "releases", "geburten"],
    "gate": ["abschluss", "ausbildung", "alle", "grundschule_sekundarstufe"],
    "who": ["sex:female", "citizenship:foreign"],
    "sex": ["female", "male"],
    "school_type": ["gymnasium", "grundschule"],
    "face": ["figure", "table", "info"],
    "order": ["bausteine", "lebensphasen"],
    "focus": ["geburtenrate", "studierende"],
    "show": ["parts", "backtest"],
    "variant": ["medium", "high", "none"],
    "years": ["3", "5"],
    "without": ["2022", "2015,2016"],
    "cutoff": ["6", "9"],
    "z": ["8,5", "8.5", "0"],
    "v": ["3"],
    "outline": ["31.12.2020"],
    "other": ["99101"],
    "stage": ["1"],
    "page": ["2"],
}  # fmt: skip
OF_PAGE = {
    "": ["region", "focus", "period"],
    "uebergaenge": ["region", "gate", "kind", "indicator", "by", "who", "period"],
    "kita": ["region", "section", "kind", "indicator", "period", "by"],
    "zuwanderung": ["region", "section", "kind", "indicator", "period", "by"],
    "demografie": ["region", "section", "show", "variant", "years", "without", "z", "cutoff"],
    "karte": ["kind", "indicator", "region", "period", "by", "measure", "scope", "compare", "face"],
    "lebensphasen": ["region", "order"],
    "daten": ["region", "section", "indicator"],
}
STRANGE = [
    "", " ", "x" * 5000, "ÄÖÜ ß €", "%C3%BC", "%", "../../etc", "<b>fett</b>", "'; DROP TABLE x",
    "0", "-1", "1e999", "nan", "None", "\x00", "\u202e31.12.2024", "😀", "a&b=c", "null",
]  # fmt: skip


def mutated(chance: random.Random) -> tuple[str, dict[str, str | list[str]]]:
    """A page and an address: right fields of right values, then two or three things gone wrong."""
    page = chance.choice([*OF_PAGE, "karte", "karte", "demografie"])
    names = chance.sample(OF_PAGE[page], chance.randint(1, len(OF_PAGE[page])))
    address: dict[str, str | list[str]] = {n: chance.choice(FIELDS[n]) for n in names}
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([*names, *FIELDS])
        right = chance.choice(FIELDS[name])
        change = chance.randrange(8)
        if change == 0:
            address.pop(name, None)
        elif change == 1:
            address[name] = [right, chance.choice(FIELDS[name])]
        elif change == 2:
            address[name] = chance.choice(STRANGE)
        elif change == 3:
            address[name.upper()] = right
        elif change == 4:
            address[name] = right.swapcase()
        elif change == 5:
            address[name] = chance.choice(FIELDS[chance.choice(list(FIELDS))])
        elif change == 6:
            address[name] = quote(right) + chance.choice(STRANGE)
        else:
            address[name] = right
    return page, address


def all_mutated() -> list[tuple[str, dict[str, str | list[str]]]]:
    chance = random.Random(SEED)
    return [mutated(chance) for _ in range(COUNT)]


def last(value: str | list[str]) -> str:
    return value[-1] if isinstance(value, list) else value


def notices(app: AppTest) -> str:
    found = re.findall(r'bb-notice" role="status">(.*?)</div>', words(app), re.DOTALL)
    return html.unescape("\n".join(found))


GIVEN_UP = {
    "parts": "Zahlen oder Grenzen von Gemeinden und Stadtteilen gibt es",
    "land": "Einen Vergleich der Kreise des Landes gibt es",
    "all": "Einen Vergleich aller Kreise gibt es",
}


def is_given_up(release, name: str, value: str, told: str) -> bool:
    """Whether the page says in words that it shows something else in place of a right value."""
    if name == "scope":
        return value in GIVEN_UP and GIVEN_UP[value] in told and "; gezeigt werden " in told
    if name == "kind":
        return value in kinds.ALL and f"Als {kinds.ALL[value].name} gibt es das" in told
    if name == "by":
        dimensions = release.catalog.dimensions
        return value in dimensions and f"Nach {dimensions[value].name} liegen" in told
    if name == "compare":
        return "Vergleichen lassen sich höchstens" in told
    if name == "region":
        known = release.regions
        return value in known and f"Für {known[value].name} liegen dazu keine Zahlen vor" in told
    return False


def silent(app: AppTest, address: dict[str, str | list[str]], release) -> Iterator[str]:
    """What the address asks for and neither got nor was told about."""
    state, told = app.session_state["address"], notices(app)
    for name, value in address.items():
        wanted = last(value)
        if name in ("release", "stage") or not wanted:
            continue
        got = state.shown.get(name)
        alike = got == wanted
        if name == "compare" and got is not None:
            alike = set(got.split(",")) == set(wanted.split(","))
        alike = alike or is_given_up(release, name, wanted, told)
        if not alike and wanted[:80] not in told and not re.search(rf"\b{re.escape(name)}\b", told):
            yield f"{name}={wanted[:80]} → {got}"
        if isinstance(value, list) and len(set(value)) > 1 and "mehrfach" not in told:
            yield f"{name} twice"


def assert_slide(app: AppTest, release, page: str, address: dict) -> None:
    """A slide shows the answer to its address, or says that it does not."""
    text = html.unescape(words(app))
    if "Nächster Schritt" in text or "Leinwand" in text:
        return
    if page == "":
        assert set(address) <= {"stage", "region", "focus", "period", "face_trend"}
        return
    query = {n: last(v) for n, v in address.items() if n not in ("face", "page", "release")}
    try:
        view = views.parse({"region": "verbund:coburg"} | query, release.catalog, release.regions)
        near = nearest(release, view, lambda asked: answer(release, asked))
    except ViewError as error:
        assert str(error)[:60] in text, address
        return
    assert near.answer.headline in text, address
    assert all(line in text for line in near.told), address
    for name in views.without_effect(view):
        assert f"ohne Wirkung: {name}" in text or f", {name}" in text


@pytest.mark.parametrize("part", range(4))
def test_no_address_fails_or_is_silently_understood_otherwise(part, release):
    app, before = opened(), ""
    for page, address in all_mutated()[part::4]:
        app = visit(app, **address) if page == before else go(app, PAGES[page], **address)
        before = page
        assert not app.exception, (page, address, app.exception)
        assert not app.error
        if last(address.get("stage", "")) == "1":
            assert_slide(app, release, page, address)
            # from a slide there is no menu: the next address is opened anew
            app, before = opened(), ""
        else:
            assert not list(silent(app, address, release)), (page, address, notices(app))
            assert len(notices(app)) < 4000


def test_the_addresses_are_of_every_page_and_many_are_wrong():
    found = all_mutated()
    assert len(found) == COUNT and {page for page, _ in found} == set(PAGES)
    assert any(isinstance(v, list) for _, address in found for v in address.values())
    assert any("stage" in address for _, address in found)


def test_a_field_that_stands_twice_in_an_address_is_told():
    app = opened(EXPLORER, region=["09464", "09475"], kind="trend", indicator="studierende")
    assert "Die Adresse nennt region mehrfach („09464“ und „09475“)" in words(app)
    assert app.session_state["address"].shown["region"] == "09475"


def test_what_is_wrong_is_told_beside_what_is_shown_instead():
    app = opened(EXPLORER, kind="nan", scope="parts", region=["09464", "verbund:coburg"])
    assert "gezeigt werden die Kreise in Bayern" in notices(app)
    assert notices(app).count("Die Adresse nennt als Darstellung „nan“") == 1
    assert notices(app).count("Die Adresse nennt region mehrfach") == 1


def test_a_very_long_value_does_not_fill_the_page():
    app = opened(EXPLORER, indicator="x" * 50_000, kind="y" * 50_000, **{"z" * 50_000: "1"})
    assert len(notices(app)) < 1500


@pytest.mark.parametrize("kind", ["notable", "chain", "pyramid"])
def test_another_region_counts_for_a_view_without_pickers_too(kind, release):
    app = opened(EXPLORER, kind=kind, region="verbund:beispiel")
    box = next(box for box in app.selectbox if box.label == "Bildungsregion")
    box.set_value("hof").run()
    assert app.session_state["address"].shown["region"] == "verbund:hof"
    card = words(app).split("Karte und Vergleich")[-1]
    assert "Hof" in card and "Beispielstadt" not in card


def test_what_a_kind_makes_no_use_of_is_told(release):
    app = opened(EXPLORER, kind="notable", region="verbund:hof", measure="count", by="sex")
    assert "Bei dieser Darstellung ohne Wirkung: by." in notices(app)
    assert "Bei dieser Darstellung ohne Wirkung: measure." in notices(app)
    app = opened(OVERVIEW, region="verbund:hof", stage="1", kind="map")
    assert "kind" in words(app) or "Darstellung" in words(app)
    assert "Nächster Schritt" in words(app)
