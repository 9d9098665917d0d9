"""What a catalog calls its indicators, and all other words in it that a search can understand."""

from collections.abc import Iterable

from indicators.catalog.catalog import Catalog
from indicators.catalog.meaning import Indicator


def names_of(catalog: Catalog) -> dict[str, list[str]]:
    """All that an indicator is called."""
    found = {one.id: [one.name, one.short_name] for one in catalog.indicators.values()}
    for said in catalog.search_words:
        if said.indicator in found:
            found[said.indicator] += [*said.words]
    for question in catalog.questions.values():
        if question.indicator in found:
            found[question.indicator].append(question.text)
    return found


def texts_of(indicator: Indicator, catalog: Catalog) -> Iterable[str]:
    """What else is written of an indicator: its definition and the groups it is divided into."""
    yield from (indicator.definition, indicator.numerator_name, indicator.denominator_name)
    yield indicator.statement.rest.replace("{value}", "").replace("{group}", "")
    for breakdown in indicator.breakdowns:
        dimension = catalog.dimensions[breakdown.dimension]
        yield dimension.name
        if breakdown.dimension != "age_year":
            yield from (category.name for category in dimension.categories)


def all_texts(catalog: Catalog) -> Iterable[str]:
    for indicator in catalog.indicators.values():
        yield from (indicator.name, indicator.short_name, *texts_of(indicator, catalog))
    for said in catalog.search_words:
        yield from (*said.words, said.means)
    for question in catalog.questions.values():
        yield question.text
    for dimension in catalog.dimensions.values():
        for category in dimension.categories:
            yield from category.land_names.values()
    yield from (section.name for section in catalog.sections.values())
    yield from (gate.name for gate in catalog.gates.values())
    yield from (theme.name for theme in catalog.vocabulary.themes.values())
