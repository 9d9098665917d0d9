"""One server and one Chromium for all browser tests; fresh ones where a test needs them."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, BrowserType, expect, sync_playwright

from tests.browser.helpers import Window, run_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The network ends at this machine: whatever needs another host fails, and its test with it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# A busy machine is slow, which says nothing about the page.
expect.set_options(timeout=20_000)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def server(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the server that all tests share."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with run_server(_free_port(), data_folder, log) as address:
        yield address


@pytest.fixture(scope="session")
def _ports() -> list[int]:
    """Of the servers of single tests, used again by the next: the browser keeps its compiled
    scripts by their address, and compiling them costs more than the server's start."""
    return []


@pytest.fixture
def start_server(
    data_folder: Path, tmp_path: Path, _ports: list[int]
) -> Iterator[Callable[..., str]]:
    """Starts a server of its own for one test; stopped at the test's end."""
    with ExitStack() as running:
        free = list(_ports)

        def start(folder: Path = data_folder, **options) -> str:
            log = tmp_path / "server-log.txt"
            if not free:
                free.append(_free_port())
                _ports.append(free[0])
            return running.enter_context(run_server(free.pop(0), folder, log, **options))

        yield start


@pytest.fixture
def fresh_server(start_server: Callable[..., str]) -> str:
    """A process that has not answered anybody yet."""
    return start_server()


@pytest.fixture(scope="session")
def installed() -> str:
    """The path of the browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser found, looked for {', '.join(BROWSERS)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def chromium(installed: str) -> Iterator[BrowserType]:
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def browser(
    chromium: BrowserType, installed: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """A German browser whose profile lies in a folder: only there does Chromium keep the scripts
    that it has compiled, which spares a fifth of the processor time of all these tests."""
    context = chromium.launch_persistent_context(
        tmp_path_factory.mktemp("profile"),
        executable_path=installed,
        args=FLAGS,
        locale="de-DE",
        reduced_motion="reduce",
    )
    yield context
    context.close()


@pytest.fixture(scope="session")
def _reader(browser: BrowserContext, server: str) -> Window:
    """The one tab of all tests, at the shared server. The first page of a new tab takes as long as
    two in one that was used before."""
    return Window(browser.pages[0], server)


@pytest.fixture
def reader(_reader: Window) -> Window:
    """A window for tests that only look, 1280 × 720 at first: one session that is led from address
    to address (`turn`), all of whose state is in the address."""
    _reader.requests.clear()
    _reader.console.clear()
    _reader.page.set_viewport_size({"width": 1280, "height": 720})
    return _reader


@pytest.fixture
def new_window(
    browser: BrowserContext, _reader: Window, server: str
) -> Iterator[Callable[..., Window]]:
    """Opens windows of any size, at the shared server unless another is named; what a page keeps
    for itself (its session, its address) ends with the test. The last one opened is in front; a
    page behind it is not drawn."""
    windows: list[Window] = []

    def new(address: str = server, width: int = 1280, height: int = 720) -> Window:
        if not windows and not _reader.is_left:
            _reader.leave()
        page = browser.new_page() if windows else _reader.page
        page.set_viewport_size({"width": width, "height": height})
        windows.append(Window(page, address))
        return windows[-1]

    yield new
    for number, window in enumerate(windows):
        if number:
            window.page.close()
        else:
            window.give_back(server)


@pytest.fixture
def window(new_window: Callable[..., Window]) -> Window:
    """A laptop or an old projector: 1280 × 720."""
    return new_window()


@pytest.fixture
def large_window(new_window: Callable[..., Window]) -> Window:
    """An office screen: 1920 × 1080."""
    return new_window(width=1920, height=1080)
