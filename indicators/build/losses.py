"""What the release in force was made of and the new one is not: a delivery that was withdrawn or
went astray is named, so that no table goes in silence."""

from collections.abc import Iterable

import pandas as pd

from indicators import release
from indicators.build.publish import Source
from indicators.build.report import Report, Section
from indicators.errors import ReleaseError
from indicators.folders import Folders
from indicators.formats import listing, quantity


def tell(folders: Folders, sources: Iterable[Source], report: Report) -> None:
    """Adds a warning for every table and file of the release in force that is not among these
    sources. Says nothing before the first release, or if it cannot be read."""
    try:
        opened = release.open_release(folders)
    except ReleaseError:
        return
    try:
        before = opened.frame("SELECT * FROM release.sources ORDER BY id")
    finally:
        opened.close()
    section = report.section(f"Gegenüber dem Datenstand {opened.id}")
    now = pd.DataFrame(
        [(one.table_code, one.sha256) for one in sources], columns=["table_code", "sha256"]
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
    kept = pd.MultiIndex.from_frame(now)
    lost = still[~pd.MultiIndex.from_frame(still[["table_code", "sha256"]]).isin(kept)]
    for code, rows in lost.groupby("table_code", sort=False):
        section.add("warning", f"{_table(code, rows)}: {_files(rows, now)}")


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
    for file, sha256 in rows[["file", "sha256"]].drop_duplicates().itertuples(index=False):
        others = list(now.loc[now["sha256"] == sha256, "table_code"].unique())
        read = f"wird jetzt als {listing(others)} gelesen" if others else "liegt nicht mehr vor"
        texts.append(f"die Datei {file} {read}")
    return "; ".join(texts)
