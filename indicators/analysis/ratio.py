"""Sums and ratios that never lose a status: what is missing, secret or not applicable stays so."""

import numpy as np
import pandas as pd

from indicators.symbols import WITH_NUMBER, Status, is_rounded, join_flags, status_of_result

PLACE = ["region", "period", "start", "year", "category"]

_NUMBERS = {status.value for status in WITH_NUMBER}
# Of several statuses without a number, the one that says most about why there is none.
_SEVERITY = {
    status.value: rank
    for rank, status in enumerate(
        [
            Status.OK,
            Status.ZERO,
            Status.ROUNDED_ZERO,
            Status.NOT_APPLICABLE,
            Status.DISSOLVED,
            Status.NOT_COLLECTED,
            Status.MISSING,
            Status.LATER,
            Status.UNRELIABLE,
            Status.TOO_FEW,
            Status.SECRET,
            Status.SUPPRESSED,
        ]
    )
}
_BY_SEVERITY = dict(enumerate(_SEVERITY))


def total(frame: pd.DataFrame, by: list[str], expected: int | pd.Series) -> pd.DataFrame:
    """Sums `value` over the rows of each group `by` of which there must be `expected` many.

    The sum exists only if every part has a number; a part that is not applicable (a school type
    the Land does not have) adds nothing. Otherwise the status is the weightiest of the parts, and
    "missing" if parts have no row at all. A sum of zero with a rounded part is a rounded zero.
    Columns: by, value, status, flags (those of all parts), sources.
    """
    if frame.empty:
        return frame[[*by, "value", "status", "flags", "sources"]]
    if not frame.duplicated(by).any() and (np.asarray(expected) == 1).all():
        return frame[[*by, "value", "status", "flags", "sources"]].reset_index(drop=True)
    # by hand, because a groupby with several aggregations costs ten times as much
    group = frame.groupby(by, sort=False, observed=True).ngroup().to_numpy()
    count = np.bincount(group)
    first = np.full(len(count), len(frame))
    np.minimum.at(first, group, np.arange(len(frame)))
    sums = frame[by].iloc[first].reset_index(drop=True)
    status = frame["status"].to_numpy()
    number = np.isin(status, list(_NUMBERS))
    skipped = status == Status.NOT_APPLICABLE.value
    value = frame["value"].to_numpy(dtype=float, na_value=np.nan)
    value = np.bincount(group, weights=np.where(number, value, 0.0))
    rank = np.full(len(count), -1)
    np.maximum.at(rank, group, np.where(skipped, -1, frame["status"].map(_SEVERITY)))

    def some(mask: np.ndarray) -> np.ndarray:
        return np.bincount(group, weights=mask) > 0

    rounded = some(is_rounded(frame["value"], frame["status"], frame["flags"]).to_numpy())
    usable = ~some(~(number | skipped))
    if isinstance(expected, pd.Series):
        expected = sums[by[0]].map(expected).to_numpy()
    complete = count >= expected
    has_value = some(number) & usable & complete
    worst = np.maximum(rank, _SEVERITY[Status.NOT_APPLICABLE.value])
    told = np.array([_BY_SEVERITY[r] for r in worst], dtype=object)
    told[~complete & usable] = Status.MISSING.value
    told[has_value] = status_of_result(value, rounded)[has_value]
    return sums.assign(
        value=np.where(has_value, value, np.nan),
        status=told,
        flags=_unions(frame["flags"], group, first),
        sources=_unions(frame["sources"], group, first),
    )


def _unions(texts: pd.Series, group: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The flags of all rows of each group; nearly always they are the same text."""
    texts = texts.to_numpy(dtype=object)
    out = texts[first]
    for index in np.unique(group[texts != out[group]]):
        out[index] = join_flags(*dict.fromkeys(texts[group == index]))
    return out


def instead(frame: pd.DataFrame, better: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """The rows of `frame` (one for each `by`), replaced by those of `better` that have a number
    where it has none, and with those of places it does not know; in the columns of `frame`."""
    if better.empty:
        return frame
    if frame.empty:
        return better.reset_index(drop=True)
    both = pd.concat([frame, better[frame.columns]], ignore_index=True)
    empty = ~both["status"].isin(_NUMBERS)
    order = np.argsort(empty.to_numpy(), kind="stable")
    chosen = both.iloc[order].drop_duplicates(by).index
    return both.loc[np.sort(chosen)].reset_index(drop=True)


def add(terms: list[tuple[pd.DataFrame, int]]) -> pd.DataFrame:
    """Adds up terms with their signs: a row per PLACE, in the columns of `total`; a place needs a
    number from every term."""
    first, sign = terms[0]
    if len(terms) == 1 and sign == 1:
        return first
    signed = pd.concat([frame.assign(value=frame["value"] * sign) for frame, sign in terms])
    return total(signed, PLACE, len(terms))


def divide(numerator: pd.DataFrame, denominator: pd.DataFrame, *, factor: float) -> pd.DataFrame:
    """factor × numerator / denominator: one row per place of the numerator.

    Columns: PLACE, numerator, denominator, value, status, flags, sources. Without a number in
    either, the value is empty and the status the weightier of both; a denominator of zero makes
    the ratio not applicable.
    """
    both = numerator.merge(
        denominator[[*PLACE, "value", "status", "flags", "sources"]],
        on=PLACE,
        how="left",
        suffixes=("", "_below"),
    )
    below = both["status_below"].fillna(Status.MISSING.value)
    has = both["value"].notna() & both["value_below"].notna()
    zero_below = has & (both["value_below"] == 0)
    usable = has & ~zero_below
    value = (factor * both["value"] / both["value_below"].where(usable)).where(usable)
    ranks = np.maximum(both["status"].map(_SEVERITY), below.map(_SEVERITY))
    status = (
        ranks.map(_BY_SEVERITY)
        .mask(usable, status_of_result(value, both["status"] == Status.ROUNDED_ZERO.value))
        .mask(zero_below, Status.NOT_APPLICABLE.value)
    )
    return pd.DataFrame(
        {
            **{name: both[name] for name in PLACE},
            "numerator": both["value"],
            "denominator": both["value_below"],
            "value": value,
            "status": status,
            "flags": _join(both["flags"], both["flags_below"]),
            "sources": _join(both["sources"], both["sources_below"]),
        }
    )


def _join(first: pd.Series, second: pd.Series) -> pd.Series:
    second = second.fillna("")
    same = (first == second) | (second == "")
    joined = [
        a if alike else join_flags(a, b) for a, b, alike in zip(first, second, same, strict=True)
    ]
    return pd.Series(joined, index=first.index, dtype=object)
