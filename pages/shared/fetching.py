"""Daten holen: what official tables would bring the region, and the button that gets them.

Download and build run in a process of their own, the command line, so that a page never waits for
them and nothing of it can break what is shown. The button is there only for who sits at the machine
on which Bildungsblick runs: everybody else is told the command.
"""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import streamlit as st

from indicators import folders, formats, writing
from indicators.answers.answer import Table
from indicators.answers.obtainable import Obtainable, obtainable
from indicators.release import Release
from pages.shared import blocks, cached, regions

_LOG = "holen.txt"
_NAMED = 4  # indicators and questions a row names
_SHOWN = 12  # lines of the log
ARGUMENTS = ("update", "--build")
_COMMAND = f"python -m indicators {' '.join(ARGUMENTS)}"


@dataclass
class _Job:
    """The one download of this server: its process, None before the first."""

    process: subprocess.Popen | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, data: Path, log: Path) -> None:
        """Starts it, unless it runs already."""
        with self.lock:
            if self.runs:
                return
            writing.folder(log.parent, private=True)
            with log.open("wb") as output:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "indicators", "--data", str(data), *ARGUMENTS],
                    cwd=folders.PROJECT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )


@st.cache_resource(show_spinner=False)
def _job() -> _Job:
    return _Job()


def section(release: Release) -> None:
    """What can be had for the region, the button or the command, and how it goes without a net."""
    region = regions.chosen(release)
    found = obtainable(release, cached.filled(release, region))
    missing = {one.id for row in found for one in row.missing}
    blocks.text(
        f"Amtliche Tabellen bringen für {region.name} bis zu "
        f"{formats.quantity(len(missing), 'weiteren Indikator', 'weitere Indikatoren')} und "
        "erneuern die vorhandenen",
        "headline",
        "h2",
    )
    blocks.text(
        "Quelle ist die Regionaldatenbank Deutschland (www.regionalstatistik.de), ohne Anmeldung, "
        "immer in der neuesten Ausgabe. Ein mitgelieferter Auszug weicht der vollständigen "
        "Tabelle, Gebiet für Gebiet und Jahr für Jahr; der Prüfbericht nennt es.",
        "note",
    )
    if may_fetch():
        _fetch()
    else:
        blocks.text(
            "Das Laden startet, wer an dem Rechner sitzt, auf dem Bildungsblick läuft: hier mit "
            f"einer Schaltfläche oder mit „{_COMMAND}“.",
            "note",
        )
    blocks.table(
        Table(
            ("Inhalt", "Tabellen", "Liegt vor", "Bringt neu", "Erneuert", "Beantwortet"),
            tuple(map(_row, found)),
            (False,) * 6,
        ),
        alt=f"Amtliche Tabellen und was sie bringen, {region.name}",
        height=None,
        unbroken=(1,),
    )
    _by_hand(found)


def may_fetch() -> bool:
    """Whether the reader sits at this machine: its own address and name, and no proxy between."""
    headers = st.context.headers
    host = headers.get("Host", "").rpartition(":")[0] or headers.get("Host", "")
    if host.strip("[]") not in folders.LOCAL_HOSTS:
        return False
    if any(name in headers for name in ("X-Forwarded-For", "Forwarded", "Via")):
        return False
    # Streamlit tells no address where it is that of this machine
    reader = st.context.ip_address
    return reader is None or ip_address(reader).is_loopback


@st.fragment(run_every=2)
def _fetch() -> None:
    """The button, or how far it is; what is shown meanwhile stays as it is."""
    job, log = _job(), folders.default().office / _LOG
    if not job.runs and st.button(
        "Tabellen laden und neuen Datenstand bauen", key="fetch", type="primary"
    ):
        job.start(folders.default().data, log)
    if job.process is None:
        return
    if job.runs:
        blocks.text("Läuft. Sie können weiterarbeiten; der Datenstand gilt bis dahin.", "note")
    elif job.process.returncode == 0:
        blocks.text("Fertig: Was neu ist, gilt ab dem nächsten Klick.", "note")
    else:
        blocks.text(
            "Nicht alles ist gelungen; was schon da war, gilt weiter. Ohne Netz: unten steht, was "
            "von Hand zu laden ist und wohin es gehört.",
            "note",
        )
    st.code(_tail(log), language=None)


def _tail(log: Path) -> str:
    """The last lines that the command has said."""
    try:
        said = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join([line for line in said.splitlines() if line.strip()][-_SHOWN:])


def _row(one: Obtainable) -> tuple[str, ...]:
    return (
        one.dataset.name,
        _codes([table.code for table in one.tables]),
        one.there,
        _some([indicator.short_name for indicator in one.missing]),
        _some([indicator.short_name for indicator in one.renewed]),
        _some([question.text for question in one.questions]),
    )


def _codes(codes: list[str]) -> str:
    """The first code, on one line; all of them stand in the list of what to load by hand."""
    return codes[0] + (f" und {len(codes) - 1} weitere" if codes[1:] else "")


def _some(names: list[str]) -> str:
    if not names:
        return "–"
    more = [f"{len(names) - _NAMED} weitere"] if len(names) > _NAMED else []
    return "; ".join([*names[:_NAMED], *more])


def _by_hand(found: list[Obtainable]) -> None:
    """What to download where there is no network, and where to put it."""
    with st.expander("Ohne Netz: von Hand laden"):
        st.markdown(
            "1. Auf einem Rechner mit Netz die Tabellen unten laden. Dateien nicht öffnen und "
            "nicht umbenennen.\n"
            "2. Alle in einen Ordner auf diesen Rechner bringen.\n"
            "3. `python -m indicators update --build --from ORDNER` ausführen; einzelne Dateien "
            "nimmt `python -m indicators receive DATEI …` an."
        )
        links = [f"- [{t.code}]({t.address}) {t.title}" for one in found for t in one.tables]
        st.markdown("\n".join(links))
