"""Ways in from the overview: what stands out, the questions of committees, the year's topic."""

import html

import streamlit as st

from indicators import formats, texts
from indicators.answers import notable
from indicators.answers.questions import Reply
from indicators.catalog.arrangements import FocusTopic, Question
from indicators.regions import Region
from indicators.release.releases import Release
from pages.shared import address, blocks, cached, life_course

# Where the pages of a question are.
ADDRESSES = {
    "transitions": "uebergaenge",
    "childcare": "kita",
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
    """The questions that the region can answer first, each with its answer; the others folded, with
    what would bring one.

    The answers of a region are made once per release. That takes seconds in which nothing else of
    the page should wait: at first the questions stand there alone, and this part runs once more.
    """
    waits = _is_first(release, region)
    st.fragment(_questions, run_every=_AT_ONCE if waits else None)(release, region)


def _is_first(release: Release, region: Region) -> bool:
    """Whether the answers are not there and the reader has not yet seen the questions alone."""
    seen = st.session_state.get(_SEEN) == f"{release.id}:{region.id}"
    return not (seen or cached.has_replies(release, region))


def _questions(release: Release, region: Region) -> None:
    waits = _is_first(release, region)
    st.session_state[_SEEN] = f"{release.id}:{region.id}"
    blocks.text("Häufige Fragen", "heading", "h2")
    if waits:
        blocks.text("Die Antworten werden gerade zusammengestellt …", "note")
        every = release.catalog.questions.values()
        links = "".join(f"<li>{_link(address_of(q, region.id), q.text)}</li>" for q in every)
        summary = f"Alle {formats.number(len(every))} Fragen"
        st.html(f'<div class="bb-questions">{_folded(summary, links)}</div>')
        return
    was_ready = cached.has_replies(release, region)
    found = cached.replies(release, region)
    if not was_ready:
        # what is there now is drawn for good, and the part runs no more by itself
        address.draw_again()
    answered = [reply for reply in found if reply.is_own]
    others = [reply for reply in found if not reply.is_own]
    parts = [f"<ul>{''.join(map(_answered, answered[:_SHOWN]))}</ul>"] if answered else []
    if more := answered[_SHOWN:]:
        words = formats.quantity(len(more), "weitere Antwort", "weitere Antworten")
        parts.append(_folded(words, "".join(map(_answered, more))))
    if others:
        words = formats.quantity(len(others), "Frage", "Fragen")
        words += f" ohne Antwort für {region.name}: was sie bringen würde"
        parts.append(_folded(words, "".join(map(_open, others))))
    st.html(f'<div class="bb-questions">{"".join(parts)}</div>')


_SEEN = "questions_seen"
_AT_ONCE = 0.1  # seconds
_SHOWN = 9  # answers before one has to unfold the others


def _link(target: str, words: str) -> str:
    return f'<a href="{html.escape(target)}" target="_self">{html.escape(words)}</a>'


def _folded(summary: str, items: str) -> str:
    return f"<details><summary>{html.escape(summary)}</summary><ul>{items}</ul></details>"


def _answered(reply: Reply) -> str:
    lines = filter(None, [reply.basis, *reply.told])
    told = "".join(f'<p class="bb-note">{html.escape(line)}</p>' for line in lines)
    target = f"{ADDRESSES[reply.page]}?{reply.query}"
    finding = f'<p class="bb-answer">{html.escape(reply.headline)}</p>'
    return f"<li>{_link(target, reply.question.text)}{finding}{told}</li>"


def _open(reply: Reply) -> str:
    """A question the region cannot answer: what would bring an answer, and the nearest region that
    has one."""
    wanted = f'<p class="bb-note">{html.escape(reply.wanted)}</p>'
    if not reply.headline:
        return f"<li>{html.escape(reply.question.text)}{wanted}</li>"
    near = _link(f"{ADDRESSES[reply.page]}?{reply.query}", reply.headline)
    return f'<li>{html.escape(reply.question.text)}<p class="bb-answer">{near}</p>{wanted}</li>'


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
