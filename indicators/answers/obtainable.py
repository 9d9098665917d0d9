"""What official tables anybody can download would bring a region: indicators and questions."""

from collections.abc import Collection
from dataclasses import dataclass

from indicators import formats
from indicators.catalog.arrangements import Question
from indicators.catalog.meaning import Dataset, Indicator, Table
from indicators.release.releases import Release


@dataclass(frozen=True)
class Obtainable:
    """The tables of a dataset that can be downloaded, and what rests on them: indicators that have
    no value for the region yet (`missing`), those that have (`renewed`), and questions of both.
    `there` says in German what the release has of the tables."""

    dataset: Dataset
    tables: tuple[Table, ...]
    there: str
    missing: tuple[Indicator, ...]
    renewed: tuple[Indicator, ...]
    questions: tuple[Question, ...]


def obtainable(release: Release, filled: Collection[str]) -> list[Obtainable]:
    """For each dataset with such tables what it brings a region of which the indicators `filled`
    have values; first what brings most.

    An indicator is brought by a table only if nothing else lacks that no office publishes.
    """
    catalog = release.catalog
    found = []
    for dataset in catalog.datasets.values():
        tables = tuple(table for table in dataset.tables if table.download and not table.until)
        if not tables:
            continue
        resting = [one for one in catalog.indicators.values() if _rests_on(one, dataset, release)]
        if not resting:
            continue
        ids = {one.id for one in resting}
        found.append(
            Obtainable(
                dataset=dataset,
                tables=tables,
                there=_there(release, dataset),
                missing=tuple(one for one in resting if one.id not in filled),
                renewed=tuple(one for one in resting if one.id in filled),
                questions=tuple(q for q in catalog.questions.values() if q.indicator in ids),
            )
        )
    return sorted(found, key=lambda one: (-len(one.missing), -len(one.renewed), one.dataset.id))


def _rests_on(indicator: Indicator, dataset: Dataset, release: Release) -> bool:
    """Whether some calculation needs the dataset, and otherwise only official ones."""
    datasets = release.catalog.datasets
    for calculation in indicator.calculations:
        used = {term.dataset for term in calculation.terms}
        if dataset.id in used and all(datasets[id].tables for id in used):
            return True
    return False


def _there(release: Release, dataset: Dataset) -> str:
    """What the release has of the tables of a dataset: the newest whole one, the newest excerpt."""
    told = []
    for is_excerpt, name in ((False, "vollständig"), (True, "Auszug")):
        stands = [
            source.stand
            for source in release.sources.values()
            if source.dataset == dataset.id and not source.own and source.excerpt == is_excerpt
        ]
        if stands:
            told.append(f"{name} (Stand {formats.day(max(stands))})")
    return "; ".join(told) or "noch nicht"
