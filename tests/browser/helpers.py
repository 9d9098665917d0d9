"""Tools of the browser tests: a running server, a window that is watched, a settled page."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

PROJECT = Path(__file__).resolve().parents[2]

# Every page: its address and its name in the menu, in the order of the menu.
PAGES = {
    "": "Überblick",
    "uebergaenge": "Übergänge",
    "kita": "Kita und Ganztag",
    "zuwanderung": "Zuwanderung und Sprachförderung",
    "demografie": "Demografie",
    "karte": "Karte und Vergleich",
    "lebensphasen": "Lebensphasen",
    "sitzung": "Sitzung",
    "daten": "Daten und Methodik",
    "einlesen": "Daten einlesen",
    "veroeffentlichen": "Veröffentlichen",
}

# A view for the committee, as its link is sent.
STAGE = "karte?kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region=09464&stage=1"

LIGHTEST = "/healthz"

STREAMLIT = ("streamlit", "run", "dashboard.py", "--server.port")
UVICORN = ("uvicorn", "dashboard:app", "--port")

# Streamlit has finished when the script rests, nothing is being loaded and every map, drawing and
# chart has drawn itself (their code and their borders are fetched on their own, which takes time on
# a busy machine); it must stay so for a moment, because a click needs a few milliseconds to become
# a run.
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const made = ":is(.map, .drawing, .copying, .steering) > *, ol > *";
    const empty = (host) => !host.shadowRoot?.querySelector(made)
        || host.shadowRoot.querySelector("[aria-busy=true]");
    const draws = [...document.querySelectorAll("[data-testid^=stBidiComponent]")].some(empty)
        || document.querySelector("[data-testid=stPlotlyChart]:not(:has(.main-svg))");
    const changes = "changing" in document.documentElement.dataset;
    const rests = !draws && !changes && app?.dataset.testScriptState === "notRunning"
        && app.dataset.testConnectionState === "CONNECTED"
        && document.querySelector("h1, .st-key-card_error")
        && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
    if (!rests) { window.restsSince = undefined; return false; }
    window.restsSince ??= performance.now();
    return performance.now() - window.restsSince > 250;
}"""

# The page that was at rest before must not be taken for the one that was asked for: on a busy
# machine its run begins later than a page has to rest. So the run itself is waited for (RAN).
TURN = """address => {
    window.restsSince = undefined;
    window.ran = false;
    const app = document.querySelector('[data-testid="stApp"]');
    const watcher = new MutationObserver(() => { window.ran = true; watcher.disconnect(); });
    watcher.observe(app, { attributeFilter: ["data-test-script-state"] });
    history.pushState({}, "", address);
    dispatchEvent(new PopStateEvent("popstate"));
}"""
RAN = "() => window.ran"


@contextmanager
def run_server(
    port: int,
    data_folder: Path,
    log: Path,
    command: tuple[str, ...] = STREAMLIT,
    base_path: str = "",
    project: Path = PROJECT,
) -> Iterator[str]:
    """Start the dashboard in a process of its own; yields its address once it takes readers."""
    address = f"http://127.0.0.1:{port}{base_path}"
    environment = {
        "BILDUNGSBLICK_DATA": str(data_folder),
        "STREAMLIT_SERVER_BASE_URL_PATH": base_path,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, str(port)],
            cwd=project,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            deadline = time.monotonic() + 180
            while not _is_healthy(address):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8')}")
                time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def _is_healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}{LIGHTEST}", timeout=2) as answer:
            return answer.read() == b"ok"
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def fetch(address: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; the path goes over the line exactly as given."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@dataclass
class Window:
    """A browser window at a server: its page, what it asked for, and what it complained about."""

    page: Page
    server: str
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listeners: list[tuple[str, Callable[..., None]]] = []
        self.listen("request", lambda request: self.requests.append(request.url))
        self.listen("websocket", lambda socket: self.requests.append(socket.url))
        self.listen("console", lambda message: self.console.append(message.text))
        self.listen("pageerror", lambda error: self.console.append(f"uncaught: {error}"))

    def listen(self, event: str, listener: Callable[..., None]) -> None:
        """Hear of an event of the page as long as the window is this test's."""
        self._listeners.append((event, listener))
        self.page.on(event, listener)

    def open(self, address: str = "") -> Page:
        """Go to a page of the dashboard, such as `karte?stage=1`, and wait for it."""
        self.page.goto(f"{self.server}/{address}")
        self.settle()
        return self.page

    def turn(self, address: str) -> Page:
        """To another address in the same session, as Back or Forward lead there: nothing is loaded
        again, which spares two thirds of the time. For tests that only look. The stage is another
        document: it is turned to from another slide of its page alone. Where it is already, the
        page is loaded again."""
        before, there = self.page.url, f"{urlsplit(self.server).path}/{address}"
        others = "stage=1" in before + address and not (
            "stage=1" in before
            and "stage=1" in address
            and urlsplit(before).path == urlsplit(there).path
        )
        if self.is_left or others or before == f"{self.server}/{address}":
            return self.open(address)
        self.page.evaluate(TURN, there)
        with suppress(PlaywrightTimeout):  # to what is shown already there is no run
            self.page.wait_for_function(RAN, timeout=3_000)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until Streamlit has nothing left to do."""
        # looking in every frame would have frames made for the looking alone
        self.page.wait_for_function(SETTLED, timeout=120_000, polling=50)

    @property
    def is_left(self) -> bool:
        return not self.page.url.startswith(self.server) or self.page.url.endswith(LIGHTEST)

    def leave(self) -> None:
        """Away from the dashboard: its session ends. A page of another site would cost the tab its
        process."""
        self.page.goto(f"{self.server}{LIGHTEST}")

    def give_back(self, server: str) -> None:
        """Stop watching, and let the tab be as if it were new, at a server that goes on."""
        for event, listener in self._listeners:
            self.page.remove_listener(event, listener)
        self.server = server
        self.as_new()

    def as_new(self) -> None:
        """Away from the dashboard, and nothing of what was is remembered."""
        self.page.emulate_media(media="null")
        self.leave()
        # Streamlit remembers there whether the menu was opened, at any size of window.
        self.page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
        self.requests.clear()
        self.console.clear()


# --- what a reader does and sees ------------------------------------------------------------------


def settle_again(window: Window) -> None:
    """Wait for what an action just now has set going; `settle` alone may still see the rest
    before it."""
    window.page.evaluate("() => { window.restsSince = undefined; }")
    window.settle()


def choose(window: Window, label: str, option: str) -> None:
    """Type into a picker and take the option of exactly this name."""
    box = window.page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    window.page.get_by_role("option", name=option, exact=True).click()
    settle_again(window)


def press(window: Window, group: str, button: str) -> None:
    """Press one button of a group such as "Darstellung"."""
    buttons = window.page.get_by_role("radiogroup", name=group, exact=True)
    buttons.get_by_role("radio", name=button, exact=True).click()
    settle_again(window)


def asked(page: Page) -> dict[str, str]:
    """What the address asks for."""
    return dict(parse_qsl(urlsplit(page.url).query))


def table_rows(page: Page) -> list[list[str]]:
    """The cells of the only table on the page, without its head."""
    return page.locator(".bb-table").evaluate(
        "table => [...table.querySelectorAll('tbody tr')]"
        ".map(row => [...row.cells].map(cell => cell.textContent))"
    )


# Every visible text inside a selector's first match (the page if none): its words, its box on the
# screen, its size there in pixels (font size times every scale above it), and whether the picture
# it stands in cuts something off.
TEXTS = """(within) => {
    const found = [];
    const grown = (element) => {
        if (element.getBBox) {
            const own = element.getBBox().height;
            return own ? element.getBoundingClientRect().height / own : 1;
        }
        const probe = element.appendChild(document.createElement("span"));
        probe.style.cssText = "position:absolute;width:100px;height:1px;visibility:hidden";
        const scale = probe.getBoundingClientRect().width / 100;
        probe.remove();
        return scale;
    };
    const look = (root) => {
        if (root.shadowRoot) look(root.shadowRoot);
        const walker = document.createTreeWalker(
            root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
        const texts = [];
        while (walker.nextNode()) {
            const node = walker.currentNode;
            if (node.shadowRoot) look(node.shadowRoot);
            if (node.nodeType === Node.TEXT_NODE && node.nodeValue.trim()) texts.push(node);
        }
        for (const node of texts) {
            const element = node.parentElement;
            const hidden = "script, style, noscript, template, datalist, title, [hidden], "
                + "[data-testid=stSkipToContent], .bb-skip";
            if (!element || element.closest(hidden) || !element.checkVisibility(
                { visibilityProperty: true, opacityProperty: true })) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            const svg = element.closest("svg")?.getBoundingClientRect();
            // of a paragraph each line has a box of its own: beside the end of one is another
            for (const box of svg ? [range.getBoundingClientRect()] : range.getClientRects()) {
                if (box.width < 2 || box.height < 2) continue;
                const cut = svg && (box.left < svg.left - 1 || box.right > svg.right + 1
                    || box.top < svg.top - 1 || box.bottom > svg.bottom + 1);
                found.push({
                    text: node.nodeValue.trim(),
                    left: box.left, right: box.right, top: box.top, bottom: box.bottom,
                    size: parseFloat(getComputedStyle(element).fontSize) * grown(element),
                    cut: !!cut,
                });
            }
        }
    };
    look(document.querySelector(within ?? "body"));
    return found;
}"""


def covering(texts: list[dict]) -> list[tuple[str, str]]:
    """Pairs of texts of which one covers the other."""

    def overlap(a: dict, b: dict, start: str, end: str) -> float:
        return min(a[end], b[end]) - max(a[start], b[start])

    return [
        (a["text"], b["text"])
        for i, a in enumerate(texts)
        for b in texts[i + 1 :]
        if overlap(a, b, "left", "right") > 1
        # line boxes are higher than letters: they may touch
        and overlap(a, b, "top", "bottom")
        > 0.35 * min(a["bottom"] - a["top"], b["bottom"] - b["top"])
    ]
