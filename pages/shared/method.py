"""The sections of Daten und Methodik, each drawn from the release itself."""

import html

import streamlit as st

from indicators import formats, queries
from indicators import release as releases
from indicators.answers.answer import Table
from indicators.folders import default
from indicators.release import Release
from pages.shared import blocks, controls

_LEVELS = {"info": "", "warning": "Hinweis", "error": "Fehler"}


def summary(release: Release) -> str:
    count = len(release.catalog.indicators)
    filled = sum(controls.has_values(release, i) for i in release.catalog.indicators.values())
    return (
        f"{formats.number(count)} Indikatoren, davon {formats.number(filled)} mit Angaben · "
        f"{formats.number(len(release.sources))} Dateien · Datenstand "
        f"{formats.day(release.published)}"
    )


def indicators(release: Release) -> None:
    theme = controls.theme(release)
    chosen = controls.indicator(release, theme)
    blocks.text(chosen.name, "headline", "h2")
    blocks.indicator_sheet(release, chosen.id)
    if chosen.caveats:
        blocks.text("Was beim Lesen zu beachten ist", "heading", "h3")
        items = "".join(f"<li>{html.escape(c)}</li>" for c in chosen.caveats)
        st.html(f'<ul class="bb-notes">{items}</ul>')
    if not controls.has_values(release, chosen):
        tables = [t for d in chosen.datasets for t in release.catalog.datasets[d].tables]
        wanted = formats.listing([t.code for t in tables if t.download][:4])
        blocks.text(
            f"Noch ohne Angaben. Diese Tabellen der Regionaldatenbank bringen sie: {wanted}.",
            "note",
        )


def availability(release: Release) -> None:
    """Per dataset and year: how many Kreise have numbers."""
    years: set[int] = set()
    lines = []
    for dataset in release.catalog.datasets.values():
        found = {r.start.year: r for r in queries.coverage(release, dataset.id).itertuples()}
        years |= set(found)
        lines.append((dataset, found))
    columns = sorted(years, reverse=True)[:20]
    rows = tuple(
        (
            dataset.name,
            *[formats.number(found[y].kreise or 1) if y in found else "–" for y in columns],
        )
        for dataset, found in lines
    )
    blocks.text("Zahl der Kreise mit Angaben je Datensatz und Jahr (Beginn)", "subtitle")
    blocks.table(
        Table(("Datensatz", *[str(y) for y in columns]), rows, (False, *[True] * len(columns))),
        alt="Verfügbarkeit: Zahl der Kreise mit Angaben je Datensatz und Jahr",
    )


def sources(release: Release) -> None:
    rows = tuple(
        (s.table_code, s.title, formats.day(s.stand), s.attribution, s.licence)
        for s in release.sources.values()
    )
    blocks.table(
        Table(("Tabelle", "Inhalt", "Stand", "Quellenangabe", "Lizenz"), rows, (False,) * 5),
        alt="Quellen des Datenstands",
    )
    blocks.text(
        "Karten: © GeoBasis-DE / BKG 2022 (Daten verändert), Datenlizenz Deutschland – "
        "Namensnennung – Version 2.0 (www.govdata.de/dl-de/by-2-0).",
        "note",
    )


def signs(release: Release) -> None:
    blocks.signs()


def report(release: Release) -> None:
    found = queries.report(release)
    rows = tuple((r.section, _LEVELS[r.level], r.text) for r in found.itertuples(index=False))
    blocks.table(
        Table(("Datei oder Datensatz", "Art", "Befund"), rows, (False,) * 3),
        alt="Prüfbericht des Datenstands",
    )


def all_releases(release: Release) -> None:
    rows = tuple(
        (
            r.id,
            f"{formats.day(r.published)} {r.published:%H:%M} Uhr",
            "in Kraft" if r.in_force else "",
        )
        for r in releases.listed(default())
    )
    blocks.table(
        Table(("Kennung", "Veröffentlicht", ""), rows, (False,) * 3),
        alt="Datenstände",
    )


DRAW = {
    "indicators": indicators,
    "availability": availability,
    "sources": sources,
    "signs": signs,
    "report": report,
    "releases": all_releases,
}
