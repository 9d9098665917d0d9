"""What one release says otherwise than another, on a page: in a sentence, by indicator, value by
value, and as files.
"""

import json

import streamlit as st

from indicators import formats
from indicators.answers.answer import Table
from indicators.release.difference import KINDS, Difference
from pages.shared import blocks
from pages.shared.texts import text

SHOWN = 200  # values in the table; the files have them all
_KEPT_SECRET = (
    "Was geschützt ist, steht hier nicht, auch nicht mit dem, was dort früher stand. Werte, die "
    "sich erst hinter der letzten gezeigten Stelle unterscheiden, zählen nicht."
)


def show(found: Difference, key: str, regions: tuple[str, ...] = (), reason: str = "") -> None:
    """The difference, of these regions or of all, with the reason it was published for."""
    rows = found.of(regions)
    told = found.sentence()
    text(f"{told[:1].upper()}{told[1:]}", "heading", "h3")
    if reason:
        text(f"Grund: {reason}", "subtitle")
    if len(found.rows):
        kinds = [kind for kind in KINDS if found.count(kind)]
        summary = tuple(
            (found.indicator(id).name, *(formats.number(counts.get(k, 0)) for k in kinds))
            for id, counts in found.by_indicator()
        )
        columns = ("Indikator", *(KINDS[kind] for kind in kinds))
        blocks.table(
            Table(columns, summary, (False, *[True] * len(kinds))),
            alt="Unterschied je Indikator",
            height=260,
        )
    _values(found, rows, bool(regions))
    _behind(found)
    _files(found, key)


def _values(found: Difference, rows, some: bool) -> None:
    shown = rows.head(SHOWN)
    if not len(shown):
        if some and len(found.rows):
            text("Die gewählte Region betrifft das nicht.", "note")
        return
    told = tuple(found.words(row) for row in shown.to_dict("records"))
    columns = ("Indikator", "Gebiet", "Zeitraum", "Was", "Vorher", "Nachher")
    blocks.table(
        Table(columns, told, (False, False, False, False, True, True)),
        alt="Werte, die anders sind, die größte Änderung zuerst",
        height=380,
    )
    if len(rows) > len(shown):
        text(
            f"Die ersten {SHOWN} von {formats.number(len(rows))} Werten, die größte Änderung "
            "zuerst; alle stehen in den Dateien.",
            "note",
        )


def _behind(found: Difference) -> None:
    """What is otherwise and is no undivided value: counts in divisions, and definitions."""
    lines = [
        f"{one.name}: anders gegliedert"
        if one.divided_anew
        else f"{one.name}: {formats.number(one.changed)} Zeilen geändert, "
        f"{formats.number(one.added)} neu, {formats.number(one.vanished)} nicht mehr da"
        for one in found.cells
    ]
    lines += [f"Definition {one.kind}: {one.name}" for one in found.definitions]
    if lines:
        with st.expander("Auch in den Aufteilungen und Definitionen"):
            st.markdown("\n".join(f"- {line}" for line in lines))
    text(_KEPT_SECRET, "note")


def _files(found: Difference, key: str) -> None:
    name = f"unterschied_{found.before.id}_{found.after.id}"

    def workbook() -> bytes:
        from indicators.export.difference import to_xlsx

        return to_xlsx(found)

    def plain() -> bytes:
        return json.dumps(found.as_json(), ensure_ascii=False, indent=1).encode()

    with st.container(horizontal=True, gap="small"):
        for label, ending, made, mime in (
            (
                "Unterschied als Excel",
                "xlsx",
                workbook,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            ("Unterschied als JSON", "json", plain, "application/json"),
        ):
            st.download_button(
                label,
                made,
                f"{name}.{ending}",
                mime=mime,
                key=f"{key}_{ending}",
                on_click="ignore",
            )
