"""Work in a process of its own (indicators/jobs.py) as a page shows it: begun by a button, followed
while it runs, also after a reload or a restart of the server, and told how it ended.
"""

import html
from collections.abc import Callable

import streamlit as st

from indicators import formats, jobs
from indicators.folders import default
from indicators.jobs import State
from pages.shared import address, permission
from pages.shared.texts import text

# What pages start. Published is only what somebody has looked at and gives a reason for.
UPDATE = ("update", "--build", "--aside")
LOOK = ("check", "--preview", "--json")
BUILD = ("build", "--aside")
_EVERY = 2  # seconds
_SHOWN = 12  # lines of what a command said


def latest(*commands: str) -> State | None:
    """The newest job of one of these commands, as it stands now; None where there is none."""
    job = jobs.latest(default(), *commands)
    return jobs.state(job, default()) if job else None


def is_busy() -> bool:
    """Whether any job runs: then no other can be started."""
    return jobs.running_job(default()) is not None


def button(label: str, *arguments: str, key: str, role: permission.Role, told: str = "") -> None:
    """Starts a command; while another runs, it cannot be clicked."""

    def start() -> None:
        jobs.start(default(), arguments, permission.demand(role))

    # drawn again as a whole, so that what follows the work is there and looks again and again
    if st.button(label, key=key, type="primary", disabled=is_busy(), help=told or None):
        start()
        address.draw_again()


def follow(*commands: str, ended: Callable[[State], None], key: str) -> None:
    """How far the newest job of these commands is; once it has ended, the page is drawn anew, and
    then `ended` says what came of it. Only while it runs is that asked again and again."""
    now = latest(*commands)
    if now is None:
        return
    if now.runs:
        st.fragment(_running, run_every=_EVERY)(commands)
    elif now.killed:
        with st.container(key=f"{key}_killed"):
            text(
                f"Der Vorgang vom {formats.minute(now.job.started.astimezone())} wurde "
                "abgebrochen (Rechner aus, Prozess beendet oder zu wenig Speicher). Nichts davon "
                "gilt, nichts ist verloren. Nächster Schritt: ihn noch einmal starten.",
                "note",
            )
            said(now)
    else:
        ended(now)


def _running(commands: tuple[str, ...]) -> None:
    now = latest(*commands)
    if now is None or not now.runs:
        address.draw_again()
    step = now.steps[-1] if now.steps else "Beginnt"
    st.progress(now.share or 0.0, text=f"{step} …")
    text(
        f"Läuft seit {formats.minute(now.job.started.astimezone())} (begonnen von: "
        f"{now.job.who}). Sie können die Seite verlassen und wiederkommen; bis dahin gilt der "
        "Datenstand wie bisher.",
        "note",
    )


def said(state: State) -> None:
    """The last lines that a command has said."""
    lines = [line for line in state.said.splitlines() if line.strip()][-_SHOWN:]
    if lines:
        st.html(f'<pre class="bb-said">{html.escape(chr(10).join(lines))}</pre>')
