"""Tools of the tests of pages: a page opened at an address, without a browser, and its words."""

from functools import cache
from unittest.mock import MagicMock

from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from indicators.folders import PROJECT

# A test browser looks through all installed packages for components, which takes two thirds of
# what opening a page does, and translates each script anew; they are the same throughout.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
# It also looks every millisecond whether the script has ended, at all that was told of it so far,
# and makes a server's double for every run.
_translate, _scripts = ScriptCache.get_bytecode, ScriptCache()
ScriptCache.get_bytecode = lambda _, script: _translate(_scripts, script)
app_test.MagicMock = cache(MagicMock)


def _wait(runner: LocalScriptRunner, timeout: float) -> None:
    runner._script_thread.join(timeout)
    assert runner.script_stopped(), "the page was not drawn in time"


local_script_runner.require_widgets_deltas = _wait

VIEWS = PROJECT / "pages" / "views"
# In the menu of those who may publish alone; tests of their own open them.
OFFICE = ("pages/views/publishing.py", "pages/views/reading.py")
SCRIPTS = sorted(
    script
    for path in VIEWS.glob("*.py")
    if (script := path.relative_to(PROJECT).as_posix()) not in OFFICE
)
OVERVIEW = "pages/views/overview.py"  # where an address without a page leads
EXPLORER = "pages/views/explorer.py"
REGIONS = [
    "verbund:coburg",
    "verbund:hof",
    "verbund:kaufbeuren_ostallgaeu",
    "07111",
    "06431",
]


def opened(script: str = OVERVIEW, **address: str) -> AppTest:
    """The page of this script, opened with this address."""
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=300)
    if script == OVERVIEW:
        return visit(app, **address)
    # the test browser learns from the start page what pages there are
    return go(app.run(), script, **address)


def visit(app: AppTest, **address: str) -> AppTest:
    """The same page at another address, as after Back or Forward."""
    app.query_params.clear()
    app.query_params.update(address)
    return app.run()


def go(app: AppTest, script: str, **address: str) -> AppTest:
    """To another page; by the menu if no address is given, which asks for nothing."""
    return visit(app.switch_page(script), **address)


def words(app: AppTest) -> str:
    """Everything written on the page and in the sidebar, except inside pictures."""
    written = [*app.markdown, *app.caption, *app.header, *app.title, *app.subheader, *app.text]
    boxes = [*app.info, *app.warning, *app.error]
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([element.value for element in [*written, *boxes]] + html)


def told(app: AppTest) -> str:
    """The words of the page and of an error, which the server shows in a card of its own."""
    return words(app) + "\n".join(error.message for error in app.exception)


def picker(app: AppTest, label: str):
    (found,) = [box for box in app.selectbox if box.label == label]
    return found


def asked(app: AppTest, name: str) -> str | None:
    """What the address says."""
    found = app.query_params.get(name)
    return found[0] if isinstance(found, list) else found


def is_fine(app: AppTest) -> bool:
    return not app.exception and not app.error
