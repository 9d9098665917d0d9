"""What the release in force was made of and the new one is not: a delivery that was withdrawn or
went astray is named, so that no table goes in silence."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.formats import listing, quantity
from indicators.publishing.publish import Source
from indicators.publishing.report import Report, Section
from indicators.release import releases as release


def tell(folders: Folders, sources: Iterable[Source], report: Report) -> None:
    """Adds a warning for every table and file of the release in force that is not among these
    sources. Says nothing before the first release, or if it cannot be read."""
    try:
        opened = release.open_release(folders)
    except ReleaseError:
        return
    try:
        before = opened.frame("SELECT * FROM release.sources ORDER BY id")
        before = before.rename(columns={"sha256": "fingerprint"})  # as older releases call it
    finally:
        opened.close()
    section = report.section(f"Gegenüber dem Datenstand {opened.id}")
    now = pd.DataFrame(
        [(one.table_code, one.fingerprint, one.file) for one in sources],
        columns=["table_code", "fingerprint", "file"],
    )
    gone = before[~before["table_code"].isin(now["table_code"])]
    shipped = gone["shipped"].astype(bool)
    _tell_shipped(gone[shipped], section)
    for code, rows in gone[~shipped].groupby("table_code", sort=False):
        section.add(
            "warning",
            f"{_table(code, rows)} fehlt jetzt ganz: {_files(rows, now)}. Soll sie bleiben, die "
            "Datei noch einmal annehmen",
        )
    still = before[before["table_code"].isin(now["table_code"]) & ~before["shipped"].astype(bool)]
    # by name too: an office that lost its key has other fingerprints of the same files
    lost = still[~(_among(still, now, "fingerprint") | _among(still, now, "file"))]
    for code, rows in lost.groupby("table_code", sort=False):
        section.add("warning", f"{_table(code, rows)}: {_files(rows, now)}")


def _among(rows: pd.DataFrame, others: pd.DataFrame, column: str) -> np.ndarray:
    """Which rows are of a table and a file (known by this column) that others are of too."""
    pairs = pd.MultiIndex.from_frame(others[["table_code", column]])
    return pd.MultiIndex.from_frame(rows[["table_code", column]]).isin(pairs)


def _tell_shipped(gone: pd.DataFrame, section: Section) -> None:
    """What ships goes with the program or the settings, many at a time."""
    if len(gone):
        codes = list(dict.fromkeys(gone["table_code"]))
        count = quantity(len(codes), "mitgelieferte Tabelle fehlt", "mitgelieferte Tabellen fehlen")
        section.add("warning", f"{count} jetzt: {listing(codes)}")


def _table(code: str, rows: pd.DataFrame) -> str:
    return (
        f"{'Eigene Tabelle' if rows['own'].all() else 'Tabelle'} {code} ({rows['title'].iloc[0]})"
    )


def _files(rows: pd.DataFrame, now: pd.DataFrame) -> str:
    """What became of the files: gone, or read as another table."""
    texts = []
    for file, mark in rows[["file", "fingerprint"]].drop_duplicates().itertuples(index=False):
        read_as = (now["fingerprint"] == mark) | (now["file"] == file)
        others = list(now.loc[read_as, "table_code"].unique())
        read = f"wird jetzt als {listing(others)} gelesen" if others else "liegt nicht mehr vor"
        texts.append(f"die Datei {file} {read}")
    return "; ".join(texts)
