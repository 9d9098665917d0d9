"""What a reader waits for: pages loading, indicators and periods changing (T1, T3, T4, T10)."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Locator

from benchmarks.browser import RESTS, Window
from benchmarks.figures import Sample, interleaved, sample
from benchmarks.servers import Server

MAP = "all('.regions path[fill]').length > 0"
PLOT = "all('.js-plotly-plot .main-svg .trace path').length > 0"
DRAWING = "all('.drawing > svg').length > 0"
TABLE = "all('.bb-table td').length > 0"
QUESTIONS = "all('.bb-questions a').length > 0"
SHEET = "all('.bb-sheet dd').length > 0"
BARE = "all('#answer').length > 0"
MAP_WORDS = (
    "all('.plot > svg').map((svg) => svg.ariaLabel ?? svg.getAttribute('aria-label')).join()"
)
MAP_COLOURS = "all('.regions path').map((path) => path.getAttribute('fill')).join()"
PLOT_COLOURS = "all('.choroplethlayer path').map((path) => path.getAttribute('fill')).join()"
LINES = "all('.drawing > svg path').map((path) => path.getAttribute('d')).join()"
SUBTITLE = "all('.bb-subtitle').map((line) => line.textContent).join()"

SETTLING = 300  # milliseconds after which the last frame of an answer has surely arrived
REGIONS = ("09464", "05111", "14612", "08111", "03101", "06412")


@dataclass(frozen=True)
class Place:
    """A page: its address, the test for its first figure and the test for all of it."""

    address: str
    first: str
    whole: str


PLACES = {
    "Überblick": Place("", f"({MAP} || {DRAWING})", f"({MAP} && {DRAWING} && {QUESTIONS})"),
    "Karte": Place("karte?kind=map", MAP, f"({MAP} && {TABLE})"),
    "Zeitverlauf": Place("karte?kind=trend", DRAWING, DRAWING),
    "Zeitverlauf vergrößert": Place("karte?kind=trend&face=enlarged", PLOT, PLOT),
    "Rangfolge": Place("karte?kind=ranking", DRAWING, DRAWING),
    "Tabelle": Place("karte?kind=table", TABLE, TABLE),
    "Bühne": Place("karte?kind=map&indicator=studierende&stage=1", MAP, MAP),
    "Daten und Methodik": Place("daten", SHEET, SHEET),
}


# --- loading --------------------------------------------------------------------------------------


class Loading:
    """One page loaded again and again: in a new profile (cold), then again in the same one."""

    def __init__(self, browser: Browser, server: Server, place: Place):
        self.browser, self.server, self.place = browser, server, place
        self.window: Window | None = None

    def cold(self) -> dict[str, float]:
        self.close()
        script = (
            f"window.first = painted(() => {self.place.first}, 0);"
            f"window.whole = painted(() => {self.place.whole} && {RESTS}, 0);"
        )
        address = f"{self.server.address}/{self.place.address}"
        self.window = Window(self.browser, address, script)
        return self.warm()

    def close(self) -> None:
        if self.window:
            self.window.close()

    def warm(self) -> dict[str, float]:
        assert self.window is not None  # a page is opened cold before it is opened again
        page, wire = self.window.page, self.window.wire
        wire.start()
        page.goto(self.window.address, wait_until="commit")
        found = {"first answer": page.evaluate("first"), "whole page": page.evaluate("whole")}
        page.wait_for_timeout(SETTLING)
        own = urlsplit(self.server.address).netloc
        return found | {
            "loaded kB": wire.loaded_bytes / 1000,
            "socket kB": wire.socket_bytes / 1000,
            "files": wire.files,
            "other hosts": len(wire.hosts - {own}),
        }


def loads(
    browser: Browser, bare: Server, dashboard: Server, rounds: int
) -> dict[str, dict[str, Sample]]:
    """`<page>, cold` and `<page>, warm` of every page and of the bare one ("bare page")."""
    loadings = {"bare page": Loading(browser, bare, Place("", BARE, BARE))} | {
        name: Loading(browser, dashboard, place) for name, place in PLACES.items()
    }
    cases: dict[str, Callable[[], dict[str, float]]] = {}
    for name, loading in loadings.items():
        cases |= {f"{name}, cold": loading.cold, f"{name}, warm": loading.warm}
    found = interleaved(cases, rounds)
    for loading in loadings.values():
        loading.close()
    return found


# --- changing -------------------------------------------------------------------------------------


def _changed(window: Window, clicked: Locator, test: str) -> dict[str, float]:
    """Clicks and waits until the test holds and is painted; what the server sent and when."""
    window.wire.start()
    painted = clicked.evaluate(f"(element) => change(element, () => {test})")
    window.page.wait_for_timeout(SETTLING)
    return {
        "click to painted": painted,
        "click to last frame": window.wire.answer_time,
        "socket kB": window.wire.socket_bytes / 1000,
        "sent kB": (window.wire.socket_bytes + window.wire.loaded_bytes) / 1000,
    }


class BarePage:
    """The bare page with its button."""

    def __init__(self, browser: Browser, server: Server):
        self.window = Window(browser, server.address)
        self.window.open(BARE)
        self.clicks = 0

    def rerun(self) -> dict[str, float]:
        self.clicks += 1
        button = self.window.page.get_by_role("button", name="Next")
        test = f"all('#answer')[0]?.textContent === 'answer {self.clicks}'"
        return _changed(self.window, button, test)


class Explorer:
    """Karte und Vergleich of all Kreise, asked for one indicator or period after the other.

    `new` asks what this server has not answered yet, `again` goes back to what it answered before.
    When everything has been asked, the page is opened for the next region: another answer, though
    the server may keep the values that all regions share.
    """

    def __init__(
        self, browser: Browser, server: Server, kind: str, label: str, asked: Mapping[str, dict]
    ):
        self.window = Window(browser, "")
        self.server, self.kind, self.label, self.asked = server, kind, label, asked
        self.steps = self._steps()

    def new(self) -> dict[str, float]:
        self.before, self.now = next(self.steps)
        return self._choose(self.now)

    def again(self) -> dict[str, float]:
        return self._choose(self.before)

    def _steps(self) -> Iterator[tuple[str, str]]:
        options = list(self.asked)
        while True:
            for region in REGIONS:
                query = {"kind": self.kind, "scope": "all", "region": region}
                query |= self.asked[options[0]]
                self.window.address = f"{self.server.address}/karte?{urlencode(query)}"
                self.window.open(MAP if self.kind == "map" else DRAWING)
                yield from zip(options, options[1:], strict=False)

    def _choose(self, option: str) -> dict[str, float]:
        page = self.window.page
        field = page.get_by_role("combobox", name=self.label)
        field.click()
        field.fill(option)
        # the period stands behind the indicator in the map's description
        words = json.dumps(f" {option},", ensure_ascii=False)
        test = f"({MAP_WORDS}).includes({words})"
        if self.kind == "trend":
            page.evaluate(f"window.before = {LINES}")
            test = f"(' ' + {SUBTITLE}).includes({words}) && {DRAWING} && {LINES} !== window.before"
        clicked = page.get_by_role("option", name=option, exact=True)
        return _changed(self.window, clicked, test)


def changes(
    browser: Browser,
    bare: Server,
    dashboard: Server,
    indicators: Mapping[str, str],
    periods: list[str],
    rounds: int,
) -> dict[str, dict[str, Sample]]:
    """Clicks on the bare page beside choices on ours. `indicators` are names and ids, `periods`
    those of the first indicator."""
    by_name = {name: {"indicator": id} for name, id in indicators.items()}
    first = next(iter(indicators.values()))
    by_period = {label: {"indicator": first, "period": label} for label in periods}
    page = BarePage(browser, bare)
    cases: dict[str, Callable[[], dict[str, float]]] = {"bare page": page.rerun}
    for name, explorer in {
        "indicator of the map": Explorer(browser, dashboard, "map", "Indikator", by_name),
        "period of the map": Explorer(browser, dashboard, "map", "Zeitraum", by_period),
        "indicator of the trend": Explorer(browser, dashboard, "trend", "Indikator", by_name),
    }.items():
        cases |= {f"{name}, new": explorer.new, f"{name}, again": explorer.again}
    return interleaved(cases, rounds)


def year_slider(
    browser: Browser, dashboard: Server, indicator: str, rounds: int
) -> dict[str, Sample]:
    """A step of the slider without the server, beside two frames in which nothing happens."""
    query = urlencode({"kind": "map", "scope": "all", "indicator": indicator})
    window = Window(browser, f"{dashboard.address}/karte?{query}")
    window.open(MAP)
    steps = window.page.evaluate(
        """async (rounds) => {
            const slider = all(".period input[type=range]")[0];
            const steps = [];
            for (let round = 0; round < rounds; round += 1) {
                const nothing = await twoFrames(performance.now());
                const start = performance.now();
                slider.value = round % (Number(slider.max) + 1);
                slider.dispatchEvent(new Event("input"));
                const script = performance.now() - start;
                steps.push([nothing, script, await twoFrames(start)]);
            }
            return steps;
        }""",
        rounds,
    )
    window.close()
    names = ("two empty frames", "script", "step")
    return {
        name: sample(values) for name, values in zip(names, zip(*steps, strict=True), strict=True)
    }


# --- one map, ours and Plotly's -------------------------------------------------------------------


class OneMap:
    """The same map of 400 Kreise, drawn by our component or by Plotly."""

    def __init__(self, browser: Browser, server: Server, by: str, colours: str):
        self.window = Window(browser, f"{server.address}/?by={by}")
        self.window.open(f"({colours}).length > 400")
        self.colours, self.clicks = colours, 0

    def update(self) -> dict[str, float]:
        page = self.window.page
        self.clicks += 1
        page.evaluate(f"window.before = {self.colours}")
        test = (
            f"all('#answer')[0]?.textContent === 'answer {self.clicks}'"
            f" && {self.colours} !== window.before"
        )
        found = _changed(self.window, page.get_by_role("button", name="Next"), test)
        spent = page.locator("#answer").get_attribute("data-server")
        return found | {"server time": float(spent or "nan")}


def map_updates(browser: Browser, server: Server, rounds: int) -> dict[str, dict[str, Sample]]:
    ours = OneMap(browser, server, "component", MAP_COLOURS)
    plotly = OneMap(browser, server, "plotly", PLOT_COLOURS)
    return interleaved({"our map": ours.update, "Plotly's choropleth": plotly.update}, rounds)
