"""The order of the project: imports point down only, and each outer library has one home."""

import ast
from functools import cache
from pathlib import Path

import pytest

from indicators.folders import PROJECT

# A module may import from its own layer and from every layer below it.
LAYERS = [
    ["dashboard", "pages"],
    ["indicators.__main__"],
    ["indicators.commands"],
    ["indicators.answers", "indicators.exchange", "indicators.export"],
    ["indicators.release.values", "indicators.release.difference", "indicators.release.checklist"],
    [
        "indicators.release.queries",
        "indicators.release.two_sources",
        "indicators.release.territory",
        "indicators.release.publication",
        "indicators.release.keeping",
        "indicators.analysis",
        "indicators.figures",
        "indicators.search",
        "indicators.texts",
    ],
    ["indicators.saved"],
    ["indicators.agenda"],
    ["indicators.view"],
    ["indicators.release.protection_report"],
    ["indicators.release.releases"],
    ["indicators.catalog", "indicators.look", "indicators.regions", "indicators.periods"],
    [
        "indicators.catalog.definition",
        "indicators.folders",
        "indicators.formats",
        "indicators.jobs",
        "indicators.kinds",
        "indicators.numbered",
        "indicators.symbols",
        "indicators.toml",
        "indicators.writing",
        "indicators.wording",
        "indicators.errors",
    ],
]
# What makes a release stands beside these layers: it may import only this.
BESIDE = {
    "indicators.publishing": [
        "indicators.sources",
        "indicators.protection",
        "indicators.catalog",
        "indicators.regions",
        "indicators.periods",
        # a second look at the finished file, through the eyes of a reader
        "indicators.release.releases",
        "indicators.release.protection_report",
        "indicators.release.publication",
        "indicators.release.keeping",
        "indicators.release.queries",
        "indicators.release.two_sources",
        "indicators.release.values",
        *LAYERS[-1],
    ],
    # reads a town's files as receiving does, and receives them; pages reach it by a process
    "indicators.assistant": [
        "indicators.exchange",
        "indicators.saved.passwords",
        "indicators.publishing",
        "indicators.sources",
        "indicators.catalog",
        "indicators.regions",
        "indicators.periods",
        *LAYERS[-1],
    ],
    # receives packages as files are received, and packs what was delivered
    "indicators.exchange.taking": [
        "indicators.exchange",
        "indicators.publishing",
        "indicators.sources",
        "indicators.catalog",
        *LAYERS[-1],
    ],
    # looks at what lies there
    "indicators.exchange.calendar": [
        "indicators.sources.stock",
        "indicators.catalog",
        "indicators.saved",
        *LAYERS[-1],
    ],
    "indicators.exchange.unprotected": [
        "indicators.exchange",
        "indicators.publishing",
        *LAYERS[-1],
    ],
    # the auditor sees what is public: what a table means, and the rows of a release it is handed
    "indicators.protection.audit": [
        "indicators.catalog.catalog",
        "indicators.catalog.meaning",
        "indicators.regions",
        *LAYERS[-1],
    ],
    # proof must not lean on what it proves: no definitions, no files
    "indicators.protection": [
        "indicators.catalog.definition",
        "indicators.symbols",
        "indicators.regions",
        "indicators.errors",
        "indicators.formats",
    ],
    "indicators.sources": [
        "indicators.catalog",
        "indicators.regions",
        "indicators.periods",
        *LAYERS[-1],
    ],
}
# And only this may import it.
MAY_BUILD = [
    "indicators.__main__",
    "indicators.commands",
    "indicators.assistant",
    "indicators.publishing",
    "indicators.sources",
]
HOMES = {
    "streamlit": ["dashboard", "pages"],
    "duckdb": ["indicators.release.releases", "indicators.publishing"],
    "plotly": ["indicators.figures.screen"],
    "geopandas": ["indicators.publishing", "indicators.sources"],
    "shapely": ["indicators.publishing", "indicators.sources"],
    "xlsxwriter": ["indicators.export"],
    "pptx": ["indicators.export"],
    "docx": ["indicators.export"],
    "typst": ["indicators.export"],
    "resvg_py": ["indicators.export"],
    "lxml": ["indicators.export"],
    "PIL": ["indicators.figures.drawing"],
    "requests": ["indicators.sources"],
    "rapidfuzz": ["indicators.search"],
    "scipy": ["indicators.protection"],
    "highspy": ["indicators.protection"],
}


def name_of(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


FILES = [PROJECT / "dashboard.py", *sorted((PROJECT / "indicators").rglob("*.py"))]
FILES += sorted((PROJECT / "pages").rglob("*.py"))
MODULES = {name_of(path): path for path in FILES}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> list[str]:
    """Every module a file imports, also inside functions; `from a import b` counts as a.b too."""
    found = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def inside(name: str, homes: list[str]) -> bool:
    return any(name == home or name.startswith(home + ".") for home in homes)


def layer(name: str) -> int | None:
    """The lowest that names it: `catalog.definition` lies below the rest of `catalog`."""
    return max((i for i, homes in enumerate(LAYERS) if inside(name, homes)), default=None)


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down_only(name):
    own = [i for i in imports(MODULES[name]) if inside(i, ["indicators", "pages", "dashboard"])]
    beside = next((part for part in BESIDE if inside(name, [part])), None)
    for imported in own:
        if beside:
            assert inside(imported, [beside, *BESIDE[beside]]), imported
        elif inside(imported, list(BESIDE)):
            assert inside(name, MAY_BUILD), imported
        else:
            assert layer(imported) is None or layer(imported) >= layer(name), imported


@pytest.mark.parametrize("name", MODULES)
def test_outer_libraries_stay_where_they_belong(name):
    for imported in imports(MODULES[name]):
        home = HOMES.get(imported.split(".")[0])
        assert home is None or inside(name, home), imported


@pytest.mark.parametrize("name", MODULES)
def test_sentences_are_had_from_their_room_not_from_its_modules(name):
    """One way to call a sentence: `texts.statement`, wherever in the room it stands."""
    if not inside(name, ["indicators.texts"]):
        modules = [m for m in MODULES if m.startswith("indicators.texts.")]
        assert not [i for i in imports(MODULES[name]) if inside(i, modules)]


def test_every_module_has_a_place_in_the_order():
    placed = {n for n in MODULES if layer(n) is not None or inside(n, list(BESIDE))}
    assert set(MODULES) - placed <= {
        "indicators",
        "indicators.release",
        "pages",
        "pages.views",
        "pages.shared",
    }


VIEWS = sorted((PROJECT / "pages" / "views").glob("*.py"))


@pytest.mark.parametrize("path", VIEWS, ids=[path.stem for path in VIEWS])
def test_a_page_script_is_short_and_defines_nothing(path):
    text = path.read_text(encoding="utf-8")
    defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, defined)]
    code = [line for line in text.splitlines() if line.strip() and not line.startswith('"""')]
    assert len(code) <= 40, f"{len(code)} lines"


def test_no_page_lies_directly_in_pages():
    """Streamlit would take it for a page of its old kind, without the frame."""
    assert [p.name for p in (PROJECT / "pages").glob("*.py") if p.name != "__init__.py"] == []


def test_every_module_says_what_belongs_in_it():
    for name, path in MODULES.items():
        assert ast.get_docstring(parsed(path)), name
