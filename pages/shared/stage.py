"""The stage (`stage=1`): one slide for a meeting, without menu and controls, in large type."""

import html
from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from indicators import view as views
from indicators.answers import profile
from indicators.answers.answer import labelled
from indicators.errors import ViewError
from indicators.release.releases import Release
from indicators.view import View
from pages.shared import (
    address,
    agenda_stage,
    blocks,
    cached,
    controls,
    key_figures,
    regions,
    sharing,
    slides,
)

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
    "each": "Je Bild",
    "measure": "Wert",
    "scope": "Vergleich",
    "theme": "Thema",
    "face": "Ansicht",
}


def draw(page: StreamlitPage) -> None:
    """The slide of a page; a link to something that does not exist is explained on it."""
    release = cached.current()
    try:
        if st.query_params.get("stage") == agenda_stage.PRESENTER:
            agenda_stage.presenter()
        elif page.url_path in SLIDES:
            SLIDES[page.url_path](release)
        else:
            first_card(release, page)
    except ViewError as error:
        refused(release, error)


def first_card(release: Release, page: StreamlitPage) -> None:
    """The first card of a page, as its choices stand in the address, with the face it has there."""
    found = sharing.views_of(page.run)
    if not found:
        no_slide(release, page.title)
        return
    view, face = found[0]
    address.show("region", view.region)  # it stands in the menu, which there is none of here
    slide(release, view.with_(face=address.choice(face)), address.unmet())


def answer(release: Release) -> None:
    """The answer to the view in the address."""
    slide(release, controls.view_of_address(release))


def slide(release: Release, view: View, unmet: Sequence[str] = ()) -> None:
    """The answer to a view. `unmet` is what the address asked for and did not get."""
    near = cached.nearest(release, view)
    told = (*unmet, *(near.told if near else ()))
    found = cached.answer(release, near.view.with_(stage=view.stage) if near else view)
    unused = views.without_effect(view)
    foot = (f"im Link ohne Wirkung: {', '.join(unused)}",) if unused else ()
    slides.show(release, found, slides.Words(face=view.face, told=told, foot=foot))


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


SLIDES = {"": overview, "karte": answer, "sitzung": agenda_stage.draw}
