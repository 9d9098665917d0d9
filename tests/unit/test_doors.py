"""Which requests are let in: by name, by origin, by address. The server itself is not needed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from pages.shared import doors
from pages.shared.server import FrameMiddleware


async def _inside(scope, receive, send):
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    if scope["path"] == "/broken":
        raise ValueError("only for the log")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


def asked(
    path: str = "/", kind: str = "http", scheme: str = "http", says_why: bool = True, **headers
) -> tuple[int, dict[str, str], str]:
    """Status, headers and words of the answer; 101 for a websocket that was taken, 403 for one
    that was closed without a word."""
    given = {"host": "localhost:8501"} | headers
    scope = {
        "type": kind,
        "path": path,
        "method": "GET",
        "scheme": scheme,
        "headers": [(k.encode(), v.encode()) for k, v in given.items() if v is not None],
        "extensions": {"websocket.http.response": {}} if says_why else {},
    }
    sent = []

    async def send(message):
        sent.append(message)

    # in a thread of its own: a browser of this process may have left a loop that runs in this one
    asked = FrameMiddleware(doors.DoorMiddleware(_inside))(scope, None, send)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked).result()
    if sent[0]["type"].startswith("websocket.") and "status" not in sent[0]:
        return (101 if sent[0]["type"] == "websocket.accept" else 403), {}, ""
    found = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
    return sent[0]["status"], found, sent[-1].get("body", b"").decode()


@pytest.fixture
def town(tmp_path, monkeypatch):
    """A data folder whose settings name a host."""
    (tmp_path / "settings.toml").write_text('hosts = ["bildung.stadt.de"]')
    monkeypatch.setenv("BILDUNGSBLICK_DATA", str(tmp_path))
    return tmp_path


SERVED = ["localhost", "LOCALHOST:8501", "localhost.", "127.0.0.1:8501", "[::1]:8501", "[::1]"]
NOT_SERVED = ["boese.example", "boese.example:8501", "localhost.boese.example", "10.0.0.1", "::2"]
NO_HOST = ["", "a b", "a/b", "user@localhost", "localhost:port", "[::1", "localhost:1:2", "lö"]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", SERVED)
def test_this_machine_is_served(host, kind):
    assert asked(kind=kind, host=host)[0] == {"http": 200, "websocket": 101}[kind]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("path", ["/", "/karte", "/_stcore/stream", "/media/x", "/healthz"])
def test_another_name_is_refused_in_german_and_the_setting_named(path, kind):
    status, headers, words = asked(path, kind, host="boese.example")
    assert status == 421
    assert "settings.toml" in words and 'hosts = ["boese.example"]' in words
    assert headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("host", [*NOT_SERVED, *NO_HOST, None])
def test_nothing_else_is_served(host):
    assert asked(host=host)[0] in (400, 421)
    assert asked("/_stcore/stream", "websocket", host=host)[0] in (400, 421)
    assert asked("/_stcore/stream", "websocket", says_why=False, host=host)[0] == 403


def test_a_name_of_the_settings_is_served_beside_this_machine(town):
    assert asked(host="bildung.stadt.de")[0] == 200
    assert asked(host="Bildung.Stadt.de:443")[0] == 200
    assert asked(host="localhost")[0] == 200
    assert asked(host="andere.stadt.de")[0] == 421
    (town / "settings.toml").write_text('hosts = ["andere.stadt.de"]')
    assert asked(host="andere.stadt.de")[0] == 200, "a change needs no restart"


def test_settings_with_a_fault_let_in_this_machine_alone_and_say_so(town):
    (town / "settings.toml").write_text('hots = ["bildung.stadt.de"]')
    assert asked(host="127.0.0.1")[0] == 200
    status, _, words = asked(host="bildung.stadt.de")
    assert status == 421 and "„hots“ gibt es nicht" in words


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 101),
        ("http://localhost:8501", 101),
        ("https://localhost", 101),
        ("https://boese.example", 403),
        ("null", 403),
        ("file://", 403),
        ("https://localhost@boese.example", 403),
        ("https://boese.example:8501/localhost", 403),
    ],
)
def test_a_websocket_is_for_pages_of_this_server(origin, status):
    assert asked("/_stcore/stream", "websocket", origin=origin)[0] == status


CLOSED = [
    "/_stcore/metrics",
    "/_stcore/metrics/",
    "//_stcore/metrics",
    "/_stcore//metrics",
    "/_stcore",
    "/_stcore/script-health-check",
    "/_stcore/agent/interact",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/anything-new",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
    "/component/x/index.html",
    "/app/static/file",
]


@pytest.mark.parametrize("path", CLOSED)
def test_what_the_pages_do_not_need_is_closed(path):
    status, headers, words = asked(path)
    assert (status, words) == (404, "Diese Adresse gibt es nicht.")
    assert "content-security-policy" in headers


@pytest.mark.parametrize("path", ["/", "/karte", "/_stcore/health", "/_stcore/host-config", "/x"])
def test_what_they_need_is_open(path):
    assert asked(path)[0] == 200


ALWAYS = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/media/x", "/_stcore/metrics", "/broken"])
def test_every_answer_has_the_headers(path):
    for host in ("localhost", "boese.example"):
        _, headers, _ = asked(path, host=host)
        assert ALWAYS.items() <= headers.items()
        assert "camera=()" in headers["permissions-policy"]
        assert "strict-transport-security" not in headers
    assert "max-age=" in asked(path, scheme="https")[1]["strict-transport-security"]


def test_a_failure_of_the_server_is_told_in_german_and_its_words_are_not():
    status, _, words = asked("/broken")
    assert status == 500
    assert "Protokoll" in words and "only for the log" not in words


def test_the_doors_of_a_provider_are_open_where_the_town_has_one(town):
    for path in ("/auth/login", "/auth/logout", "/oauth2callback"):
        assert asked(path)[0] == 404
    (town / "settings.toml").write_text('provider = "email"')
    for path in ("/auth/login", "/auth/logout", "/oauth2callback"):
        assert asked(path)[0] == 200
    assert asked("/_stcore/metrics")[0] == 404 and asked("/component/x")[0] == 404
    (town / "settings.toml").write_text('provider = "E-Mail!"')
    assert asked("/auth/login")[0] == 404


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_cookies_of_log_in_are_secure_where_the_page_is(scheme, secure):
    message = {
        "type": "http.response.start",
        "status": 302,
        "headers": [
            (b"set-cookie", b"_streamlit_user=x; HttpOnly"),
            (b"set-cookie", b"a=b; Secure"),
        ],
    }

    async def gives(scope, receive, send):
        await send(message)
        await send({"type": "http.response.body", "body": b""})

    sent = []

    async def send(one):
        sent.append(one)

    scope = {"type": "http", "path": "/oauth2callback", "scheme": scheme, "headers": []}
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, FrameMiddleware(gives)(scope, None, send)).result()
    cookies = [v.decode() for k, v in sent[0]["headers"] if k == b"set-cookie"]
    assert cookies[0].endswith("; Secure") is secure
    assert cookies[1] == "a=b; Secure"
