"""Signing in and out, and choosing a password: small pages of our own server, without scripts.

They are no pages of Streamlit, because only an answer of the server can give a browser a cookie
that no script reads. Every form comes back from our own page (its origin, and a mark made for this
browser), and what goes wrong is told on the page the reader is on.
"""

import re
import secrets
import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import anyio
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from indicators import folders
from indicators.errors import BildungsblickError, NotAllowedError
from indicators.saved import accounts, backup, history, passwords, sessions
from indicators.saved.accounts import NAMES, Account
from pages.shared import doors, permission

ROOM = "konto"  # the first part of all addresses here
_LARGEST = 8 * 1024  # bytes of a form
_CROWD = 30  # sign-ins that may wait at once; each takes a tenth of a second and 64 MB
# Where a reader came from: a page of ours and what it asked for, never another address.
_BACK = re.compile(r"[a-z]{0,30}(\?[\w.~%&=+:*!'(),;/@-]{0,1800})?", re.ASCII)
_FORM = "bildungsblick-form"
_NOT_HOME = (
    "Eine Sicherung erstellt hier, wer an dem Rechner sitzt, auf dem Bildungsblick läuft; sonst "
    "der Befehl „python -m indicators backup“."
)
_waiting = 0


def routes() -> list[Route]:
    base = f"{doors.base_path()}/{ROOM}"
    return [
        Route(base, _account_page),
        Route(f"{base}/anmelden", _sign_in_page),
        Route(f"{base}/anmelden", _sign_in, methods=["POST"]),
        Route(f"{base}/abmelden", _sign_out, methods=["POST"]),
        Route(f"{base}/kennwort", _password_page),
        Route(f"{base}/kennwort", _set_password, methods=["POST"]),
        Route(f"{base}/sicherung", _copy_page),
        Route(f"{base}/sicherung", _copy, methods=["POST"]),
    ]


def address(back: str) -> str:
    """The address of the sign-in page, relative to a page of ours; it leads back to there."""
    return f"./{ROOM}/anmelden?{urlencode({'zurueck': back})}"


# --- pages ----------------------------------------------------------------------------------------


def _account_page(request: Request) -> Response:
    """Who is signed in, and how that ends."""
    one = _signed_in(request)
    if one is None:
        return _to(f"{ROOM}/anmelden")
    rights = (
        "Zuerst ein eigenes Kennwort wählen; bis dahin ist nichts erlaubt."
        if one.must_change
        else f"Rolle: {NAMES[one.role]}"
    )
    return _page(
        request,
        "Konto",
        f"<p>Angemeldet als <strong>{escape(one.name)}</strong>. {rights}</p>"
        + f'<p><a href="{doors.base_path()}/{ROOM}/kennwort">Kennwort ändern</a></p>'
        + _form("abmelden", "", "Abmelden")
        + _form("abmelden", '<input type="hidden" name="alle" value="1">', "Überall abmelden", True)
        + f'<p><a href="{doors.base_path()}/">Zurück zu Bildungsblick</a></p>',
    )


def _sign_in_page(
    request: Request, wrong: str = "", status: int = 200, form: dict[str, str] | None = None
) -> Response:
    """The form; after one that was sent in vain with what stood in it, but for the password."""
    given = form or dict(request.query_params)
    back, name = _back(given.get("zurueck", "")), (form or {}).get("name", "")
    try:
        there = accounts.listed(folders.default())
    except BildungsblickError as error:
        return _page(request, "Anmelden", _told(str(error)), 503)
    if not there:
        return _page(
            request,
            "Anmelden",
            "<p>Hier gibt es noch keine Konten. Nächster Schritt für die Stelle, die Bildungsblick "
            "betreibt: <code>python -m indicators account new NAME --role freigabe</code></p>",
        )
    fields = (
        f'<input type="hidden" name="zurueck" value="{escape(back)}">'
        '<label for="name">Name</label>'
        f'<input id="name" name="name" value="{escape(name)}" autocomplete="username" '
        'autocapitalize="none" spellcheck="false" required maxlength="64">'
        '<label for="kennwort">Kennwort</label>'
        '<input id="kennwort" name="kennwort" type="password" autocomplete="current-password" '
        f'required maxlength="{passwords.LONGEST}">'
    )
    return _page(
        request,
        "Anmelden",
        _told(wrong)
        + _form("anmelden", fields, "Anmelden")
        + "<p>Veröffentlichte Zahlen sehen Sie ohne Anmeldung. Kennwort vergessen? Die Stelle, die "
        "Bildungsblick betreibt, gibt Ihnen ein neues.</p>"
        + f'<p><a href="{doors.base_path()}/">Zurück zu Bildungsblick</a></p>',
        status,
    )


def _password_page(request: Request, wrong: str = "", status: int = 200) -> Response:
    one = _signed_in(request)
    if one is None:
        return _to(f"{ROOM}/anmelden")
    told = "<p>Das Kennwort hat Ihnen jemand gegeben. Bitte wählen Sie ein eigenes.</p>"
    fields = (
        f'<input type="hidden" autocomplete="username" value="{escape(one.name)}">'
        '<label for="bisher">Bisheriges Kennwort</label>'
        '<input id="bisher" name="bisher" type="password" autocomplete="current-password" required>'
        '<label for="neu">Neues Kennwort</label>'
        '<input id="neu" name="neu" type="password" autocomplete="new-password" required '
        f'minlength="{passwords.SHORTEST}" maxlength="{passwords.LONGEST}">'
        '<label for="noch">Neues Kennwort noch einmal</label>'
        '<input id="noch" name="noch" type="password" autocomplete="new-password" required>'
    )
    return _page(
        request,
        "Kennwort ändern",
        (told if one.must_change else "")
        + _told(wrong)
        + _form("kennwort", fields, "Kennwort ändern")
        + f"<p>Mindestens {passwords.SHORTEST} Zeichen; am leichtesten merken sich vier Wörter, "
        "die nichts miteinander zu tun haben. Danach sind Sie überall sonst abgemeldet.</p>",
        status,
    )


def _copy_page(request: Request, wrong: str = "", status: int = 200) -> Response:
    """The one button for a copy of the town's data, for who sits at the machine."""
    if not _is_home(request):
        return _page(request, "Sicherung", _told(_NOT_HOME), 403)
    return _page(
        request,
        "Sicherung",
        _told(wrong)
        + "<p>Alle eigenen Daten in einer Datei: Lieferungen, Definitionen, Datenstände, "
        "Sitzungen, Konten, Verlauf und Einstellungen. Auf einem anderen Rechner holt sie "
        "„python -m indicators restore DATEI“ zurück.</p>"
        "<p>Die Datei enthält Unveröffentlichtes und gehört an einen Ort, den nur die "
        "zuständige Stelle lesen kann.</p>"
        + _form("sicherung", "", "Sicherung erstellen und speichern")
        + f'<p><a href="{doors.base_path()}/daten?section=office">Zurück zu Bildungsblick</a></p>',
        status,
    )


# --- what forms do --------------------------------------------------------------------------------


async def _sign_in(request: Request) -> Response:
    """A new session for who knows name and password; one the browser had before ends."""
    global _waiting
    form, refused = await _sent(request)
    if refused:
        return refused
    name, place = form.get("name", ""), folders.default()
    if _waiting >= _CROWD:
        busy = "Zurzeit melden sich zu viele zugleich an. Bitte gleich noch einmal versuchen."
        return _sign_in_page(request, busy, 503, form)
    _waiting += 1
    try:
        one = await _apart(lambda: accounts.signed_in(place, name, form.get("kennwort", "")))
    except accounts.SignInError as error:
        answer = _sign_in_page(request, str(error), 403, form)
        if error.wrong == accounts.FREE:
            # afterwards, so that its time tells nothing of whether there is such an account
            answer.background = BackgroundTask(_note_wrong, place, name)
        return answer
    except BildungsblickError as error:
        return _sign_in_page(request, str(error), 503, form)
    finally:
        _waiting -= 1
    sessions.end(place, _held(request))
    history.note(place, one.name, "angemeldet", "")
    back = _back(form.get("zurueck", ""))
    answer = _to(f"{ROOM}/kennwort" if one.must_change else back)
    _give(answer, request, sessions.begin(place, one))
    return answer


async def _sign_out(request: Request) -> Response:
    form, refused = await _sent(request)
    if refused:
        return refused
    place, one = folders.default(), _signed_in(request)
    if one and form.get("alle"):
        accounts.sign_out_everywhere(place, one.name)
    sessions.end(place, _held(request))
    if one:
        done = "überall abgemeldet" if form.get("alle") else "abgemeldet"
        history.note(place, one.name, done, "")
    answer = _to("")
    for is_https in (True, False):
        answer.delete_cookie(
            permission.cookie_name(is_https), secure=is_https, httponly=True, samesite="strict"
        )
    return answer


async def _set_password(request: Request) -> Response:
    form, refused = await _sent(request)
    if refused:
        return refused
    one, place = _signed_in(request), folders.default()
    if one is None:
        return _to(f"{ROOM}/anmelden")
    new = form.get("neu", "")
    if new != form.get("noch", ""):
        return _password_page(request, "Die beiden neuen Kennwörter sind verschieden.", 400)
    if new == form.get("bisher", ""):
        return _password_page(request, "Das neue Kennwort ist das bisherige.", 400)
    name = one.name
    try:
        await _apart(lambda: accounts.signed_in(place, name, form.get("bisher", "")))
        one = await _apart(lambda: accounts.set_password(place, name, new))
    except accounts.SignInError:
        return _password_page(request, "Das bisherige Kennwort stimmt nicht.", 403)
    except BildungsblickError as error:
        return _password_page(request, str(error), 400)
    history.note(place, name, "Kennwort geändert", name)
    answer = _to("")
    _give(answer, request, sessions.begin(place, one))
    return answer


async def _copy(request: Request) -> Response:
    """A copy as a file; what the server kept of it meanwhile is removed."""
    _, refused = await _sent(request)
    if refused or not _is_home(request):
        return refused or _page(request, "Sicherung", _told(_NOT_HOME), 403)
    place = folders.default()
    kept = Path(tempfile.mkdtemp(prefix="bildungsblick-"))
    try:
        path = kept / f"bildungsblick-{date.today().isoformat()}.zip"
        await anyio.to_thread.run_sync(backup.write, place, path)
    except BildungsblickError as error:
        shutil.rmtree(kept, ignore_errors=True)
        return _copy_page(request, str(error), 503)
    history.note(place, permission.AT_HOME, "gesichert", path.name)
    removed = BackgroundTask(shutil.rmtree, kept, ignore_errors=True)
    headers = {"cache-control": "no-store"}
    return FileResponse(path, filename=path.name, headers=headers, background=removed)


def _is_home(request: Request) -> bool:
    return permission.is_home(request.headers, request.client.host if request.client else "")


def _note_wrong(place: folders.Folders, name: str) -> None:
    """Into the history when an account that exists begins to wait, and not each single attempt."""
    one = accounts.found(place, name.strip().lower())
    if one:
        history.note(place, one.name, "zu oft falsch angemeldet", one.name)


async def _apart(work: Callable[[], Account]) -> Account:
    """Beside the server, which goes on meanwhile, and beside the threads that send files."""
    return await anyio.to_thread.run_sync(work, limiter=anyio.CapacityLimiter(1))


# --- forms ----------------------------------------------------------------------------------------


async def _sent(request: Request) -> tuple[dict[str, str], Response | None]:
    """The fields of a form of ours; or the answer to what is none."""
    try:
        _demand_own_page(request)
        form = await _fields(request)
        holder = _held(request) or request.cookies.get(_FORM, "")
        if not sessions.is_form_of(folders.default(), holder, form.get("marke", "")):
            raise NotAllowedError(
                "Diese Seite war zu lange offen, oder der Browser nimmt keine Cookies an. Nächster "
                "Schritt: die Seite neu laden und es noch einmal versuchen."
            )
    except BildungsblickError as error:
        return {}, _page(request, "Das ging nicht", _told(str(error)), 403)
    return form, None


def _demand_own_page(request: Request) -> None:
    """Raises NotAllowedError for a form of another page, and for a password nobody has sealed."""
    origin = urlsplit(request.headers.get("origin", ""))
    host = doors.host_of(request.headers.get("host", ""))
    if origin.scheme not in ("http", "https") or doors.host_of(origin.netloc) != host:
        raise NotAllowedError("Dieses Formular kommt von einer anderen Webseite.")
    if origin.scheme == "http" and host not in folders.LOCAL_HOSTS:
        raise NotAllowedError(
            "Anmelden geht nur über https: sonst läse jeder im Netz das Kennwort mit. Nächster "
            "Schritt für die Stelle, die Bildungsblick betreibt: einen Proxy mit Zertifikat davor."
        )


async def _fields(request: Request) -> dict[str, str]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise NotAllowedError("Das ist kein Formular von Bildungsblick.")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LARGEST:
            raise NotAllowedError("Das Formular ist zu groß.")
    try:
        found = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise NotAllowedError("Das ist kein Formular von Bildungsblick.") from error
    return {name: values[0] for name, values in found.items()}


def _signed_in(request: Request) -> Account | None:
    try:
        return sessions.account_of(folders.default(), _held(request))
    except BildungsblickError:
        return None


def _held(request: Request) -> str:
    return permission.session_of(request.cookies, request.headers.get("host", ""))


def _give(answer: Response, request: Request, value: str) -> None:
    """The browser's own word tells whether it came by https; a proxy may keep that to itself."""
    is_https = request.headers.get("origin", "").startswith("https:")
    name = permission.cookie_name(is_https)
    answer.set_cookie(name, value, path="/", secure=is_https, httponly=True, samesite="strict")


def _back(given: str) -> str:
    return given if _BACK.fullmatch(given) else ""


def _to(path: str) -> RedirectResponse:
    headers = {"cache-control": "no-store"}
    return RedirectResponse(f"{doors.base_path()}/{path}", status_code=303, headers=headers)


# --- how they look --------------------------------------------------------------------------------


def _page(request: Request, title: str, content: str, status: int = 200) -> HTMLResponse:
    """A page with its forms marked for this browser."""
    holder = _held(request) or request.cookies.get(_FORM, "")
    new = "" if holder else secrets.token_urlsafe(16)
    mark = sessions.form_mark(folders.default(), holder or new)
    base = doors.base_path()
    answer = HTMLResponse(
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title} – Bildungsblick'
        '</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" type="image/png" href="{base}/bildungsblick/icon.png">'
        f'<link rel="stylesheet" href="{base}/bildungsblick/sign_in.css"></head><body><main>'
        f'<p class="brand">Bildungsblick</p><h1>{title}</h1>'
        f"{content.replace(_MARK, escape(mark))}</main></body></html>",
        status,
        {"cache-control": "no-store"},
    )
    if new:
        answer.set_cookie(_FORM, new, path="/", httponly=True, samesite="strict")
    return answer


_MARK = "{marke}"


def _form(action: str, fields: str, button: str, is_quiet: bool = False) -> str:
    look = ' class="quiet"' if is_quiet else ""
    return (
        f'<form method="post" action="{doors.base_path()}/{ROOM}/{action}">'
        f'<input type="hidden" name="marke" value="{_MARK}">{fields}'
        f"<button{look}>{button}</button></form>"
    )


def _told(wrong: str) -> str:
    return f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
