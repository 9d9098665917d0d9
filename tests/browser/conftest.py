"""One server and one Chromium for all browser tests; fresh ones where a test needs them."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, BrowserType, expect, sync_playwright

from tests.browser.helpers import Window, open_window, run_server

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


@pytest.fixture
def start_server(data_folder: Path, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Starts a server of its own for one test; stopped at the test's end."""
    with ExitStack() as running:

        def start(folder: Path = data_folder, **options) -> str:
            log = tmp_path / "server-log.txt"
            return running.enter_context(run_server(_free_port(), folder, log, **options))

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
def context_of_size(
    chromium: BrowserType, installed: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., BrowserContext]]:
    """German browser profiles, one per size, each in a folder: only there does Chromium keep the
    scripts that it has compiled, which spares a fifth of the processor time of all these tests."""
    with ExitStack() as running:

        @cache
        def context(width: int, height: int, bypass_csp: bool) -> BrowserContext:
            opened = chromium.launch_persistent_context(
                tmp_path_factory.mktemp("profile"),
                executable_path=installed,
                args=FLAGS,
                viewport={"width": width, "height": height},
                locale="de-DE",
                bypass_csp=bypass_csp,
                reduced_motion="reduce",
            )
            running.callback(opened.close)
            return opened

        yield context


@pytest.fixture
def new_window(
    context_of_size: Callable[..., BrowserContext], server: str
) -> Iterator[Callable[..., Window]]:
    """Opens windows of any size, at the shared server unless another is named."""
    windows: list[Window] = []

    def new(
        address: str = server, width: int = 1280, height: int = 720, bypass_csp: bool = False
    ) -> Window:
        windows.append(open_window(context_of_size(width, height, bypass_csp), address))
        return windows[-1]

    yield new
    for window in windows:
        window.page.close()


@pytest.fixture
def window(new_window: Callable[..., Window]) -> Window:
    """A laptop or an old projector: 1280 × 720."""
    return new_window()


@pytest.fixture
def large_window(new_window: Callable[..., Window]) -> Window:
    """An office screen: 1920 × 1080."""
    return new_window(width=1920, height=1080)
