"""How large a file may be that a browser sends: an agenda for everybody, a delivery for who may
read one in.

Streamlit takes a file into memory before any page sees it, so who may is asked here as well. The
pages ask again before they do anything with it.
"""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from indicators import folders
from indicators.errors import BildungsblickError
from indicators.saved import sessions
from pages.shared import doors, permission

OF_READERS = 1024 * 1024  # bytes; an agenda of two hundred slides has a fifth of it
# What the town's provider signed is read by Streamlit alone; a forged one opens no page either.
_OF_PROVIDER = "_streamlit_user"


class UploadMiddleware:
    """Refuses a file that is too large for who sends it, before any of it is taken in."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _is_upload(scope) and (refusal := _refusal(scope)):
            status, words = refusal
            await PlainTextResponse(words, status_code=status)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _is_upload(scope: Scope) -> bool:
    is_sent = scope["type"] == "http" and scope["method"] in ("PUT", "POST")
    return is_sent and doors.parts(scope)[:2] == ["_stcore", "upload_file"]


def _refusal(scope: Scope) -> tuple[int, str] | None:
    length = Headers(scope=scope).get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return 411, "Die Datei nennt ihre Größe nicht."
    if int(length) <= OF_READERS:
        return None
    if not _may_read_in(Request(scope)):
        return 403, "Eine so große Datei darf nur schicken, wer die Rolle „Redaktion“ hat."
    most = int(config.get_option("server.maxUploadSize"))
    # the file comes in an envelope of a few hundred bytes
    if int(length) > most * 1024 * 1024 + 4096:
        return 413, f"Die Datei ist größer als {most} MB."
    return None


def _may_read_in(request: Request) -> bool:
    """Whether who sends this may read files in, as far as a request alone can tell."""
    address = request.client.host if request.client else ""
    place = folders.default()
    try:
        if value := permission.session_of(request.cookies, request.headers.get("host", "")):
            one = sessions.account_of(place, value)
            return one is not None and not one.must_change and one.role >= permission.Role.EDITOR
        if place.provider_claim and _OF_PROVIDER in request.cookies:
            return True
    except BildungsblickError:
        return False
    return permission.is_home(request.headers, address)
