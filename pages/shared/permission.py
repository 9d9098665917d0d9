"""Who may do what: the one place that pages ask before anything is written, started or shown that
is not published.

Whoever sits at the machine on which Bildungsblick runs may do everything. Every function that
writes asks again by itself (`demand`): a hidden button is no protection.
"""

from enum import IntEnum
from ipaddress import ip_address

import streamlit as st

from indicators import folders
from indicators.errors import NotAllowedError

_AT_HOME = "an diesem Rechner"


class Role(IntEnum):
    """What somebody may do; each role may do what those before it may."""

    READER = 0  # Leser: sees what is published
    EDITOR = 1  # Redaktion: reads files in, sees what is not published yet, saves agendas
    RELEASER = 2  # Freigabe: publishes, takes back


NAMES = {Role.READER: "Leser", Role.EDITOR: "Redaktion", Role.RELEASER: "Freigabe"}


def role() -> Role:
    """What the reader of this run may do; asked anew in every run."""
    return Role.RELEASER if at_home() else Role.READER


def may(needed: Role) -> bool:
    return role() >= needed


def demand(needed: Role) -> str:
    """Who acts, for the history. Raises NotAllowedError where the reader may not."""
    if not may(needed):
        raise NotAllowedError(
            f"Das darf nur, wer die Rolle „{NAMES[needed]}“ hat oder an dem Rechner sitzt, auf dem "
            "Bildungsblick läuft. Es wurde nichts geändert."
        )
    return _AT_HOME


def at_home() -> bool:
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
