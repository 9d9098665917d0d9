"""DuckDB files as the build writes them; what goes wrong is told in German."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from indicators.errors import BuildError


@contextmanager
def filled(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database file to write tables into, whole on the disk afterwards. Raises BuildError."""
    try:
        # one thread: rows keep their order, and the same input gives the same file
        with duckdb.connect(str(path), config={"threads": 1}) as connection:
            yield connection
            connection.execute("CHECKPOINT")
    except duckdb.Error as error:
        raise BuildError(
            f"{path.parent}: Dort kann kein Datenstand geschrieben werden. Der bisherige gilt "
            "weiter. Nächster Schritt: freien Speicherplatz und Schreibrechte prüfen und den Build "
            f"wiederholen. (Die Datenbank meldet: {str(error).splitlines()[0]})"
        ) from error
