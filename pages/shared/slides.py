"""Slides: answers in large type for a wall. Nothing on them needs a pointer."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from indicators.answers.answer import Answer
from indicators.figures.drawing import wrapped
from indicators.figures.map import MapPicture
from indicators.release.releases import Release
from pages.shared import blocks, cached, drawing_component
from pages.shared.headlines import headline_of

# The slide is laid out for 1280 x 720 and enlarged as a whole, by the sizes in assets/blocks.css:
# size of letters and height of a line of the texts, width for them and height for all.
SUBTITLE, FOOT = (22, 27.5), (20, 25)
HEADLINES = (38, 34, 30)  # of one figure; the largest in which it has two lines
HALVES = (26, 24)  # of one of two
_HIGH = 1.15  # of the letters of a headline: a line
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
    headline, more, size = headline_of(words.headline or found.headline, WIDTH, HEADLINES)
    _size("headline", size)
    blocks.text(headline, "stage-headline", "h1")
    parts = [(headline, (size, _HIGH * size))]
    for remark in filter(None, (more, words.remark)):
        blocks.text(remark, "stage-remark")
        parts.append((remark, SUBTITLE))
    subtitle = " · ".join([found.subtitle, *words.told])
    blocks.text(subtitle, "stage-subtitle")
    foot = _foot([found], words)
    if found.figure is None or words.face == "table":
        _table(release, found)
    else:
        room = _room([*parts, (subtitle, SUBTITLE), (foot, FOOT)], words.below)
        _size("figure", room)
        blocks.figure(found, key="stage_figure", size=(WIDTH, room), stage=True)
    blocks.text(foot, "stage-foot")


def pair(found: Sequence[Answer], words: Words) -> None:
    """Two answers beside each other, each with its own headline; a finding that both share stands
    once below the headline of the slide."""
    parts = []
    width = (WIDTH - BETWEEN) // 2
    halves = [headline_of(one.headline, width, HALVES) for one in found]
    shared = halves[0][0] if words.headline and halves[0][0] == halves[1][0] else ""
    if words.headline:
        headline, more, size = headline_of(words.headline, WIDTH, HEADLINES)
        _size("headline", size)
        blocks.text(headline, "stage-headline", "h1")
        parts.append((headline, (size, _HIGH * size)))
        words = replace(words, remark=" ".join(filter(None, (more, words.remark))))
    for remark in filter(None, (shared, words.remark)):
        blocks.text(remark, "stage-remark")
        parts.append((remark, SUBTITLE))
    foot = _foot(found, words)
    smallest = min(size for *_, size in halves)
    _size("half", smallest)
    # half a slide has no room for more than the finding itself; the figure shows the rest
    heads = [
        (("" if shared else headline, (smallest, 1.2 * smallest)), (one.subtitle, FOOT))
        for (headline, *_), one in zip(halves, found, strict=True)
    ]
    tallest = max(heads, key=lambda head: _taken(head, width))
    room = _room([*parts, (foot, FOOT)]) - round(_taken(tallest, width)) - BETWEEN
    room = max(room, LEAST_OF_TWO)
    _size("figure", room)
    for column, one, head, place in zip(
        st.columns(2, gap="medium"), found, heads, "ab", strict=True
    ):
        (headline, _), (below, _) = head
        with column, st.container(key=f"stage_half_{place}"):
            if headline:
                blocks.text(headline, "stage-half", "h2" if words.headline else "h1")
            blocks.text(below, "stage-subtitle")
            _half(one, f"stage_figure_{place}", (width, room))
    blocks.text(foot, "stage-foot")


def _half(found: Answer, key: str, size: tuple[int, int]) -> None:
    """A map is drawn for half a slide: that of a whole one needs its width for lists."""
    if isinstance(found.figure, MapPicture):
        drawing_component.draw(found.figure, key=key, width=size[0], height=size[1], stage=True)
    else:
        blocks.figure(found, key=key, size=size, stage=True)


def _size(name: str, pixels: float) -> None:
    """A size of this slide, for assets/blocks.css."""
    st.html(f"<style>:root {{ --stage-{name}: {pixels}px }}</style>")


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
        # the map of half a slide says it below itself
        if isinstance(one.figure, MapPicture) and words.face != "table" and len(found) == 1:
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
    return sum(len(wrapped(text, width, size)) * line for text, (size, line) in texts if text)


def _dates(found: Answer) -> tuple[int, ...]:
    """The columns that hold periods: they stay on one line."""
    return tuple(i for i, name in enumerate(found.table.columns) if name == "Zeitraum")
