"""Who is let in and through which door: the names the server answers to, and the addresses of
Streamlit that the pages need. Everything else is closed.

A web page elsewhere can make a reader's browser ask any server it reaches, under a name of its own
that it points at this machine (DNS rebinding). Only the name in the request tells the two apart.
"""

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from indicators import folders
from indicators.errors import DefinitionError

# Of Streamlit's own addresses: connection, health, settings of the browser, components, and what is
# dropped on "Daten einlesen" (it waits in memory and is looked at only for those who may).
OPEN = ("stream", "health", "host-config", "bidi-components", "upload_file")
# Log-in, components of an older kind, files of the application: the pages have none of them.
CLOSED = ("auth", "oauth2callback", "component", "app")
# Of the closed ones those that signing in at the town's provider (OIDC) needs.
OF_PROVIDER = ("auth", "oauth2callback")
HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?", re.ASCII)


def base_path() -> str:
    """The path under which a proxy offers us: empty or `/name`."""
    base = config.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""


def parts(scope: Scope) -> list[str]:
    """The parts of a request's path below the base path."""
    return scope["path"].removeprefix(base_path()).strip("/").split("/")


class DoorMiddleware:
    """Refuses in German, pages and websocket alike, what asks under another name or for what is
    closed."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif refusal := _refusal(scope):
            await _refuse(refusal, scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and words for what is not served."""
    headers = Headers(scope=scope)
    given = headers.getlist("host")
    host = host_of(given[0]) if len(given) == 1 else ""
    if not host:
        return 400, "Die Anfrage nennt keinen gültigen Servernamen (Host)."
    if wrong := _not_served(host):
        return 421, wrong
    origin = headers.get("origin")
    if scope["type"] == "websocket" and origin and host_of(urlsplit(origin).netloc) != host:
        return 403, (
            "Die Verbindung kommt von einer anderen Webseite. Steht ein Proxy davor, muss er den "
            "Servernamen weiterreichen (Host)."
        )
    return (404, "Diese Adresse gibt es nicht.") if _is_closed(parts(scope)) else None


def _not_served(host: str) -> str:
    """Why nobody is served under this name, with the next step; "" for a name of the settings.

    The settings are a few lines and read for every request, so that a change needs no restart.
    """
    try:
        hosts, wrong = folders.default().hosts, ""
    except DefinitionError as error:
        hosts, wrong = folders.LOCAL_HOSTS, f" Zurzeit ist sie fehlerhaft: {error}"
    if host in hosts:
        return ""
    return (
        f"Unter dem Namen „{host}“ ist Bildungsblick hier nicht erreichbar. Nächster Schritt für "
        "die Stelle, die Bildungsblick betreibt: den Namen in der Datei settings.toml des "
        f'Datenordners nennen (hosts = ["{host}"]).{wrong}'
    )


def host_of(given: str) -> str:
    """The name in a Host header, without its port; "" if it is none."""
    found = HOST.fullmatch(given.strip())
    return found[1].strip("[]").lower().rstrip(".") if found else ""


def _is_closed(path: list[str]) -> bool:
    if path[0] == "_stcore":
        return len(path) < 2 or path[1] not in OPEN
    return path[0] in CLOSED and not (path[0] in OF_PROVIDER and _has_provider())


def _has_provider() -> bool:
    """Whether people sign in at the town's own provider, as the settings say."""
    try:
        return bool(folders.default().provider_claim)
    except DefinitionError:
        return False


async def _refuse(refusal: tuple[int, str], scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with a status and words; a websocket too where the server can say more than no."""
    status, words = refusal
    if scope["type"] == "http":
        await PlainTextResponse(words, status_code=status)(scope, receive, send)
    elif "websocket.http.response" in scope.get("extensions", {}):
        response = PlainTextResponse(words, status_code=status)
        start = {"status": status, "headers": response.raw_headers}
        await send({"type": "websocket.http.response.start", **start})
        await send({"type": "websocket.http.response.body", "body": response.body})
    else:
        await send({"type": "websocket.close"})
