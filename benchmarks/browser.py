"""Headless Chromium and the ruler: when is something painted, what came over the wire."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",  # without a real one, SVG on an emulated GPU takes ten times as long
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

# "Painted": the test holds (looked at after every change of the document and in every frame), then
# two animation frames and a macrotask have passed. Maps live in shadow roots.
RULER = """
const roots = () => [document, ...[...document.querySelectorAll(
  '[data-testid="stBidiComponentIsolated"]')].map((host) => host.shadowRoot).filter(Boolean)];
const all = (selector) => roots().flatMap((root) => [...root.querySelectorAll(selector)]);
const frame = () => new Promise(requestAnimationFrame);
const macrotask = () => new Promise((done) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = done;
  channel.port2.postMessage(0);
});
async function twoFrames(start) {
  await frame();
  await frame();
  await macrotask();
  return performance.now() - start;
}
async function painted(test, start) {
  const watched = new Set();
  await new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`never painted: ${test}`)), 120000);
    let found = false;
    const observer = new MutationObserver(look);
    function look() {
      if (found) return;
      for (const root of roots()) {
        if (watched.has(root)) continue;
        watched.add(root);
        observer.observe(root, {
          subtree: true, childList: true, characterData: true, attributes: true,
        });
      }
      if (!(found = test())) return;
      observer.disconnect();
      done();
    }
    (function everyFrame() {
      look();
      if (!found) requestAnimationFrame(everyFrame);
    })();
  });
  return twoFrames(start);
}
function change(element, test) {
  const start = performance.now();
  element.click();
  return painted(test, start);
}
Object.assign(window, { all, twoFrames, painted, change });
"""
RESTS = (
    "document.querySelector('[data-testid=\"stApp\"]')?.dataset.testScriptState === 'notRunning'"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Raises RuntimeError if none is installed."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise RuntimeError(f"no browser found, looked for {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Wire:
    """What a page exchanges with its server from `start` on: websocket frames, requests, hosts."""

    def __init__(self, page: Page):
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._received)
        session.on("Network.webSocketFrameSent", self._sent)
        session.on("Network.requestWillBeSent", lambda e: self._requested(e["request"]["url"]))
        session.on("Network.webSocketCreated", lambda e: self._requested(e["url"]))
        session.on("Network.loadingFinished", self._loaded)
        self.hosts: set[str] = set()
        self.start()

    def start(self) -> None:
        self.socket_bytes = self.loaded_bytes = self.files = 0
        self.asked = self.answered = 0.0

    @property
    def answer_time(self) -> float:
        """Milliseconds from the first frame sent to the last one received."""
        return (self.answered - self.asked) * 1000

    def _received(self, event: dict) -> None:
        frame = event["response"]
        # binary frames are reported in Base64
        self.socket_bytes += len(frame["payloadData"]) * 3 // 4
        self.answered = event["timestamp"]

    def _sent(self, event: dict) -> None:
        self.asked = self.asked or event["timestamp"]

    def _requested(self, address: str) -> None:
        if not address.startswith(("data:", "blob:")):
            self.files += 1
            self.hosts.add(urlsplit(address).netloc)

    def _loaded(self, event: dict) -> None:
        self.loaded_bytes += event["encodedDataLength"]


class Window:
    """A browser profile with an empty cache and one page in it."""

    def __init__(self, browser: Browser, address: str, script: str = ""):
        self.address = address
        self.context: BrowserContext = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="de-DE"
        )
        self.context.add_init_script(RULER + script)
        self.page = self.context.new_page()
        self.page.set_default_timeout(60_000)
        self.wire = Wire(self.page)

    def open(self, settled: str = "true") -> None:
        """Go to the address and wait until the script rests and what is asked for is there."""
        self.page.goto(self.address, wait_until="commit")
        self.page.evaluate(f"painted(() => {settled} && {RESTS}, 0)")
        self.page.wait_for_timeout(500)

    def close(self) -> None:
        self.context.close()
