"""Who may do what: the one place that pages ask before anything is written, started or shown that
is not published.

Whoever sits at the machine on which Bildungsblick runs may do everything, as long as nobody reaches
it from elsewhere; all others sign in (sign_in.py). Who that is and what they may is looked up anew
in every run. Every function that writes asks again by itself (`demand`): a hidden button is no
protection.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config

from indicators import folders
from indicators.errors import BildungsblickError, NotAllowedError
from indicators.saved import accounts, sessions
from indicators.saved.accounts import NAMES, Account, Role
from pages.shared.doors import host_of

__all__ = [
    "AT_HOME",
    "NAMES",
    "Reader",
    "Role",
    "at_home",
    "demand",
    "is_home",
    "may",
    "reader",
    "role",
]

AT_HOME = "an diesem Rechner"
# What proxies say of whom they speak for; who sits at this machine needs none.
_BETWEEN = ("Forwarded", "Via", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP")


@dataclass(frozen=True)
class Reader:
    """Who reads in this run; `name` is "" for somebody who has not signed in. `must_change` says
    that nothing is allowed until a password of one's own is chosen, `by_provider` that the town's
    provider has signed them in."""

    name: str
    role: Role
    is_home: bool = False
    must_change: bool = False
    by_provider: bool = False


def reader() -> Reader:
    """Who reads, asked anew in every run: an account that was blocked has no rights at the next
    click. Who signs in at this machine acts as that account and not as everybody."""
    try:
        found = _account()
        if found is not None:
            role = Role.READER if found.must_change else found.role
            return Reader(
                found.name, role, must_change=found.must_change, by_provider=not found.password
            )
    except BildungsblickError:  # what cannot be read lets nobody in; the sign-in page says why
        pass
    return Reader(AT_HOME, Role.RELEASER, is_home=True) if at_home() else Reader("", Role.READER)


def role() -> Role:
    """What the reader of this run may do."""
    return reader().role


def may(needed: Role) -> bool:
    return role() >= needed


def demand(needed: Role) -> str:
    """Who acts, for the history. Raises NotAllowedError where the reader may not."""
    found = reader()
    if found.role < needed or not found.name:
        raise NotAllowedError(
            f"Das darf nur, wer mit der Rolle „{NAMES[needed]}“ angemeldet ist oder an dem Rechner "
            "sitzt, auf dem Bildungsblick läuft. Es wurde nichts geändert."
        )
    return found.name


def at_home() -> bool:
    """Whether the reader of this run sits at this machine, and nobody reaches it from elsewhere."""
    # Streamlit tells no address where it is that of this machine
    return is_home(st.context.headers, st.context.ip_address or "127.0.0.1")


def is_home(headers: Mapping[str, str], address: str) -> bool:
    """Whether a request comes from this machine: the server listens here alone, the settings name
    no other host, the request has this machine's own names and address, and no proxy speaks for
    somebody."""
    try:
        if not folders.default().is_home:
            return False
    except BildungsblickError:
        return False
    if config.get_option("server.address") not in folders.LOCAL_HOSTS:
        return False
    host = host_of(headers.get("Host", ""))
    if host not in folders.LOCAL_HOSTS:
        return False
    if any(name in headers for name in _BETWEEN) or any(_is_forwarded(name) for name in headers):
        return False
    origin = headers.get("Origin")
    if origin and host_of(urlsplit(origin).netloc) != host:
        return False
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_forwarded(name: str) -> bool:
    return name.lower().startswith("x-forwarded")


def _account() -> Account | None:
    """Who has signed in here, or at the town's provider. Raises DefinitionError."""
    place = folders.default()
    if value := session_of(st.context.cookies, st.context.headers.get("Host", "")):
        return sessions.account_of(place, value)
    if claim := place.provider_claim:
        claims = st.user.to_dict()
        if claims.get("is_logged_in") is True:
            return accounts.of_provider(place, claims, claim, time.time())
    return None


# --- what the browser holds -----------------------------------------------------------------------

# A browser keeps the first name only for pages served by https, and no other host can set it.
_SAFE, _PLAIN = "__Host-bildungsblick", "bildungsblick"


def cookie_name(is_https: bool) -> str:
    return _SAFE if is_https else _PLAIN


def session_of(cookies: Mapping[str, str], host: str) -> str:
    """What a browser holds of a session, "" for none. What could have come without https counts
    only at this machine, where nobody is between."""
    if value := cookies.get(_SAFE):
        return value
    return cookies.get(_PLAIN, "") if host_of(host) in folders.LOCAL_HOSTS else ""
