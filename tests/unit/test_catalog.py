"""Definitions: all that ship are sound, and every mistake names file, field and what is allowed."""

import re
import shutil
import string

import pytest

from indicators import periods, texts
from indicators.catalog import catalog as definitions
from indicators.errors import DefinitionError
from indicators.folders import SHIPPED_DEFINITIONS
from indicators.regions import Region
from indicators.symbols import Status
from tests import shipped
from tests.unit import small

SHIPPED = shipped.catalog()
INDICATORS = list(SHIPPED.indicators.values())
DATASETS = list(SHIPPED.datasets.values())
DIMENSIONS = list(SHIPPED.dimensions.values())
OFFICIAL = [dataset for dataset in DATASETS if dataset.licence != "intern"]
OWN = [dataset for dataset in DATASETS if dataset.licence == "intern"]
# Divisions that a calculation for Stadtteile has not, because cells would be too small.
# Registers publish by sex or by citizenship only; the official count has both.
NOT_TOGETHER = {("auslaenderanteil_unter_18", "sex"), ("auslaenderanteil", "sex")}


def names(items):
    return [item.id for item in items]


def refusal(*indicators: str, **replaced: str) -> str:
    with pytest.raises(DefinitionError) as refused:
        small.catalog(*indicators, **replaced)
    return str(refused.value)


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


# --- what ships -----------------------------------------------------------------------------------


def test_the_shipped_catalog_covers_the_field():
    assert len(INDICATORS) >= 50
    assert len(DATASETS) >= 15
    assert list(SHIPPED.education_regions) == [
        "coburg",
        "hof",
        "kaufbeuren_ostallgaeu",
        "koblenz",
        "bergstrasse",
    ]


@pytest.mark.parametrize("indicator", INDICATORS, ids=names(INDICATORS))
def test_every_indicator_can_say_its_value(indicator):
    fields = [name for _, name, _, _ in string.Formatter().parse(indicator.statement.rest) if name]
    assert fields.count("value") == 1 and set(fields) <= {"value", "group"}
    rest = indicator.statement.rest.format(value="12,3 %", group="Gymnasium")
    sentence = f"{indicator.statement.verb} {rest}"
    assert "  " not in sentence and not sentence.endswith(".")


@pytest.mark.parametrize("value", [0, 1, 12.5, -3])
@pytest.mark.parametrize("indicator", INDICATORS, ids=names(INDICATORS))
def test_every_sentence_reads_on(indicator, value):
    """Headline and reading aid of a region, with the category that an undivided view shows."""
    rule = SHIPPED.datasets[indicator.calculations[0].terms[0].dataset].period
    region = Region("99101", "kreis", "Beispielstadt", "in Beispielstadt", "99")
    only = {b.dimension: b.default for b in indicator.breakdowns if b.default}
    group = ""
    if shown := only.pop(indicator.grouped_by, None):
        name = SHIPPED.dimensions[indicator.grouped_by].category_name(shown, "99")
        group = indicator.statement.group(shown, name, "99")
    now, before = (
        texts.Value(
            region,
            periods.of_year(year, rule.type, day=rule.day),
            value,
            Status.OK,
            numerator=value,
            denominator=None if indicator.is_count else 40,
            group=group,
            qualifier=texts.qualifier(SHIPPED, only, "99"),
        )
        for year in (2024, 2023)
    )
    headline = texts.trend_headline(indicator, now, before)
    aid = texts.reading_aid(indicator, now, before)
    assert headline.startswith("In Beispielstadt ") and "in beispielstadt " in aid.lower()
    if indicator.statement.outlook:  # tells of the growth since its first period
        assert "bis 2024 voraussichtlich um " in headline and "bis 2024 voraussichtlich um " in aid
    else:
        assert headline.endswith("wie im Vorjahr")
        assert aid.endswith("unverändert gegenüber dem Vorjahr.")
    for text in (headline, aid):
        assert not re.search(r"  |[{}]|\bNone\b| in Beispielstadt es ", text)
    assert ") (" not in headline


@pytest.mark.parametrize("indicator", INDICATORS, ids=names(INDICATORS))
def test_every_indicator_has_a_full_sheet(indicator):
    assert indicator.definition.endswith(".")
    assert indicator.formula and indicator.numerator_name and indicator.period_meaning
    assert indicator.caveats and all(caveat.endswith(".") for caveat in indicator.caveats)
    ratio = any(calculation.denominator for calculation in indicator.calculations)
    assert bool(indicator.denominator_name) or not ratio
    assert len(indicator.short_name) <= 40


@pytest.mark.parametrize("indicator", INDICATORS, ids=names(INDICATORS))
def test_plausible_range_and_class_limits_are_in_order(indicator):
    if indicator.plausible:
        low, high = indicator.plausible
        assert low < high
    limits = indicator.class_limits
    assert limits == sorted(set(limits))


@pytest.mark.parametrize("dataset", DATASETS, ids=names(DATASETS))
def test_every_dataset_serves_an_indicator(dataset):
    assert dataset.id in {id for indicator in INDICATORS for id in indicator.datasets}


@pytest.mark.parametrize("dataset", OFFICIAL, ids=names(OFFICIAL))
def test_every_official_dataset_has_a_table_and_no_sums_of_ours(dataset):
    assert dataset.tables and not dataset.crosses


@pytest.mark.parametrize("dataset", OWN, ids=names(OWN))
def test_a_town_s_own_dataset_says_what_of_it_is_published(dataset):
    assert not dataset.tables and dataset.notes
    assert {id for cross in dataset.crosses for id in cross} == set(dataset.dimensions)


@pytest.mark.parametrize("indicator", INDICATORS, ids=names(INDICATORS))
def test_an_indicator_asks_for_published_divisions_only(indicator):
    """A term, divided by one of the indicator's breakdowns, lies within a cross of its dataset."""
    for term in (term for c in indicator.calculations for term in c.terms):
        dataset = SHIPPED.datasets[term.dataset]
        if not dataset.crosses:
            continue
        for breakdown in [None, *(b.dimension for b in indicator.breakdowns)]:
            asked = {*term.where, *({breakdown} & set(dataset.dimensions))}
            defaults = {b.dimension for b in indicator.breakdowns if b.default}
            asked |= defaults & set(dataset.dimensions)
            if (indicator.id, breakdown) in NOT_TOGETHER:
                continue
            assert any(asked <= set(cross) for cross in dataset.crosses), (term.dataset, asked)


@pytest.mark.parametrize("indicator", INDICATORS, ids=names(INDICATORS))
def test_what_has_no_total_is_always_named(indicator):
    """Variants of a projection and definitions of migration are never summed."""
    defaults = {b.dimension for b in indicator.breakdowns if b.default}
    for term in (term for c in indicator.calculations for term in c.terms):
        dataset = SHIPPED.datasets[term.dataset]
        for dimension in set(dataset.dimensions) & {"projection_variant", "migration_definition"}:
            assert dimension in {*term.where, *defaults}, (term.dataset, dimension)


@pytest.mark.parametrize("dataset", OFFICIAL, ids=names(OFFICIAL))
def test_no_official_word_means_two_things_in_a_dataset(dataset):
    """A word that names two categories would put a column where nobody expects it."""
    words = [
        label
        for dimension in dataset.dimensions
        for category in SHIPPED.dimensions[dimension].categories
        for label in category.labels
    ] + [label for measure in dataset.measures for label in measure.labels]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=names(DIMENSIONS))
def test_no_word_names_two_categories_of_a_dimension(dimension):
    words = [label.casefold() for category in dimension.categories for label in category.labels]
    twice = {word for word in words if words.count(word) > 1}
    of = [{c.id for c in dimension.categories if w in map(str.casefold, c.labels)} for w in twice]
    assert all(len(ids) == 1 for ids in of)


@pytest.mark.parametrize(
    "id", ["origin_type", "destination_type", "recommended_type", "leaving_school_type"]
)
def test_school_types_keep_their_order_and_names_wherever_they_stand(id):
    types = SHIPPED.dimensions["school_type"]
    order = [category.id for category in types.categories]
    here = [c for c in SHIPPED.dimensions[id].categories if c.id in order]
    assert [c.id for c in here] == [id for id in order if id in {c.id for c in here}]
    for land in ("", "05", "08", "09", "14"):
        for category in here:
            assert category.land_names.get(land, category.name) == types.category_name(
                category.id, land
            )


# --- the catalogue the indicators follow ----------------------------------------------------------

RESEARCH = SHIPPED_DEFINITIONS.parents[2] / "shared" / "research" / "catalogue.yaml"
ENTRY = re.compile(
    r"^- \{id: (\w+), theme: (\w+), phase: (\w+), baustein: (\d), pol: (-?\d)", re.MULTILINE
)
POLARITY = {"1": "higher_is_better", "-1": "lower_is_better", "0": "neutral"}


@pytest.fixture(scope="module")
def researched():
    """id → theme, life phase, Baustein, polarity of the indicators the field works with."""
    if not RESEARCH.exists():
        pytest.skip("der Katalog der Recherche liegt nicht neben dem Projekt (../shared)")
    found = ENTRY.findall(RESEARCH.read_text(encoding="utf-8"))
    return {id: (theme, phase, int(b), POLARITY[pol]) for id, theme, phase, b, pol in found}


def test_most_indicators_of_the_field_are_defined(researched):
    assert len(researched) == 100
    assert len(set(researched) & set(SHIPPED.indicators)) >= 85


def test_indicators_have_theme_phase_baustein_and_polarity_of_the_field(researched):
    ours = {
        i.id: (i.theme, i.life_phase, i.baustein, i.polarity)
        for i in INDICATORS
        if i.id in researched
    }
    assert ours == {id: researched[id] for id in ours}


def test_key_figures_of_the_overview_have_distinct_places():
    places = [i.highlight for i in INDICATORS if i.highlight]
    assert places and len(set(places)) == len(places)


def test_every_event_and_break_tells_what_happened():
    assert any(event.kind == "break" for event in SHIPPED.events)
    for event in SHIPPED.events:
        assert event.label and event.text.endswith("."), event.id
        assert len(event.label) <= 40, event.id


def test_pupils_and_leavers_label_the_two_ends_of_a_school_year():
    assert SHIPPED.datasets["pupils"].period.meant("2023").label == "2023/24"
    assert SHIPPED.datasets["leavers"].period.meant("2023").label == "2022/23"


def test_a_land_has_its_own_names_for_school_types():
    types = SHIPPED.dimensions["school_type"]
    assert types.category_name("hauptschule") == "Hauptschule"
    assert types.category_name("hauptschule", "09") == "Mittelschule"
    assert types.category_name("total", "09") == "insgesamt"


def test_a_release_text_loads_to_the_same_catalog():
    again = definitions.from_texts(SHIPPED.files)
    assert again.indicators == SHIPPED.indicators
    assert list(again.indicators) == list(SHIPPED.indicators)
    assert again.datasets == SHIPPED.datasets
    assert again.events == SHIPPED.events


# --- mistakes -------------------------------------------------------------------------------------


def test_the_small_world_itself_is_sound():
    catalog = small.catalog(small.indicator())
    assert list(catalog.indicators) == ["gymnasium_anteil"]


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('unit = "%"', 'unitt = "%"', "indicators.1.unitt", "gibt es hier nicht"),
        ("factor = 100", 'factor = "x"', "indicators.1.factor", "hier muss eine Zahl stehen"),
        ("baustein = 1", 'baustein = "eins"', "indicators.1.baustein", "ganze Zahl"),
        ("baustein = 1", "baustein = 1.5", "indicators.1.baustein", "ganze Zahl"),
        ('name = "Anteil am Gymnasium"', "name = 5", "indicators.1.name", "ein Text"),
        ('formula = "a ÷ b"', "", "indicators.1.formula", "dieses Feld fehlt"),
        ('id = "gymnasium_anteil"', 'id = "Gymnasium Anteil"', "indicators.1.id", "Form"),
        (
            'polarity = "neutral"',
            'polarity = "good"',
            "indicators.1.polarity",
            "„good“ ist nicht erlaubt; erlaubt sind 'higher_is_better', 'lower_is_better' oder "
            "'neutral'",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_file(old, new, field, reason):
    text = refusal(changed(small.indicator(), old, new))
    assert f"indicator_0.toml, Feld {field}: " in text
    assert reason in text


def test_an_unknown_field_names_the_fields_there_are():
    text = refusal(changed(small.indicator(), 'unit = "%"', 'unit = "%"\ncolour = "red"'))
    allowed = re.search(r"erlaubt sind (.*)", text)[1].split(", ")
    assert {"unit", "factor", "caveats"} <= set(allowed) and "colour" not in allowed


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ('name = "Schule"', 'name = "Schule"\nicon = "x"', "name, text"),
        ('name = "Hof"', 'name = "Hof"\ncolour = "x"', "joint_name"),
        ('labels = ["Gymnasien"]', 'labels = ["Gymnasien"], icon = "x"', "labels"),
    ],
)
def test_an_unknown_field_deep_in_a_file_names_the_fields_there_are(old, new, allowed):
    text = refusal(vocabulary=changed(small.BASE, old, new))
    assert "vocabulary.toml, Feld " in text and "dieses Feld gibt es hier nicht" in text
    assert allowed in text


@pytest.mark.parametrize(
    ("old", "new", "field", "allowed"),
    [
        ('theme = "schule"', 'theme = "schul"', "indicator.theme", "schule"),
        ('life_phase = "sekundarstufe"', 'life_phase = "x"', "indicator.life_phase", "sekundar"),
        ("baustein = 1", "baustein = 9", "indicator.baustein", "1"),
        ('place = "schulort"', 'place = "x"', "indicator.place", "schulort"),
    ],
)
def test_an_unknown_word_of_the_vocabulary_names_the_words_there_are(old, new, field, allowed):
    text = refusal(changed(small.indicator(), old, new))
    assert f"indicator_0.toml, Feld {field}: " in text
    assert "ist nicht bekannt; erlaubt sind " + allowed in text


@pytest.mark.parametrize(
    ("numerator", "field", "reason"),
    [
        (
            'dataset = "pupil", measure = "pupils"',
            "dataset",
            "„pupil“ ist nicht bekannt; erlaubt sind population, pupils, rates",
        ),
        (
            'dataset = "pupils", measure = "x"',
            "measure",
            "„x“ ist nicht bekannt; erlaubt sind pupils, schools",
        ),
        (
            'dataset = "pupils", measure = "pupils", where = { age = "a" }',
            "where",
            "Merkmal „age“ ist nicht bekannt; erlaubt sind school_type, sex (Datensatz pupils)",
        ),
        (
            'dataset = "pupils", measure = "pupils", where = { sex = "f" }',
            "where.sex",
            "Ausprägung „f“ ist nicht bekannt; erlaubt sind female, male, total",
        ),
        (
            'dataset = "pupils", measure = "pupils", where = { sex = ["female", "x"] }',
            "where.sex",
            "Ausprägung „x“ ist nicht bekannt; erlaubt sind female, male, total",
        ),
        (
            'dataset = "rates", measure = "share"',
            "measure",
            "„share“ ist eine fertige Verhältniszahl und darf nicht summiert werden; sie gehört "
            "unter given",
        ),
    ],
)
def test_a_reference_that_leads_nowhere_names_what_there_is(numerator, field, reason):
    calculation = f"[[indicator.calculations]]\nnumerator = [{{ {numerator} }}]"
    assert (
        refusal(small.indicator(calculations=calculation))
        == f"indicator_0.toml, Feld indicator.calculations.{field}: {reason}"
    )


def test_a_calculation_is_either_given_or_counted():
    text = refusal(small.indicator(calculations="[[indicator.calculations]]\nnote = 'leer'"))
    assert "Feld indicator.calculations: entweder given oder numerator ist anzugeben" in text


def test_a_ratio_of_shares_needs_both_bases():
    base = '[{ dataset = "pupils", measure = "pupils" }]'
    text = refusal(
        small.indicator(
            calculations=f"[[indicator.calculations]]\nnumerator = {base}\ndenominator = {base}\n"
            f"numerator_base = {base}"
        )
    )
    assert "numerator_base und denominator_base gehören zusammen" in text


def test_an_indicator_without_calculation_is_refused():
    text = refusal(small.indicator(calculations="calculations = []"))
    assert "calculations" in text and "indicator_0.toml" in text


def test_a_sentence_without_its_value_is_refused():
    text = refusal(changed(small.indicator(), "{value} der Kinder", "viele Kinder"))
    assert text.endswith("Feld indicator.statement.rest: der Platzhalter {value} fehlt")


@pytest.mark.parametrize(
    ("breakdown", "reason"),
    [
        ('dimension = "age"', "„age“ ist nicht bekannt; erlaubt sind school_type, sex"),
        (
            'dimension = "school_type"\ndefault = "uni"',
            "„uni“ ist nicht bekannt; erlaubt sind foerderschule, gymnasium, hauptschule",
        ),
    ],
)
def test_a_breakdown_must_belong_to_the_datasets(breakdown, reason):
    text = refusal(small.indicator(breakdowns=f"[[indicator.breakdowns]]\n{breakdown}"))
    assert "indicator_0.toml, Feld indicator.breakdowns." in text and reason in text


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ('place = "schulort"', 'place = "hier"', "place", "erlaubt sind schulort"),
        ('place = "schulort"', 'place = "schulort"\nsymbols = "x"', "symbols", "harmonised"),
        ('place = "schulort"', 'place = "schulort"\nlicence = "x"', "licence", "dl-de/by-2-0"),
        ('["school_type", "sex"]', '["school_type", "age"]', "dimensions", "school_type, sex"),
        ('id = "schools"', 'id = "pupils"', "measures.id", "darf nur einmal vorkommen"),
        ('measure = "pupils"', 'measure = "x"', "tables.measure", "erlaubt sind pupils, schools"),
        (
            'measure = "pupils"',
            'measure = "pupils"\nfixed = { sex = "f" }',
            "tables.fixed.sex",
            "erlaubt sind female, male, total",
        ),
    ],
)
def test_a_wrong_dataset_is_named_with_field_and_choice(old, new, field, reason):
    text = refusal(pupils=changed(small.PUPILS, old, new))
    assert f"pupils.toml, Feld dataset.{field}: " in text and reason in text


def test_a_table_feeds_one_dataset_only():
    text = refusal(population=changed(small.POPULATION, "12411-01-01-4", "21111-01-03-4"))
    assert text == (
        "population.toml, Feld dataset.tables.code: Tabelle 21111-01-03-4 speist schon den "
        "Datensatz pupils (pupils.toml); jede Tabelle gehört zu genau einem Datensatz"
    )


def test_an_event_must_name_known_datasets():
    event = (
        '[[events]]\nid = "x"\nkind = "break"\nday = 2022-01-01\nlabel = "x"\ntext = "x"\n'
        'datasets = ["pupil"]'
    )
    assert refusal(event).startswith("indicator_0.toml, Feld events.datasets: „pupil“ ist nicht")


def test_an_id_twice_names_both_files():
    text = refusal(small.indicator(), small.indicator())
    assert text == (
        "indicator_1.toml, Feld indicators.id: „gymnasium_anteil“ gibt es schon in "
        "indicator_0.toml; jede Kennung darf nur einmal vorkommen"
    )


def test_a_dimension_twice_in_the_vocabulary_is_refused():
    again = '\n[[vocabulary.dimensions]]\nid = "sex"\nname = "x"\ncategories = []\n'
    head, tail = small.BASE.split("[[territory.reforms]]")
    text = refusal(vocabulary=f"{head}{again}[[territory.reforms]]{tail}")
    assert "„sex“ gibt es schon in vocabulary.toml" in text


def test_a_category_twice_in_a_dimension_is_refused():
    text = refusal(vocabulary=changed(small.BASE, 'id = "male"', 'id = "female"'))
    assert text.startswith("vocabulary.toml, Feld vocabulary.dimensions.categories.id: „female“")
    assert "sex" in text


def test_the_vocabulary_stands_in_exactly_one_file():
    text = refusal(small.BASE)
    assert "[vocabulary] muss genau einmal vorkommen" in text
    assert "vocabulary.toml" in text and "indicator_0.toml" in text


def shipped_with(tmp_path, old: str, new: str) -> str:
    """The refusal of the shipped definitions with a changed vocabulary."""
    folder = shutil.copytree(SHIPPED_DEFINITIONS, tmp_path / "definitions")
    vocabulary = folder / "vocabulary.toml"
    vocabulary.write_text(changed(vocabulary.read_text("utf-8"), old, new), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        definitions.load(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("statuses.secret]", "statuses.hidden]", "Feld vocabulary.statuses: „hidden“ ist nicht"),
        ("statuses.secret]", "statuses.hidden]", "Feld vocabulary.statuses.secret: dieses Feld"),
        ("flags.derived]", "flags.x]", "Feld vocabulary.flags: „x“ ist nicht bekannt; erlaubt"),
        ("flags.derived]", "flags.x]", "Feld vocabulary.flags.derived: dieses Feld fehlt"),
        ('short = "folgt später"', "", "Feld vocabulary.statuses.later.short: dieses Feld fehlt"),
        ('sign = "•"', 'icon = "•"', "erlaubt sind meaning, short, sign"),
    ],
)
def test_every_status_and_flag_needs_its_words_and_no_other_has_any(tmp_path, old, new, message):
    text = shipped_with(tmp_path, old, new)
    assert "definitions/vocabulary.toml, Feld vocabulary." in text and message in text


def test_the_vocabulary_of_an_older_release_may_lack_words():
    assert definitions.from_texts(small.TEXTS).vocabulary.statuses == {}


def test_an_older_release_may_have_fields_that_there_were_once():
    once = changed(small.indicator(), 'unit = "%"', 'unit = "%"\ndiverging = true')
    once = once.replace("[indicator.statement]", '[indicator.statement]\ntone = "x"')
    texts = small.TEXTS | {"indicator_0.toml": once}
    now = definitions.from_texts(small.TEXTS | {"indicator_0.toml": small.indicator()})
    assert definitions.from_texts(texts, released=True).indicators == now.indicators
    with pytest.raises(DefinitionError, match="diverging"):
        definitions.from_texts(texts)
    broken = {**texts, "indicator_0.toml": once.replace('unit = "%"', "unit = 3")}
    with pytest.raises(DefinitionError, match="indicator_0.toml, Feld indicators.1.unit"):
        definitions.from_texts(broken, released=True)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[[stricter_rule]]\nminimum = 5", "stricter_rule"),
        ("[stricter_rules]\nminimum = 5", "stricter_rules"),
        ("[stricter_rule]\nminimum = 5\n[stricter_rules]\nminimum = 5", "stricter_rules"),
        ("stricter_rule = 5", "stricter_rule"),
    ],
)
def test_one_entry_and_several_have_each_their_form(text, wrong):
    told = refusal(town=text)
    assert f"town.toml, Feld {wrong}: " in told
    assert "[stricter_rule]" in told and "[[stricter_rules]]" in told


def test_one_entry_stands_beside_several():
    both = "[stricter_rule]\nminimum = 5\n[[stricter_rules]]\nminimum = 7\n"
    found = [rule.minimum for _, rule in small.catalog(town=both).stricter_rules]
    assert found == [5, 7]


GATE = """
[[gates]]
id = "anfang"
name = "Anfang"
text = "Wer beginnt?"
order = 1
indicators = ["gymnasium_anteil"]
"""
ARRANGED = {
    "gate": GATE,
    "flow": GATE + 'flow = "gymnasium_anteil"',
    "section": """
[[sections]]
id = "teil"
theme = "schule"
name = "Teil"
order = 1
indicators = ["gymnasium_anteil"]
""",
    "step": """
[[chain_steps]]
id = "ankunft"
name = "Ankunft"
text = "Wer kommt an?"
order = 1
figures = [{ label = "Personen", indicator = "gymnasium_anteil" }]
""",
    "order": """
[[frameworks]]
id = "felder"
name = "Felder"
order = 1
groups = [{ name = "Erstes", indicators = ["gymnasium_anteil"] }]
""",
    "question": """
[[questions]]
id = "wie_viele"
order = 1
theme = "schule"
text = "Wie viele?"
page = "karte"
query = "kind=trend&indicator=gymnasium_anteil"
""",
    "topic": """
[[focus_topics]]
id = "thema"
year = 2026
title = "Thema"
text = "Worum es geht."
indicators = ["gymnasium_anteil"]
""",
    "words": """
[[search_words]]
words = ["Gym"]
indicator = "gymnasium_anteil"
""",
}


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("gate", "gates.anfang.indicators"),
        ("section", "sections.teil.indicators"),
        ("step", "chain_steps.ankunft.figures.indicator"),
        ("order", "frameworks.felder.groups.indicators"),
        ("question", "questions.wie_viele.query"),
        ("topic", "focus_topics.thema.indicators"),
        ("words", "search_words.1.indicator"),
    ],
)
def test_an_arrangement_of_an_unknown_indicator_names_those_written_alike(kind, field):
    text = ARRANGED[kind]
    small.catalog(small.indicator(), arranged=text)
    said = refusal(
        small.indicator(), arranged=changed(text, "gymnasium_anteil", "gymnasien_anteil")
    )
    assert said == (
        f"arranged.toml, Feld {field}: der Indikator „gymnasien_anteil“ ist nicht bekannt; erlaubt "
        "sind die id der Indikatoren, zum Beispiel gymnasium_anteil"
    )
    # nothing is like this one: some are named all the same
    said = refusal(small.indicator(), arranged=changed(text, "gymnasium_anteil", "xyz"))
    assert "„xyz“ ist nicht bekannt" in said and "zum Beispiel gymnasium_anteil" in said


@pytest.mark.parametrize("kind", ["section", "question"])
def test_an_arrangement_of_an_unknown_theme_names_the_themes(kind):
    text = changed(ARRANGED[kind], 'theme = "schule"', 'theme = "kita"')
    said = refusal(small.indicator(), arranged=text)
    assert ".theme: „kita“ ist nicht bekannt; erlaubt sind schule" in said


@pytest.mark.parametrize("name", ["gate", "section"])
def test_a_question_about_an_unknown_part_of_a_page_names_the_parts(name):
    asked = changed(ARRANGED["question"], 'query = "', f'query = "{name}=nirgends&')
    said = refusal(small.indicator(), arranged=asked)
    assert f"Feld questions.wie_viele.query: {name}: „nirgends“ ist nicht bekannt" in said


def test_what_a_question_is_answered_by_instead_must_exist():
    text = (
        ARRANGED["question"]
        + """
[[questions.instead]]
page = "karte"
query = "kind=together&indicator=gymnasium_anteil&with=gymnasien_anteil"
told = "Etwas anderes."
"""
    )
    said = refusal(small.indicator(), arranged=text)
    assert "Feld questions.wie_viele.query: der Indikator „gymnasien_anteil“ ist nicht" in said


def test_the_leading_categories_of_a_dimension_are_among_them():
    files = SHIPPED.files
    (file,) = [name for name in files if name.endswith("vocabulary.toml")]
    text = files[file].replace('leading = ["age_0_2"', 'leading = ["age_0_1"')
    with pytest.raises(DefinitionError, match="dimensions.leading: „age_0_1“ ist nicht bekannt"):
        definitions.from_texts(files | {file: text})


def test_a_gate_of_an_indicator_without_flow_names_those_that_have_one():
    said = refusal(small.indicator(), arranged=ARRANGED["flow"])
    assert "Feld gates.anfang.flow: der Indikator „gymnasium_anteil“ hat keine Angabe flow" in said
    assert said.endswith("erlaubt sind keine, denn kein Indikator hat eine")
    files = SHIPPED.files
    (file,) = [name for name in files if name.endswith("gates.toml")]
    text = files[file].replace('flow = "einschulungen"', 'flow = "zurueckstellungsquote"')
    with pytest.raises(DefinitionError, match="keine Angabe flow; erlaubt sind .*einschulungen"):
        definitions.from_texts(files | {file: text})


def test_an_order_has_groups_or_says_by_what():
    said = refusal(small.indicator(), arranged=ARRANGED["order"] + 'by = "baustein"')
    assert said.endswith("Feld frameworks.felder: entweder by oder groups ist anzugeben")


@pytest.mark.parametrize(
    "meaning", ["", 'kind = "map"\nfiller = true', 'category = "female"', 'means = ""']
)
def test_search_words_say_one_thing(meaning):
    said = refusal(small.indicator(), words=f'[[search_words]]\nwords = ["a"]\n{meaning}\n')
    assert said == (
        "words.toml, Feld search_words.1: richtig ist genau eines von means, indicator, dimension "
        "(auch mit category), region, kind und filler"
    )


def test_search_words_of_an_unknown_group_name_those_there_are():
    text = '[[search_words]]\nwords = ["a"]\ndimension = "sex"\ncategory = "girls"\n'
    said = refusal(small.indicator(), words=text)
    assert said == (
        "words.toml, Feld search_words.1.category: „girls“ ist nicht bekannt; erlaubt sind "
        "female, male"
    )
    said = refusal(small.indicator(), words=changed(text, '"sex"', '"gender"'))
    assert "Feld search_words.1.dimension: „gender“ ist nicht bekannt" in said


def test_broken_toml_names_the_file():
    assert refusal("[indicator\n").startswith("indicator_0.toml, Zeile 1, Spalte 11: kein ")


def test_a_file_in_another_encoding_is_named(tmp_path):
    (tmp_path / "x.toml").write_bytes('name = "Übergänge"'.encode("cp1252"))
    with pytest.raises(DefinitionError, match=r"x.toml, Zeile 1: die Datei ist nicht in UTF-8"):
        definitions.load(SHIPPED_DEFINITIONS, tmp_path)


def test_all_mistakes_are_told_at_once():
    wrong = changed(small.indicator(), 'theme = "schule"', 'theme = "a"')
    text = refusal(changed(wrong, 'place = "schulort"', 'place = "b"'))
    assert "indicator.theme" in text and "indicator.place" in text


def test_indicators_stand_in_their_order_and_then_by_id():
    catalog = small.catalog(
        small.indicator("zuletzt", order=9),
        small.indicator("erst_b", order=1),
        small.indicator("erst_a", order=1),
    )
    assert list(catalog.indicators) == ["erst_a", "erst_b", "zuletzt"]
