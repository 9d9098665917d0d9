"""The stage (`stage=1`): one slide for a meeting, without menu and controls, in large type."""

import html
from collections.abc import Iterable

import streamlit as st

from indicators import view as views
from indicators.answers import profile
from indicators.answers.answer import Answer, labelled
from indicators.errors import ViewError
from indicators.figures.drawing import wrapped
from indicators.figures.map import MapPicture
from indicators.release.releases import Release
from pages.shared import address, blocks, cached, controls, key_figures, regions

# The slide is laid out for 1280 x 720 and enlarged as a whole, by the sizes in assets/blocks.css:
# size of letters and height of a line of the texts, width for them and height for all.
HEADLINE, SUBTITLE, FOOT = (38, 43.7), (22, 27.5), (20, 25)
WIDTH, HEIGHT, GAPS = 1168, 692, 3 * 10 + 20
LEAST = 280  # below it no figure can be read
# What the address of the overview may hold; the slide shows the newest of all figures.
OF_OVERVIEW = ("region", "release", "stage", "focus", "period", "face_trend")
# The parts of an address as readers know them.
WORDS = {
    "kind": "Darstellung",
    "region": "Region",
    "indicator": "Indikator",
    "period": "Zeitraum",
    "since": "früherer Zeitraum",
    "with": "Indikator daneben",
    "by": "Aufteilung",
    "measure": "Wert",
    "scope": "Vergleich",
    "theme": "Thema",
    "face": "Ansicht",
}


def draw(page: str, title: str) -> None:
    """The slide of a page; a link to something that does not exist is explained on it."""
    release = cached.current()
    try:
        if page in SLIDES:
            SLIDES[page](release)
        else:
            no_slide(release, title)
    except ViewError as error:
        refused(release, error)


def answer(release: Release) -> None:
    """One answer: headline, figure or table, foot; nothing needs a pointer."""
    view = controls.view_of_address(release)
    face = st.query_params.get("face", "")
    if face not in ("", *blocks.FACES):
        raise ViewError("Diese Ansicht gibt es nicht.", name="face", value=face)
    near = cached.nearest(release, view)
    told = near.told if near else ()
    found = cached.answer(release, near.view.with_(stage=view.stage) if near else view)
    blocks.text(found.headline, "stage-headline", "h1")
    subtitle = " · ".join([found.subtitle, *told])
    blocks.text(subtitle, "stage-subtitle")
    # what must be read with the figure, such as a reform that made another Kreis of this one
    lines = [*(note.removesuffix(".") for note in found.beside), blocks.source_line(found)]
    if isinstance(found.figure, MapPicture) and face != "table":
        lines.append(found.figure.boundary_note)
    if unused := views.without_effect(view):
        lines.append(f"im Link ohne Wirkung: {', '.join(unused)}")
    foot = " · ".join(lines)
    if found.figure is None or face == "table":
        # stage.js shows as many rows at a time as there is room for
        st.html(
            f'<div class="bb-table bb-stage-table" role="region" '
            f'aria-label="{html.escape(found.alt)}">'
            f"{blocks.rows(found.table, _dates(found), blocks.own_names(release, view))}</div>"
            '<p class="bb-stage-pages" role="status"></p>'
        )
    else:
        texts = ((found.headline, HEADLINE), (subtitle, SUBTITLE), (foot, FOOT))
        room = _room(texts)
        st.html(f"<style>:root {{ --stage-figure: {room}px }}</style>")
        blocks.figure(found, key="stage_figure", size=(WIDTH, room), stage=True)
    blocks.text(foot, "stage-foot")


def _room(texts: Iterable[tuple[str, tuple[float, float]]]) -> int:
    """The height that these texts, each with its size and height of line, leave for a figure."""
    taken = sum(len(wrapped(text, WIDTH, size)) * line for text, (size, line) in texts)
    return max(int(HEIGHT - GAPS - taken), LEAST)


def _dates(found: Answer) -> tuple[int, ...]:
    """The columns that hold periods: they stay on one line."""
    return tuple(i for i, name in enumerate(found.table.columns) if name == "Zeitraum")


def overview(release: Release) -> None:
    """The region and its four key figures: the slide a meeting begins with."""
    for name, value in st.query_params.to_dict().items():
        if name not in OF_OVERVIEW:
            raise ViewError(f"{name} hat auf dieser Folie keine Wirkung.", name=name, value=value)
    region = regions.chosen(release)
    figures, introducing = cached.leading(release, region.id)
    blocks.text(region.name, "stage-headline", "h1")
    told = key_figures.introduction(introducing)
    blocks.text(labelled(told, region), "stage-subtitle")
    cells = "".join(
        f'<div class="bb-stage-figure"><h2>{html.escape(figure.indicator.name)}</h2>'
        f"{key_figures.content(figure)}</div>"
        for figure in figures
    )
    st.html(f'<div class="bb-stage-figures">{cells}</div>')
    line = profile.source_of(release, figures)
    day = f"in Bildungsblick seit {cached.moment(release.published)}"
    blocks.text(" · ".join(filter(None, [line, day])), "stage-foot")


def no_slide(release: Release, title: str) -> None:
    """A page for reading at a desk: leads to what a meeting can look at."""
    region = regions.chosen(release)
    blocks.text(f"„{title}“ ist keine Seite für die Leinwand", "stage-headline", "h1")
    blocks.text(
        "Mit der Taste Esc öffnen Sie die Seite mit Menü. Einzelne Karten, Diagramme und Tabellen "
        "öffnen Sie dort, wo sie stehen, mit „Teilen und herunterladen“ und „Vollbild für die "
        "Sitzung“.",
        "stage-subtitle",
    )
    _links("Sofort zeigen lassen sich:", region.id)
    blocks.text("Bildungsblick", "stage-foot")


def refused(release: Release, error: ViewError) -> None:
    """Why a link shows nothing, in the words of the controls, and what to do next."""
    # a wrong link, or a right one to what nobody has delivered yet
    heading = "Diese Ansicht gibt es nicht" if error.name else blocks.no_answer(error)
    blocks.text(heading, "stage-headline", "h1")
    reason = _reason(release, error)
    blocks.text(reason, "stage-subtitle")
    asked = st.query_params.get("region", "")
    region = asked if asked in release.regions else regions.default(release)
    step = "" if "Nächster Schritt" in reason else "Nächster Schritt: "
    blocks.text(
        f"{step}Mit der Taste Esc öffnen Sie die Seite mit allen Auswahlfeldern; dort "
        "können Sie neu wählen und die Ansicht unter „Teilen und herunterladen“ wieder als "
        "Vollbild öffnen.",
        "stage-subtitle",
    )
    _links("Oder zeigen Sie stattdessen:", region)
    blocks.text("Bildungsblick", "stage-foot")


def _reason(release: Release, error: ViewError) -> str:
    if not error.name:
        return address.short(str(error), 500)
    word = WORDS.get(error.name)
    if dimension := release.catalog.dimensions.get(error.name):
        word = dimension.name
    if not error.value:
        return f"Im Link fehlt die Angabe, um welchen {word} es geht."
    value = address.short(error.value)
    if word is None:
        return f"Der Link enthält die Angabe „{value}“, die es hier nicht gibt."
    return f"Der Link nennt als {word} „{value}“; das gibt es hier nicht."


def _links(heading: str, region: str) -> None:
    """Slides that exist for every region."""
    targets = {"Überblick": "./?", "Alle Indikatoren der Region als Tabelle": "karte?kind=profile&"}
    items = "".join(
        f'<li><a href="{html.escape(address)}region={region}&amp;stage=1" target="_self">{name}</a>'
        for name, address in targets.items()
    )
    st.html(f'<div class="bb-stage-links"><p>{heading}</p><ul>{items}</ul></div>')


SLIDES = {"": overview, "karte": answer}
