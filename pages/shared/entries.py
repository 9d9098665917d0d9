"""Ways in from the overview: what stands out, the questions of committees, the year's topic."""

import html

import streamlit as st

from indicators import texts
from indicators.answers import notable
from indicators.arrangements import FocusTopic, Question
from indicators.regions import Region
from indicators.release import Release
from pages.shared import blocks, cached, life_course

# Where the pages of a question are.
ADDRESSES = {
    "transitions": "uebergaenge",
    "migration": "zuwanderung",
    "demography": "demografie",
    "life_course": "lebensphasen",
    "karte": "karte",
    "daten": "daten",
}
_SORTS = {"change": "Größte Veränderungen", "gap": "Größte Unterschiede"}


def address_of(question: Question, region: str) -> str:
    """Where a question is answered for a region, relative to the start page."""
    return f"{ADDRESSES[question.page]}?{question.query}&region={region}"


def what_stands_out(release: Release, region: Region) -> None:
    """The largest changes and gaps, each with its counts and a caveat, leading to its figure."""
    blocks.text("Auffälligkeiten", "heading", "h2")
    found = cached.findings(release, region.id)
    for sort, name in _SORTS.items():
        items = [f for f in found if f.sort == sort]
        if items:
            blocks.text(name, "note")
            lines = "".join(_finding(f) for f in items)
            st.html(f'<ul class="bb-findings">{lines}</ul>')
    if not found:
        blocks.text(
            "Bei den vorliegenden Angaben gibt es keine Veränderung und keinen Unterschied, der "
            "über die Zufallsschwankung hinausgeht.",
            "note",
        )
    with st.popover("Wann gilt etwas als auffällig?"):
        blocks.text(notable.RULE, "note")


def _finding(found: notable.Finding) -> str:
    link = html.escape(f"karte?{found.query}")
    caveat = f'<p class="bb-note">{html.escape(found.caveat)}</p>' if found.caveat else ""
    return (
        f'<li><a href="{link}" target="_self">{html.escape(found.sentence)}</a>'
        f'<p class="bb-note">{html.escape(found.basis)}</p>{caveat}</li>'
    )


def questions(release: Release, region: Region) -> None:
    """The questions as links, by theme."""
    blocks.text("Häufige Fragen", "heading", "h2")
    themes = release.catalog.vocabulary.themes
    by_theme: dict[str, list[Question]] = {}
    for question in release.catalog.questions.values():
        by_theme.setdefault(question.theme, []).append(question)
    parts = []
    for theme, items in by_theme.items():
        links = "".join(
            f'<li><a href="{html.escape(address_of(q, region.id))}" target="_self">'
            f"{html.escape(q.text)}</a></li>"
            for q in items
        )
        parts.append(
            f"<section><h3>{html.escape(themes[theme].name)}</h3><ul>{links}</ul></section>"
        )
    st.html(f'<div class="bb-questions">{"".join(parts)}</div>')


def topics(release: Release, region: Region) -> list[FocusTopic]:
    """The topics of the region, the newest year first."""
    found = [t for t in release.catalog.focus_topics.values() if life_course.applies(t, region)]
    return sorted(found, key=lambda topic: -topic.year)


def focus_topic(release: Release, region: Region, topic: FocusTopic) -> None:
    """The topic of the year with the newest value of each of its indicators."""
    blocks.text(f"Schwerpunktthema {topic.year}: {topic.title}", "heading", "h2")
    blocks.text(topic.text, "note")
    lines = []
    for id in topic.indicators:
        figure = cached.figure(release, region.id, id)
        link = html.escape(f"karte?kind=trend&indicator={id}&region={region.id}")
        value = texts.shown(figure.indicator, figure.now) if figure.now else "noch keine Datei"
        when = f" ({figure.now.period.label})" if figure.now else ""
        lines.append(
            f'<li><a href="{link}" target="_self">{html.escape(figure.indicator.name)}</a>: '
            f"<strong>{html.escape(value)}</strong>{html.escape(when)}</li>"
        )
    st.html(f'<ul class="bb-findings">{"".join(lines)}</ul>')
