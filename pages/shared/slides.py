"""Slides: answers in large type for a wall. Nothing on them needs a pointer."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from indicators.answers.answer import Answer
from indicators.figures.drawing import wrapped
from indicators.figures.map import MapPicture
from indicators.release.releases import Release
from pages.shared import blocks, cached

# The slide is laid out for 1280 x 720 and enlarged as a whole, by the sizes in assets/blocks.css:
# size of letters and height of a line of the texts, width for them and height for all.
HEADLINE, SUBTITLE, FOOT = (38, 43.7), (22, 27.5), (20, 25)
HALF = (26, 31.2)  # the headline of one of two
WIDTH, HEIGHT, GAPS = 1168, 692, 3 * 10 + 20
BETWEEN = 32  # pixels between two figures
LEAST, LEAST_OF_TWO = 280, 220  # below it no figure can be read


@dataclass(frozen=True)
class Words:
    """What a slide tells beside its answer: a `headline` in place of the sentence, a `remark` below
    it, what is shown instead of what was asked for (`told`), more for the `foot`, and the number of
    the slide. `face` "table" shows the values instead of the figure, `below` are pixels that must
    stay free."""

    face: str = ""
    headline: str = ""
    remark: str = ""
    told: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    number: str = ""
    below: int = 0


def show(release: Release, found: Answer, words: Words) -> None:
    """One answer: headline, figure or table, foot."""
    headline = words.headline or found.headline
    blocks.text(headline, "stage-headline", "h1")
    parts = [(headline, HEADLINE)]
    if words.remark:
        blocks.text(words.remark, "stage-remark")
        parts.append((words.remark, SUBTITLE))
    subtitle = " · ".join([found.subtitle, *words.told])
    blocks.text(subtitle, "stage-subtitle")
    foot = _foot([found], words)
    if found.figure is None or words.face == "table":
        _table(release, found)
    else:
        room = _room([*parts, (subtitle, SUBTITLE), (foot, FOOT)], words.below)
        st.html(f"<style>:root {{ --stage-figure: {room}px }}</style>")
        blocks.figure(found, key="stage_figure", size=(WIDTH, room), stage=True)
    blocks.text(foot, "stage-foot")


def pair(found: Sequence[Answer], words: Words) -> None:
    """Two answers beside each other, each with its own headline."""
    parts = []
    if words.headline:
        blocks.text(words.headline, "stage-headline", "h1")
        parts.append((words.headline, HEADLINE))
    if words.remark:
        blocks.text(words.remark, "stage-remark")
        parts.append((words.remark, SUBTITLE))
    width = (WIDTH - BETWEEN) // 2
    foot = _foot(found, words)
    heads = [((one.headline, HALF), (one.subtitle, SUBTITLE)) for one in found]
    tallest = max(heads, key=lambda head: _taken(head, width))
    room = _room([*parts, (foot, FOOT)]) - round(_taken(tallest, width)) - BETWEEN
    room = max(room, LEAST_OF_TWO)
    st.html(f"<style>:root {{ --stage-figure: {room}px }}</style>")
    for column, one, place in zip(st.columns(2, gap="medium"), found, "ab", strict=True):
        with column, st.container(key=f"stage_half_{place}"):
            blocks.text(one.headline, "stage-half", "h2" if words.headline else "h1")
            blocks.text(one.subtitle, "stage-subtitle")
            blocks.figure(one, key=f"stage_figure_{place}", size=(width, room), stage=True)
    blocks.text(foot, "stage-foot")


def _foot(found: Sequence[Answer], words: Words) -> str:
    """What must be read with the figures, such as a reform that made another Kreis of this one,
    whose figures they are, and the number of the slide."""
    lines = [note.removesuffix(".") for one in found for note in one.beside_short]
    if len(found) == 1:
        lines.append(blocks.source_line(found[0]))
    else:  # where there is less room, the day of the release is told once
        lines += [one.source_short for one in found]
        lines.append(f"in Bildungsblick seit {cached.moment(found[0].published)}")
    for one in found:
        if isinstance(one.figure, MapPicture) and words.face != "table":
            lines.append(one.figure.boundary_note)
    return " · ".join(dict.fromkeys([*lines, *words.foot, *filter(None, [words.number])]))


def _table(release: Release, found: Answer) -> None:
    """stage.js shows as many rows at a time as there is room for."""
    own = blocks.own_names(release, found.view)
    st.html(
        f'<div class="bb-table bb-stage-table" role="region" '
        f'aria-label="{html.escape(found.alt)}">'
        f"{blocks.rows(found.table, _dates(found), own)}</div>"
        '<p class="bb-stage-pages" role="status"></p>'
    )


def _room(texts: Iterable[tuple[str, tuple[float, float]]], below: int = 0) -> int:
    """The height that these texts, each with its size and height of line, leave for a figure."""
    parts = list(texts)
    more = 10 * max(len(parts) - 3, 0)  # beside headline, subtitle and foot
    return max(int(HEIGHT - GAPS - more - _taken(parts, WIDTH)) - below, LEAST)


def _taken(texts: Iterable[tuple[str, tuple[float, float]]], width: float) -> float:
    return sum(len(wrapped(text, width, size)) * line for text, (size, line) in texts)


def _dates(found: Answer) -> tuple[int, ...]:
    """The columns that hold periods: they stay on one line."""
    return tuple(i for i, name in enumerate(found.table.columns) if name == "Zeitraum")
