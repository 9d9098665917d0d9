"""The search field on top of every page: hits by sort, and a question as a view with its chips.

The field runs by itself: typing draws the hits anew and nothing else of the page. Its keys are
those of search.js.
"""

import html
from collections.abc import Sequence
from urllib.parse import quote

import streamlit as st

from indicators import kinds
from indicators.answers import scope
from indicators.errors import ViewError
from indicators.release.releases import Release
from indicators.search.index import Hit, PageName
from indicators.search.question import Understood, understand
from indicators.view import View
from pages.shared import address, blocks, cached, entries, method, regions
from pages.shared.at_once import at_once

_SORTS = {
    "question": "Fragen",
    "indicator": "Indikatoren",
    "region": "Regionen",
    "page": "Seiten",
    "school_type": "Schularten",
}
_LONGEST = 200  # letters of a question
_PLACEHOLDER = "Suchen oder fragen: Wie viele Kinder wechseln in Hof aufs Gymnasium?"
_HELP = (
    "Gesucht wird in Indikatoren, Fragen, Regionen, Gemeinden, Seiten und Schularten; Umlaute, "
    "Bindestriche und kleine Tippfehler spielen keine Rolle. Eine Frage nennt, was, wo, wonach "
    "aufgeteilt und wann: „Schulabbrecher im Landkreis Coburg nach Geschlecht 2022/23“. Sie wird "
    "nach festen Regeln gelesen, ohne Künstliche Intelligenz; nichts verlässt diesen Server. "
    "Tasten: / springt ins Feld, ↓ und ↑ gehen durch die Treffer, Esc leert das Feld."
)


def field(pages: Sequence[tuple[str, str]], page: str) -> None:
    """The field and, below it, what it finds. `pages` are title and path of all pages, `page` the
    path of the one in sight."""
    names = tuple(PageName(title, path) for title, path in pages)
    names += tuple(PageName(t, "daten", f"section={id}") for id, t in method.SECTIONS.items())
    with st.container(key="search"):
        _search(names, page)


@st.fragment
@at_once()
def _search(names: tuple[PageName, ...], page: str) -> None:
    # a page of its own has a field of its own: the next page begins without hits
    typed = st.text_input(
        "Suche",
        key=f"search:{page}",
        type="search",
        live=True,
        placeholder=_PLACEHOLDER,
        label_visibility="collapsed",
    )
    text = (typed or "").strip()[:_LONGEST]
    if len(text) < 2:
        return
    release = cached.current()
    region = regions.chosen(release)
    index = cached.search_index(release, names)
    with st.container(key="search_hits"):
        asked = understand(index, text, region.id)
        found = index.hits(text, region.land)
        if asked is not None and _is_question(asked, found):
            _question(release, asked, text)
        _hits(found, page, region.id, text)


def _is_question(asked: Understood, found: dict[str, list[Hit]]) -> bool:
    """Whether more was said than the name of something that is found under it."""
    return bool(asked.named) or not ({"region", "page", "school_type"} & set(found))


# --- a question -----------------------------------------------------------------------------------


def _question(release: Release, asked: Understood, text: str) -> None:
    with st.container(key="search_question"):
        view = _chips(release, asked, text)
        way = kinds.ALL[view.kind].name
        try:
            found = cached.answer(release, view)
            headline, detail = found.headline, f"{way} ansehen: {found.subtitle}"
        except ViewError as error:
            headline, detail = blocks.no_answer(error), str(error)
        st.html(
            f'<ul class="bb-hits bb-hits-answer" aria-label="Antwort"><li>'
            f"{_link(_href('karte', view.to_query()), headline, detail)}</li></ul>"
        )
        if asked.ignored:
            words = ", ".join(f"„{address.short(word)}“" for word in asked.ignored)
            blocks.text(f"Nicht verstanden und ohne Wirkung: {words}.", "not-understood")
        for note in asked.notes:
            blocks.text(note, "note")


def _chips(release: Release, asked: Understood, text: str) -> View:
    """What was understood, part by part; each can be changed."""
    view, catalog = asked.view, release.catalog
    columns = st.columns([7, 5, 5, 3], gap="small")
    with columns[0]:
        options = dict.fromkeys([*asked.indicators, *catalog.indicators])
        chosen = _chip(
            "Indikator",
            list(options),
            lambda id: catalog.indicators[id].short_name,  # the answer below has the whole name
            view.indicator,
            text,
        )
    if chosen != view.indicator:
        view = _of_other(release, view, chosen)
    with columns[1]:
        all_ = [id for members in regions.region_groups(release).values() for id in members]
        options = dict.fromkeys([*asked.regions, *all_])
        name = {id: _region_name(release, id) for id in options}
        view = view.with_(region=_chip("Region", list(options), name.get, view.region, text))
    indicator = catalog.indicators[view.indicator]
    with columns[2]:
        view = _division(release, view, text)
    with columns[3]:
        periods = _periods(release, view)
        chosen = _chip(
            "Zeitraum",
            list(dict.fromkeys(["", view.period, *periods])),
            lambda label: label or ("neuester" if kinds.ALL[view.kind].by_place else "alle Jahre"),
            view.period,
            f"{text}:{indicator.id}",
        )
    if chosen != view.period:
        kind = "table" if chosen and view.kind == "trend" else view.kind
        view = view.with_(period=chosen, kind=kind)
    if view.kind == "map" and scope.offered(release, release.region(view.region))[0] == "parts":
        view = view.with_(scope="parts")
    return view.with_(release=address.choice("release"))


def _region_name(release: Release, id: str) -> str:
    return regions.picked_name(release.region(id))


def _chip(label: str, options: list[str], written, current: str, text: str) -> str:
    """One part of a question; what is chosen holds as long as the question is the same."""
    return st.selectbox(
        label,
        options,
        index=options.index(current),
        format_func=written,
        key=f"chip:{label}:{hash((text, current, tuple(options)))}",
    )


def _of_other(release: Release, view: View, indicator: str) -> View:
    """The view of another indicator, with what of the question fits it."""
    breakdowns = {b.dimension for b in release.catalog.indicators[indicator].breakdowns}
    kind = view.kind if view.kind in kinds.USUAL else "trend"
    return view.with_(
        indicator=indicator,
        kind="trend" if view.period else kind,
        period="",
        by=view.by if view.by in breakdowns else "",
        only=tuple(pair for pair in view.only if pair[0] in breakdowns),
    )


def _division(release: Release, view: View, text: str) -> View:
    """Divided by a dimension, or restricted to the group that the question names."""
    indicator = release.catalog.indicators[view.indicator]
    dimensions = release.catalog.dimensions
    land = release.region(view.region).land
    names = {"": "insgesamt"}
    if view.kind not in ("map", "ranking", "starters"):
        names |= {b.dimension: f"nach {dimensions[b.dimension].name}" for b in indicator.breakdowns}
    current = view.by
    for dimension, category in view.only:
        current = f"{dimension}={category}"
        names[current] = f"nur {dimensions[dimension].category_name(category, land)}"
    chosen = _chip("Aufteilung", list(names), names.get, current, f"{text}:{indicator.id}")
    if chosen == current:
        return view
    return view.with_(by=chosen, only=())


def _periods(release: Release, view: View) -> list[str]:
    try:
        return list(reversed(cached.answer(release, view.with_(period="")).periods))
    except ViewError:
        return []


# --- hits -----------------------------------------------------------------------------------------


def _hits(found: dict[str, list[Hit]], page: str, region: str, text: str) -> None:
    count = sum(map(len, found.values()))
    said = f"{count} Treffer" if count else f"Nichts gefunden zu „{html.escape(text)}“."
    parts = [f'<p class="bb-note bb-hits-count" role="status">{said}</p>']
    for sort, name in _SORTS.items():
        if hits := found.get(sort):
            links = "".join(f"<li>{_of_hit(hit, page, region)}</li>" for hit in hits)
            parts.append(
                f'<section aria-label="{name}"><p class="bb-hits-sort">{name}</p>'
                f"<ul>{links}</ul></section>"
            )
    parts.append(
        f"<details><summary>So wird gesucht</summary><p>{html.escape(_HELP)}</p></details>"
    )
    st.html(f'<div class="bb-hits bb-hits-sorts">{"".join(parts)}</div>')


def _of_hit(hit: Hit, page: str, region: str) -> str:
    if hit.sort == "region":
        return _link(_href(page, f"region={quote(hit.region, safe=':')}"), hit.title, hit.detail)
    path = entries.ADDRESSES.get(hit.page, hit.page)
    query = "&".join(filter(None, [hit.query, f"region={quote(region, safe=':')}"]))
    return _link(_href(path, query), hit.title, hit.detail)


def _href(path: str, query: str) -> str:
    """An address relative to any page, in the release in sight."""
    release = address.choice("release")
    kept = f"&release={quote(release)}" if release and "release=" not in query else ""
    return f"{path or './'}?{query}{kept}"


def _link(href: str, title: str, detail: str) -> str:
    small = f"<small>{html.escape(detail)}</small>" if detail else ""
    return f'<a href="{html.escape(href)}" target="_self">{html.escape(title)}{small}</a>'
