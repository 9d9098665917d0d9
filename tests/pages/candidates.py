"""A candidate without a build: the release in force once more, with one value that is otherwise."""

import shutil
from dataclasses import replace

import duckdb

from indicators.folders import Folders
from indicators.release import publication, releases

ID = "c0ffee123456"


def make(folders: Folders) -> tuple[str, str]:
    """Makes it, until `undo`. Returns the indicator and the region whose values are others."""
    facts = next(one for one in releases.listed(folders) if one.in_force)
    folders.candidates.mkdir(parents=True, exist_ok=True)
    # changed under another name: a page of this process may have the last one open still
    path = folders.candidates / "changing"
    shutil.copy(folders.releases / f"{facts.id}.duckdb", path)
    with duckdb.connect(str(path)) as connection:
        indicator, region = connection.execute(
            "SELECT indicator, region FROM indicator_values WHERE status = 'ok' AND "
            "region = 'verbund:hof' AND value > 1000 ORDER BY start DESC, indicator LIMIT 1"
        ).fetchall()[0]
        connection.execute(
            "UPDATE indicator_values SET value = value + 100, numerator = numerator + 100 "
            "WHERE indicator = ? AND region = ?",
            [indicator, region],
        )
    path = path.replace(folders.candidates / f"{ID}.duckdb")
    made = replace(
        facts, id=ID, before=(facts.id, *facts.before), sha256=releases.checksum(path), reason=""
    )
    publication.write_facts(made, folders.candidates, tuple(o.id for o in releases.listed(folders)))
    return indicator, region


def undo(folders: Folders, in_force: str) -> None:
    """All as it was before the candidate was made."""
    publication.put_in_force(in_force, folders)
    for folder in (folders.candidates, folders.releases):
        for path in folder.glob(f"{ID}.*"):
            path.unlink()
    shutil.rmtree(folders.releasing, ignore_errors=True)
    for path in folders.saved.glob("history*"):
        path.unlink()
