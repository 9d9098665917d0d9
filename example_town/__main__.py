"""`python -m example_town`: writes the deliveries and boundaries of the invented town again.

With `--patterns` it builds what lies there in an empty folder and writes which dots protect it, and
what the audit found, so that nobody else has to search and audit for minutes. Whoever builds it
proves the dots again; what the audit found is believed of exactly these tables.
"""

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

from example_town.deliveries import deliveries
from example_town.geography import geojson
from example_town.places import PLACES
from example_town.town import Town, simulate
from indicators.folders import Folders
from indicators.publishing import kept, run

PUBLISHER = "Bildungsblick: Beispieldaten (erfunden)"
DATA = Path(__file__).resolve().parent.parent / "data" / "example"


def files(town: Town) -> dict[str, bytes]:
    """Path below data/example → content, of everything that is written."""
    found = {}
    for delivery in deliveries(town):
        path = f"received/{delivery.path}"
        found[path] = delivery.content
        found[f"{path}.origin.toml"] = _origin(
            {
                "file": Path(delivery.path).name,
                "sha256": hashlib.sha256(delivery.content).hexdigest(),
                "title": f"{delivery.title} (erfunden)",
                "publisher": PUBLISHER,
                "attribution": PUBLISHER,
                "licence": "CC0",
                "stand": delivery.stand,
                "obtained_from": "python -m example_town",
                "mapping": delivery.mapping,
            }
        )
    for level in sorted({place.level for place in PLACES}):
        content = geojson(level).encode()
        found[f"boundaries/{level}.geojson"] = content
        found[f"boundaries/{level}.geojson.origin.toml"] = _origin(
            {
                "file": f"{level}.geojson",
                "sha256": hashlib.sha256(content).hexdigest(),
                "title": "Grenzen des Beispiels (erfunden)",
                "publisher": PUBLISHER,
                "attribution": PUBLISHER,
                "licence": "CC0",
                "stand": "2025-12-31",
            }
        )
    return found


def _origin(facts: dict) -> bytes:
    lines = []
    for key, value in facts.items():
        if key == "stand":
            lines.append(f"{key} = {value}")
        else:
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return ("\n".join(lines) + "\n").encode()


def write(target: Path) -> None:
    for folder in ("received", "boundaries"):
        shutil.rmtree(target / folder, ignore_errors=True)
    for path, content in files(simulate()).items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)


def write_patterns(target: Path) -> None:
    """Builds and audits all that ships, which takes minutes, and keeps its patterns and what the
    audit found. Raises BuildError."""
    with tempfile.TemporaryDirectory() as folder:
        folders = Folders(Path(folder))
        built = run.build(folders, anew=True, progress=print)
        if not built.published:
            raise SystemExit(built.report.text())
        path = kept.path_of(built.id, folders)
        shipped = target / "patterns.npz"
        kept.write(kept.patterns(path), shipped, kept.audits(path), private=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m example_town", description=__doc__)
    parser.add_argument("--target", type=Path, default=DATA, help="folder to write to")
    parser.add_argument("--patterns", action="store_true", help="only what protects them")
    given = parser.parse_args()
    if given.patterns:
        write_patterns(given.target)
    else:
        write(given.target)
