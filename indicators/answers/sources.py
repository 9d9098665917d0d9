"""The source of an answer as a line: publisher, tables with their dates, licence."""

from collections.abc import Iterable

from indicators import formats
from indicators.catalog.catalog import Catalog
from indicators.release.releases import Source


def source_line(used: Iterable[Source], catalog: Catalog, *, short: bool = False) -> str:
    """ "Quelle: Statistische Ämter …, Tabelle 21111-02-06-4 (Stand 13.03.2025); dl-de/by-2-0 …" """
    by_publisher: dict[tuple[str, str], list] = {}
    for source in used:
        by_publisher.setdefault((source.publisher, source.licence), []).append(source)
    lines = []
    for (publisher, licence), sources in by_publisher.items():
        stands: dict[str, dict[str, None]] = {}
        for source in sources:
            stands.setdefault(source.table_code, {})[source.stand_words] = None
        tables = [f"{code} ({_in_one_word(list(said))})" for code, said in stands.items()]
        word = "Tabelle" if len(tables) == 1 else "Tabellen"
        terms = catalog.vocabulary.licences.get(licence)
        link = f" ({terms.text})" if terms and terms.text and not short else ""
        if short and len(tables) > 3:
            tables = [f"{formats.number(len(tables))} Tabellen"]
            word = ""
        lines.append(f"{publisher}, {word} {formats.listing(tables)}; {licence}{link}")
    line = f"Quelle: {' · '.join(lines)}; eigene Berechnung"
    return line.replace(",  ", ", ")


def _in_one_word(stands: list[str]) -> str:
    """ "Stand 24.02.2018 und 13.03.2025": several editions of a table beside each other."""
    first, *more = stands
    return formats.listing([first, *(one.removeprefix("Stand ") for one in more)])
