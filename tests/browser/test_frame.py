"""The frame: every page arrives whole, from this server only, in German, with its headers."""

import asyncio
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from starlette.responses import HTMLResponse

from pages.shared.server import FrameMiddleware
from tests.browser.helpers import PAGES, PROJECT, STAGE, STREAMLIT, UVICORN, Window, fetch

pytestmark = pytest.mark.browser

BROKEN_PAGE = """
import streamlit as st
from indicators.errors import ReleaseError

def fail():
    raise ValueError("only for the log")

@st.fragment
def part():
    if st.button("Teil"):
        fail()

st.title("Überblick")
st.button("Rückruf", on_click=fail)
part()
if st.button("Seite"):
    fail()
if st.button("Datenstand"):
    raise ReleaseError("Es gibt noch keinen Datenstand. Abhilfe: make build.")
"""

NOTHING_CUT_OFF = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main.scrollWidth <= main.clientWidth && main.clientWidth <= window.innerWidth;
}"""

TEXT_SIZES = """() => {
    const sizes = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.nodeValue.trim();
        const element = walker.currentNode.parentElement;
        if (text && element.checkVisibility() && element.getBoundingClientRect().width > 1
            && !element.closest("script, style, noscript, [data-testid=stSkipToContent], .bb-skip"))
            sizes.push([text, parseFloat(getComputedStyle(element).fontSize)]);
    }
    return sizes;
}"""

MAP_FILE = "kreise-2022-12-31-0123456789abcdef.json"


def assert_whole(window: Window, name: str) -> None:
    """The page is the named one, with title, menu and sidebar, and nothing in front of it."""
    page = window.page
    assert page.title() == f"{name} – Bildungsblick"
    assert page.locator("html").get_attribute("lang") == "de"
    menu = page.locator('[data-testid="stSidebarNavLink"]')
    assert menu.all_inner_texts() == list(PAGES.values())
    assert (
        page.locator('[data-testid="stSidebarNavLink"][aria-current="page"]').inner_text() == name
    )
    assert page.locator("h1").count() == 1
    assert page.locator('[role="dialog"]').count() == 0
    assert page.locator('[data-testid="stException"], .st-key-card_error').count() == 0


# The two pages left out are where the first readers of the servers below come.
@pytest.mark.parametrize("path", [path for path in PAGES if path not in ("karte", "uebergaenge")])
def test_first_reader_of_a_process_may_come_by_a_deep_link(path, fresh_server, new_window):
    window = new_window(fresh_server)
    window.open(path)
    assert_whole(window, PAGES[path])


def test_runs_under_a_plain_asgi_server(start_server, new_window):
    window = new_window(start_server(command=UVICORN))
    window.open("karte")
    assert_whole(window, "Karte und Vergleich")


def test_runs_under_a_base_path(start_server, new_window):
    window = new_window(start_server(base_path="/bildung"))
    window.open("uebergaenge")
    assert_whole(window, "Übergänge")


def test_the_menu_leads_to_every_page(window):
    page = window.open()
    for name in PAGES.values():
        page.locator('[data-testid="stSidebarNavLink"]', has_text=name).click()
        page.wait_for_function("name => document.title.startsWith(name)", arg=name)
        window.settle()
        assert_whole(window, name)
        assert page.evaluate(NOTHING_CUT_OFF)


def test_the_stage_shows_the_view_alone_and_readable_from_the_back(new_window):
    for width, height in ((1280, 720), (1920, 1080)):
        page = new_window(width=width, height=height).open(STAGE)
        assert page.locator(".st-key-card_error").count() == 0
        assert page.locator("h1").is_visible()
        for part in ("stSidebar", "stHeader", "stToolbar"):
            assert not page.locator(f'[data-testid="{part}"]').is_visible(), part
        assert page.evaluate(NOTHING_CUT_OFF)
        assert {text: px for text, px in page.evaluate(TEXT_SIZES) if px < 20} == {}


def test_a_narrow_window_hides_the_menu_behind_a_button(new_window):
    window = new_window(width=400, height=800)
    page = window.open()
    page.get_by_role("button", name="Seitenleiste ausklappen").click()
    page.get_by_role("link", name="Karte und Vergleich").click()
    page.wait_for_function("() => document.title.startsWith('Karte')")
    assert page.evaluate(NOTHING_CUT_OFF)


def test_an_unknown_address_says_so_and_shows_the_start_page(window):
    page = window.open("gibtsnicht")
    assert "Diese Seite gibt es nicht" in page.locator('[role="dialog"]').inner_text()
    assert page.title() == "Überblick – Bildungsblick"


def test_failures_are_explained_in_german_and_logged(start_server, new_window, tmp_path):
    """Wherever a page fails: while it is drawn, in a fragment, in a callback."""
    project = tmp_path / "project"
    (project / "pages" / "views").mkdir(parents=True)
    for shared in ("dashboard.py", ".streamlit", "indicators", "pages/shared"):
        (project / shared).symlink_to(PROJECT / shared)
    for view in (PROJECT / "pages" / "views").glob("*.py"):
        (project / "pages" / "views" / view.name).write_text(BROKEN_PAGE, "utf-8")
    window = new_window(start_server(project=project))
    for button, message in {
        "Seite": "unerwarteter Fehler",
        "Teil": "unerwarteter Fehler",
        "Rückruf": "unerwarteter Fehler",
        "Datenstand": "Es gibt noch keinen Datenstand. Abhilfe: make build.",
    }.items():
        page = window.open()
        page.get_by_role("button", name=button, exact=True).click()
        page.locator(".st-key-card_error").get_by_text(message).wait_for()
        assert "only for the log" not in page.content(), button
    assert "only for the log" in (tmp_path / "server-log.txt").read_text("utf-8")


ADDRESSES = [
    *("/", "/karte", "/healthz", f"/karten/{MAP_FILE}", "/bildungsblick/frame.css"),
    *("/bildungsblick/none.css", "/media/none.csv", "/_stcore/host-config", "/_stcore/metrics"),
    *("/_stcore/bidi-components/indicators.map/map.js", "/%2e%2e/%2e%2e/etc/passwd", "/%00"),
]


@pytest.mark.parametrize("name", ["127.0.0.1", "boese.example"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_carries_the_security_headers(path, name, server):
    _, headers, _ = fetch(server, path, Host=name)
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts and "blob:" not in scripts
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]


def test_streamlits_own_files_carry_the_security_headers(server):
    _, _, document = fetch(server, "/")
    (script, *_) = re.findall(r'src="\./(static/js/[^"]+)"', document.decode())
    status, headers, _ = fetch(server, f"/{script}")
    assert status == 200 and headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("command", [STREAMLIT, UVICORN])
def test_the_real_server_closes_its_doors(command, start_server, tmp_path):
    (tmp_path / "settings.toml").write_text('hosts = ["bildung.stadt.de"]')
    address = start_server(folder=tmp_path, command=command)
    assert fetch(address, "/")[0] == 200
    assert fetch(address, "/healthz", Host="bildung.stadt.de")[0] == 200
    status, _, words = fetch(address, "/", Host="boese.example")
    assert status == 421 and "settings.toml" in words.decode()
    for path in ("metrics", "script-health-check", "agent/openapi.json"):
        status, _, words = fetch(address, f"/_stcore/{path}")
        assert (status, words.decode()) == (404, "Diese Adresse gibt es nicht."), path


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1", "http://127.0.0.1:8501", 101),
        ("127.0.0.1", "http://boese.example", 403),
        ("boese.example", "http://boese.example", 421),
    ],
)
def test_a_websocket_is_opened_for_pages_of_this_server_alone(host, origin, status, server):
    connection = HTTPConnection(urlsplit(server).netloc, timeout=10)
    connection.putrequest("GET", "/_stcore/stream", skip_host=True)
    for name, value in {
        "Host": host,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "streamlit",
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.sock.recv(12).decode() == f"HTTP/1.1 {status}"
    connection.close()


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("path", ["/", "/karte"])
def test_the_document_is_german_before_any_script_runs(path, encoding, server):
    _, headers, body = fetch(server, path, **{"Accept-Encoding": encoding})
    document = body.decode()
    assert int(headers["content-length"]) == len(body)
    assert '<html lang="de">' in document
    assert "<title>Bildungsblick</title>" in document
    assert "Bildungsblick braucht JavaScript" in document
    assert "etag" not in headers


def test_a_web_page_that_is_downloaded_stays_as_it_is():
    sent = []

    async def send(message):
        sent.append(message)

    download = FrameMiddleware(HTMLResponse("an agenda"))
    answer = download({"type": "http", "path": "/media/agenda.html"}, None, send)
    with ThreadPoolExecutor() as elsewhere:  # Playwright's event loop runs in this thread
        elsewhere.submit(asyncio.run, answer).result()
    assert sent[-1]["body"] == b"an agenda"


def test_health_is_a_real_answer(server):
    status, _, body = fetch(server, "/healthz")
    assert (status, body) == (200, b"ok")


def test_map_files_are_served_compressed_and_kept(start_server, tmp_path):
    content = b'{"regions": []}'
    maps = tmp_path / "releases" / "maps"
    maps.mkdir(parents=True)
    (maps / MAP_FILE).write_bytes(content)
    (maps / "notes.json").write_bytes(b"not for readers")
    (tmp_path / "releases" / "secret.json").write_bytes(b"not for readers")
    address = start_server(folder=tmp_path)

    status, headers, body = fetch(address, f"/karten/{MAP_FILE}", **{"Accept-Encoding": "gzip"})
    assert (status, gzip.decompress(body)) == (200, content)
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"] == "application/json"
    _, _, body = fetch(address, f"/karten/{MAP_FILE}", **{"Accept-Encoding": "identity"})
    assert body == content

    for name in (
        "notes.json",
        "kreise-2022-12-31-0123456789abcde0.json",
        f"{MAP_FILE}%0a",
        "../secret.json",
        "..%2fsecret.json",
        "%2e%2e/secret.json",
        "..%5csecret.json",
        f"..%2fmaps%2f{MAP_FILE}",
    ):
        status, _, body = fetch(address, f"/karten/{name}")
        assert b"not for readers" not in body, name
        assert status in (400, 404) or b"<html" in body, name
