"""The web server around Streamlit: the German document, security headers, our own addresses.

Who is let in at all stands in doors.py.
"""

import asyncio
import atexit
import base64
import gc
import gzip
import hashlib
import importlib
import logging
import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util
from streamlit.runtime import Runtime

from indicators import folders
from indicators import view as views
from indicators.errors import BildungsblickError
from indicators.release import releases
from indicators.saved import accounts
from pages.shared import doors, map_values, sign_in
from pages.shared.doors import DoorMiddleware
from pages.shared.uploads import UploadMiddleware

COLLECTING = 60.0  # seconds between two searches for garbage
ASSETS = Path(__file__).parent / "assets"
# Built by the release; the hash of the content in the name makes a file safe to keep for good.
MAP_FILE = re.compile(r"[\w-]+-\d{4}-\d{2}-\d{2}-[0-9a-f]{16}\.json")
# What readers download may be a web page too, and signing in is one: they arrive as they are.
NOT_THE_DOCUMENT = ("media", "_stcore", sign_in.ROOM)
# What a page may never do, and who may load what this server sends: its own pages alone.
DENIED = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation"),
    *("gyroscope", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(f"{name}=()" for name in DENIED),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def _asset(name: str) -> str:
    """The address of an asset: relative, for any base path, and new whenever its content is."""
    version = hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
    return f"./bildungsblick/{name}?v={version}"


def german_document(original: str) -> str:
    """Streamlit's index.html with our language, name, icon and assets.

    Raises RuntimeError if a new Streamlit version has changed a place that has to be rewritten:
    an English page must not slip through unnoticed.
    """
    changes = {
        r'<html lang="en">': '<html lang="de">',
        r'<link rel="shortcut icon" href="./favicon.png" />': (
            f'<link rel="icon" type="image/png" href="{_asset("icon.png")}" />'
        ),
        r"<title>Streamlit</title>": (
            "<title>Bildungsblick</title>\n"
            f'    <script src="{_asset("language.js")}" defer></script>\n'
            f'    <script src="{_asset("address.js")}" defer></script>\n'
            f'    <script src="{_asset("loupe.js")}" defer></script>\n'
            f'    <script src="{_asset("links.js")}" defer></script>\n'
            f'    <script src="{_asset("stage.js")}" defer></script>\n'
            f'    <script src="{_asset("changing.js")}" defer></script>\n'
            f'    <script src="{_asset("search.js")}" defer></script>\n'
            f'    <link rel="stylesheet" href="{_asset("frame.css")}" />\n'
            f'    <link rel="stylesheet" href="{_asset("blocks.css")}" />'
        ),
        # beside Streamlit's own "Zum Inhalt springen"; links.js makes it a way within the session
        r'<div id="root"></div>': (
            '<a class="bb-skip" href="sitzung">Zur Sitzung</a>\n    <div id="root"></div>'
        ),
        r"(?s)<noscript>.*</noscript>": (
            "<noscript>Bildungsblick braucht JavaScript. Bitte schalten Sie es im Browser ein."
            "</noscript>"
        ),
    }
    document = original
    for pattern, ours in changes.items():
        document, count = re.subn(pattern, ours.replace("\\", r"\\"), document)
        if count != 1:
            raise RuntimeError(f"Streamlit's index.html has changed: {pattern} found {count} times")
    return document


def content_security_policy(document: str) -> str:
    """Everything from this server only; the document's own inline scripts are named by hash."""
    hashes = (
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    )
    policy = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *(f"'sha256-{value}'" for value in hashes)]),
        "style-src": "'self' 'unsafe-inline'",  # Streamlit and Plotly write styles as they draw
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


class FrameMiddleware:
    """Adds the security headers to every answer and puts our document in place of Streamlit's.

    The body is exchanged as a whole, so it does not matter whether the original was compressed.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        document = german_document(
            Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
        )
        self.document = document.encode()
        self.headers = HEADERS | {"content-security-policy": content_security_policy(document)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        first_part = doors.parts(scope)[0]
        started = is_document = False

        async def answer(message: Message) -> None:
            nonlocal started, is_document
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                # the server's own certificate, or a proxy that the server trusts says so
                if scope.get("scheme") == "https":
                    headers["strict-transport-security"] = "max-age=31536000"
                    _secure_cookies(message)
                is_document = first_part not in NOT_THE_DOCUMENT and headers.get(
                    "content-type", ""
                ).startswith("text/html")
                if is_document:
                    for name in ("content-encoding", "etag", "last-modified"):
                        del headers[name]
                    headers["content-length"] = str(len(self.document))
            elif is_document:
                if message.get("more_body"):
                    return
                message = {"type": "http.response.body", "body": self.document}
            await send(message)

        try:
            await self.app(scope, receive, answer)
        except Exception:
            if started:
                raise
            # here and not further out, where the answer would be English and without the headers
            logging.getLogger(__name__).exception("no answer to %s", scope["path"])
            words = "Der Server hat einen Fehler gemeldet. Die Ursache steht in seinem Protokoll."
            await PlainTextResponse(words, status_code=500)(scope, receive, answer)


def _secure_cookies(message: Message) -> None:
    """What signs somebody in never goes over the line without https; Streamlit does not say so of
    the cookies of its own log-in."""
    message["headers"] = [
        (name, value + b"; Secure")
        if name.lower() == b"set-cookie" and b"; secure" not in value.lower()
        else (name, value)
        for name, value in message["headers"]
    ]


@lru_cache(maxsize=32)
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def map_file(request: Request) -> Response:
    """One geometry file of the map; compressed once, kept by the browser for good."""
    name = request.path_params["name"]
    path = folders.default().map_files / name
    if not MAP_FILE.fullmatch(name) or not path.is_file():
        return PlainTextResponse("Diese Kartendatei gibt es nicht.", status_code=404)
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(path.read_bytes(), media_type="application/json", headers=headers)
    headers["content-encoding"] = "gzip"
    return Response(_compressed(path), media_type="application/json", headers=headers)


@lru_cache(maxsize=64)
def _picture(release: str, query: str, size: str) -> bytes:
    from indicators.export import ways
    from pages.shared import cached

    opened = cached.opened(release)
    view = views.parse(query, opened.catalog, opened.regions)
    return ways.made(cached.answer(opened, view), "png", folders.default(), size=size)


def picture(request: Request) -> Response:
    """An answer as PNG, for the clipboard; the address holds view, release and size."""
    asked = dict(request.query_params)
    size, release = asked.pop("size", "card"), asked.pop("release", "")
    if release.startswith(releases.PREVIEW):  # nobody is known here, so nobody may see one
        return PlainTextResponse("Bilder einer Vorschau gibt es hier nicht.", status_code=404)
    try:
        content = _picture(release, urlencode(sorted(asked.items())), size)
    except BildungsblickError as error:
        return PlainTextResponse(str(error), status_code=404)
    headers = {"cache-control": "private, max-age=86400"}
    return Response(content, media_type="image/png", headers=headers)


async def health(_: Request) -> Response:
    """`ok` only if this server really takes readers; unknown addresses answer 200 as well."""
    ready, reason = await Runtime.instance().is_ready_for_browser_connection
    return PlainTextResponse("ok" if ready else reason, status_code=200 if ready else 503)


def routes() -> list[Route | Mount]:
    """Our own addresses; they come before Streamlit's."""
    base = doors.base_path()
    return [
        Route(f"{base}/healthz", health),
        Route(f"{base}/karten/{{name}}", map_file),
        Route(f"{base}/{map_values.ROUTE}{{name}}", map_values.served),
        Route(f"{base}/bild", picture),
        *sign_in.routes(),
        Mount(f"{base}/bildungsblick", StaticFiles(directory=ASSETS)),
    ]


def middleware() -> list[Middleware]:
    return [
        Middleware(FrameMiddleware),
        Middleware(DoorMiddleware),
        Middleware(UploadMiddleware),
    ]


@asynccontextmanager
async def warm_up(_: object) -> AsyncIterator[None]:
    """Import what the pages share before the first reader comes, who would have to wait for it."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)], "pages.shared."):
        importlib.import_module(module.name)
    accounts.prepare()
    collecting = asyncio.create_task(collect_now_and_then())
    yield
    collecting.cancel()


async def collect_now_and_then() -> None:
    """Looks for garbage each minute. Streamlit would do so after every click, while the next one
    waits; Python's own collection between that may leave what sessions held for hours."""
    while True:
        await asyncio.sleep(COLLECTING)
        gc.collect()


@cache
def skip_in_collection(page: str) -> None:
    """After the first run of each page, exempt what is loaded by now from garbage collection:
    nearly all of its time would go into modules, which never become garbage. What sessions leave
    behind later is still collected."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # frozen objects would outlive the interpreter, and complain
