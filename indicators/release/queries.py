"""Every question to a release, one function each, its grain in the first line of its docstring."""

from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from indicators.catalog.definition import TOTAL, sum_key
from indicators.catalog.meaning import Term
from indicators.release.releases import KEPT_VALUES, Release
from indicators.symbols import WITH_NUMBER

_FEW = 10  # regions of a profile or a time series, not those of a map


def kept_values(release: Release, indicator: str, regions: Sequence[str]) -> pd.DataFrame:
    """One row per region and period: the undivided values of an indicator as the build computed
    them, in the columns and the order of `values.indicator_values`. Only where the release has
    KEPT_VALUES."""
    if len(regions) <= _FEW:
        every = _all_kept(release, tuple(regions))
        return every.get(indicator, every[""])
    return release.frame(
        f"""
        SELECT * FROM release.{KEPT_VALUES}
        WHERE indicator = ? AND list_contains(?, region) ORDER BY start, region
        """,
        [indicator, list(regions)],
    )


@lru_cache(maxsize=16)
def _all_kept(release: Release, regions: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Indicator → its rows, "" → none of them: whoever asks for one indicator of a region and what
    it is compared with soon asks for the others, and one question costs as much as a hundred."""
    rows = release.frame(
        f"""
        SELECT * FROM release.{KEPT_VALUES} WHERE list_contains(?, region) ORDER BY start, region
        """,
        [list(regions)],
    )
    found = {id: part.reset_index(drop=True) for id, part in rows.groupby("indicator", sort=False)}
    return {"": rows.iloc[:0], **found}


def counts(
    release: Release, term: Term, *, regions: Sequence[str] | None = None, by: str | None = None
) -> pd.DataFrame:
    """One row per region, period and category of `by` (one row, "total", without it).

    Columns: region, period, start, year, category, value, status, flags, source. The measure is
    summed over the categories named in the term; `status` is then the worst of them, and `value`
    is empty unless every one of them has a number. Dimensions that are neither named nor asked
    for are at their total. Regions or periods the release knows nothing about have no row.
    """
    dataset = release.catalog.datasets[term.dataset]
    if term.dataset not in release.datasets:
        return _nothing()
    measure = dataset.measure(term.measure).id
    conditions: list[str] = []
    parameters: list[object] = []
    for dimension in dataset.dimensions:
        wanted = term.where.get(dimension)
        if dimension == by and wanted is None:
            continue
        names = [wanted or TOTAL] if not isinstance(wanted, list) else wanted
        conditions.append(f'"{dimension}" IN ({", ".join("?" * len(names))})')
        parameters += names
    if regions is not None:
        chosen, ids = _in(regions)
        conditions.append(chosen)
        parameters += ids
    where = " AND ".join(conditions) or "true"
    category = f'"{by}"' if by in dataset.dimensions and by not in term.where else f"'{TOTAL}'"
    frame = release.frame(
        f"""
        SELECT region, period, start, year, {category} AS category,
               "{measure}" AS value, "{measure}_status" AS status,
               "{measure}_flags" AS flags, "{measure}_source" AS source
        FROM release."data_{dataset.id}"
        WHERE {where}
        """,
        parameters,
    )
    return frame[frame["source"] >= 0]


def published_sums(
    release: Release, term: Term, *, regions: Sequence[str], by: str | None = None
) -> pd.DataFrame:
    """Sums that the release publishes because hidden parts cannot be added up: in the columns of
    `counts`, one row per region, period and category of `by`.

    Of a term that names several categories of a dimension their sum, and of a joint region its own
    row. Nothing, where the dataset has no such sums: then the parts say all.
    """
    dataset = release.catalog.datasets[term.dataset]
    if f"sums_{dataset.id}" not in release.tables:
        return _nothing()
    measure = dataset.measure(term.measure).id
    chosen, ids = _in(regions)
    conditions, parameters = [chosen], [*ids]
    for dimension in dataset.dimensions:
        wanted = term.where.get(dimension)
        if dimension == by and wanted is None:
            conditions.append(f"NOT contains(\"{dimension}\", '+')")
            continue
        conditions.append(f'"{dimension}" = ?')
        parameters.append(sum_key(wanted) if isinstance(wanted, list) else wanted or TOTAL)
    category = f'"{by}"' if by in dataset.dimensions and by not in term.where else f"'{TOTAL}'"
    frame = release.frame(
        f"""
        SELECT region, period, start, year, {category} AS category,
               "{measure}" AS value, "{measure}_status" AS status,
               "{measure}_flags" AS flags, "{measure}_source" AS source
        FROM release."sums_{dataset.id}"
        WHERE {" AND ".join(conditions)}
        """,
        parameters,
    )
    return frame[frame["source"] >= 0]


def regions_with(release: Release, datasets: Sequence[str]) -> list[str]:
    """The ids of all regions that have a row in one of these datasets, in order."""
    there = [id for id in datasets if id in release.datasets]
    if not there:
        return []
    union = " UNION ".join(f'SELECT DISTINCT region FROM release."data_{id}"' for id in there)
    return sorted(release.frame(union)["region"])


def sums(release: Release, terms: Sequence[Term], *, regions: Sequence[str]) -> pd.DataFrame:
    """One row per term, region and period: many terms in a single query, for a first look.

    Columns: term (its place in the sequence), region, period, start, year, value, broken (a part
    carries the flag "break"). As in `counts`, but there is a row only where every part of the sum
    has a number; sign, weight and offset of a term are left to the caller.
    """
    chosen, ids = _in(regions)
    queries: list[str] = []
    parameters: list[object] = []
    for place, term in enumerate(terms):
        if term.dataset not in release.datasets:
            continue
        dataset = release.catalog.datasets[term.dataset]
        measure = dataset.measure(term.measure).id
        conditions, expected = [chosen], 1
        parameters += ids
        for dimension in dataset.dimensions:
            wanted = term.where.get(dimension, TOTAL)
            names = wanted if isinstance(wanted, list) else [wanted]
            conditions.append(f'"{dimension}" IN ({", ".join("?" * len(names))})')
            parameters += names
            expected *= len(names)
        numbers = ", ".join(f"'{status.value}'" for status in sorted(WITH_NUMBER))
        queries.append(
            f"""
            SELECT {place} AS term, region, period, min(start) AS start, min(year) AS year,
                   sum("{measure}") AS value,
                   bool_or(contains("{measure}_flags", 'break')) AS broken
            FROM release."data_{dataset.id}"
            WHERE {" AND ".join(conditions)} AND "{measure}_source" >= 0
            GROUP BY region, period
            HAVING count(*) = {expected} AND bool_and("{measure}_status" IN ({numbers}))
            """
        )
        if expected > 1 and f"sums_{dataset.id}" in release.tables:
            names = [term.where.get(dimension, TOTAL) for dimension in dataset.dimensions]
            queries.append(
                f"""
                SELECT {place}, region, period, start, year, "{measure}",
                       contains("{measure}_flags", 'break')
                FROM release."sums_{dataset.id}"
                WHERE {chosen}
                  AND {" AND ".join(f'"{dimension}" = ?' for dimension in dataset.dimensions)}
                  AND "{measure}_source" >= 0 AND "{measure}_status" IN ({numbers})
                """
            )
            parameters += ids
            parameters += [sum_key(n) if isinstance(n, list) else n for n in names]
    if not queries or not regions:
        columns = ["term", "region", "period", "start", "year", "value", "broken"]
        return pd.DataFrame(columns=columns)
    # a sum of shown parts that is published as well is the same number twice
    found = release.frame(" UNION ALL ".join(queries), parameters)
    return found.drop_duplicates(["term", "region", "period"], ignore_index=True)


def flows(
    release: Release,
    term: Term,
    *,
    origin: str | None,
    destination: str,
    regions: Sequence[str],
    sums: bool = False,
) -> pd.DataFrame:
    """One row per region, period, origin and destination (a category, or "total" for all of them).

    Columns: region, period, start, year, origin, destination, value, status, flags, source. What
    the term says of the two dimensions restricts them; other dimensions as in `counts`, and only
    one category each. Flows nobody delivered have no row. With `sums` what is published of joint
    regions and of several categories together (see `published_sums`).
    """
    table = f"{'sums' if sums else 'data'}_{term.dataset}"
    if table not in release.tables:
        return pd.DataFrame(columns=[*_nothing().columns.drop("category"), "origin", "destination"])
    dataset = release.catalog.datasets[term.dataset]
    measure = dataset.measure(term.measure).id
    chosen, ids = _in(regions)
    conditions, parameters = [chosen], [*ids]
    for dimension in dataset.dimensions:
        wanted = term.where.get(dimension, None if dimension in (origin, destination) else TOTAL)
        if sums and dimension in (origin, destination):
            conditions.append(f"NOT contains(\"{dimension}\", '+')")
        if wanted is None:
            continue
        names = wanted if isinstance(wanted, list) else [wanted]
        if sums and dimension not in (origin, destination):
            names = [sum_key(names)]
        conditions.append(f'"{dimension}" IN ({", ".join("?" * len(names))})')
        parameters += names
    start = f'"{origin}"' if origin else f"'{TOTAL}'"
    frame = release.frame(
        f"""
        SELECT region, period, start, year, {start} AS origin, "{destination}" AS destination,
               "{measure}" AS value, "{measure}_status" AS status,
               "{measure}_flags" AS flags, "{measure}_source" AS source
        FROM release."{table}"
        WHERE {" AND ".join(conditions)}
        """,
        parameters,
    )
    return frame[frame["source"] >= 0]


def _in(regions: Sequence[str]) -> tuple[str, list[object]]:
    """The condition that a row is of one of these regions, and its parameters. Many stand in one
    list: to understand hundreds of marks takes the database longer than to answer."""
    if len(regions) <= _FEW:
        return f"region IN ({', '.join('?' * len(regions))})", list(regions)
    return "region IN (SELECT unnest(?))", [list(regions)]


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(
        columns=[
            "region",
            "period",
            "start",
            "year",
            "category",
            "value",
            "status",
            "flags",
            "source",
        ]
    )


def footnotes(release: Release, sources: Sequence[int], lands: Sequence[str]) -> list[str]:
    """The footnotes of these sources that hold for all or for one of these Länder, in order."""
    if not sources:
        return []
    frame = release.frame(
        f"""
        SELECT scope, text FROM release.footnotes
        WHERE source IN ({", ".join("?" * len(sources))})
          AND (len(lands) = 0 OR list_has_any(lands, ?::VARCHAR[]))
        """,
        [*sources, list(lands)],
    )
    return [
        f"Zu „{row.scope}“: {row.text}" if row.scope else row.text
        for row in frame.itertuples(index=False)
    ]


def report(release: Release) -> pd.DataFrame:
    """One row per finding of the build's checks. Columns: section, level, text."""
    return release.frame("SELECT section, level, text FROM release.report")
