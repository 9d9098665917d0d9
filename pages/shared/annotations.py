"""Events and targets of the town as a list: what there is, who may change it, what was before."""

from functools import partial

import streamlit as st

from indicators import formats, texts
from indicators.answers import annotating
from indicators.errors import BildungsblickError
from indicators.folders import default
from indicators.release.releases import Release
from indicators.saved import events, history
from indicators.saved.annotations import DIRECTIONS, Event, Target
from indicators.saved.events import Saved, Sort
from pages.shared import annotation_form, permission, regions
from pages.shared.annotation_form import NOUNS, Start, may_write, title_of
from pages.shared.texts import text

_ERROR = "annotation_error"

_HELP = """
**Ereignisse und Beschlüsse** stehen mit einer Nummer in jedem Zeitverlauf, den sie betreffen, und
mit ihrem Text darunter: auf der Seite, auf der Leinwand, in Bildern und in jeder Datei. Die Fahne
steht am ersten Wert, der danach gezählt wurde: ein Ereignis im Herbst 2021 bei Werten zum 31.12. an
2021, bei Werten zum 1. März an 2022. Was Bildungsblick von selbst kennt (Reformen, neue
Zählweisen), hat eine gestrichelte Linie ohne Nummer.

**Ziele** sind gepunktete Linien bis zu dem Jahr, in dem sie erreicht sein sollen. Ob ein Ziel
erreicht wird, sagt Bildungsblick nach einer festen Regel:

- **erreicht**: Der neueste Wert (nach dem Zieljahr: der Wert des Zieljahrs) erfüllt das Ziel.
- **nicht erreicht**: Der Wert des Zieljahrs liegt vor und erfüllt es nicht.
- **auf dem Weg** oder **nicht auf dem Weg**: Verglichen wird der neueste Wert mit dem geraden Weg
  vom letzten Wert vor dem Beschluss zum Ziel.
- **nicht beurteilbar**: weil kein Wert von vor dem Beschluss oder weniger als zwei von danach da
  sind; weil seither anders gezählt wird; weil ein Wert geschützt ist oder auf weniger als 20 Fällen
  beruht; weil ein einziger Fall mehr oder weniger (bei gerundeten Zahlen: die Rundung) das Urteil
  ändern würde.

Das ist eine Beschreibung, keine Vorhersage, und sie sagt nichts darüber, woran es liegt.
"""


def section(release: Release) -> None:
    """The list for the chosen region, the form, earlier versions; what is wrong with a file."""
    region = regions.chosen(release)
    found, damaged = events.listed(default())
    here = [one for one in found if _is_of(release, one, region.id)]
    if error := st.session_state.pop(_ERROR, ""):
        st.error(error)
    text(f"Ereignisse und Ziele, {region.name}", "headline", "h2")
    if may_write():
        first = next(iter(release.catalog.indicators))
        if st.button("Ereignis oder Ziel eintragen", type="primary", key="annotation_new"):
            annotation_form.open_form(Start("event", region.id, first))
    if not here:
        text(
            "Noch keine. Eintragen kann sie, wer angemeldet ist oder an dem Rechner sitzt, auf dem "
            "Bildungsblick läuft: hier oder unter jedem Zeitverlauf.",
            "note",
        )
    for one in here:
        _shown(release, one, region.id)
    for file in damaged:
        text(f"Nicht lesbar, daher nirgends gezeigt: {file.error}", "note")
    if may_write():
        _removed(release, region.id)
    with st.expander("Wie Ereignisse und Ziele zu lesen sind"):
        st.markdown(_HELP)


def _is_of(release: Release, one: Saved, region: str) -> bool:
    own = release.region(region)
    if isinstance(one.entry, Event):
        return annotating.concerns(one.entry, own, release.regions)
    return one.entry.region in (region, *own.parts)


def _shown(release: Release, one: Saved, region: str) -> None:
    """An entry with its text, and for who may the ways to change it."""
    entry, key = one.entry, f"annotation_{one.sort}_{one.name}"
    with st.container(border=True, key=f"card_{key}"):
        text(title_of(release, entry), "heading", "h3")
        for line in _lines(release, entry):
            text(line, "note")
        for fault in annotating.faults(release, entry):
            text(f"{fault} Bitte ändern: so steht es in keiner Abbildung.", "note")
        if one.ships or not may_write():
            return
        with st.container(horizontal=True, gap="small"):
            if st.button("Ändern", key=f"{key}_change"):
                indicator = entry.indicator if isinstance(entry, Target) else ""
                annotation_form.open_form(Start(one.sort, region, indicator, one))
            st.button("Löschen", key=f"{key}_remove", on_click=partial(_remove, one))
            _history(release, one.sort, one.name, one.version)


def _lines(release: Release, entry: Event | Target) -> list[str]:
    catalog = release.catalog
    if isinstance(entry, Event):
        names = [r.name for id in entry.regions if (r := release.regions.get(id))]
        themes = [t.name for id in entry.themes if (t := catalog.vocabulary.themes.get(id))]
        asked = [i.name for id in entry.indicators if (i := catalog.indicators.get(id))]
        of = formats.listing([*themes, *asked]) or "alle Zeitverläufe"
        return [texts.event_note(entry, 0).partition(", ")[2], f"{formats.listing(names)}: {of}"]
    indicator, name = catalog.indicators.get(entry.indicator), entry.region
    unit = formats.suffix(indicator.unit) if indicator else ""
    decimals = 0 if entry.value.is_integer() else len(repr(entry.value).partition(".")[2])
    value = formats.number(entry.value, decimals) + unit
    if entry.region in release.regions:
        name = release.region(entry.region).name
    aim = f"{DIRECTIONS[entry.direction]} {value} bis {entry.year}"
    group = f" ({', '.join(_group(release, entry))})" if entry.group else ""
    decided = f"Beschlossen am {formats.day(entry.decided)}. Quelle: {entry.source}"
    return [f"{name}{group}: {aim}", *filter(None, [entry.text]), decided]


def _group(release: Release, target: Target) -> list[str]:
    land = release.region(target.region).land if target.region in release.regions else ""
    dimensions = release.catalog.dimensions
    return [
        dimensions[d].category_name(c, land) if d in dimensions else c
        for d, c in target.group.items()
    ]


# --- earlier versions -----------------------------------------------------------------------------


def _history(release: Release, sort: Sort, name: str, version: str) -> None:
    """What an entry was before, each with a way back to it; `version` is what counts now."""
    kept = [one for one in events.history(default(), sort, name) if one.version != version]
    if not kept:
        return
    with st.popover("Frühere Fassungen"):
        for one in kept:
            try:
                entry = events.earlier(default(), sort, name, one.version)
            except BildungsblickError as error:
                text(str(error), "note")
                continue
            text(f"Bis {formats.minute(one.moment.astimezone())}", "heading", "h4")
            for line in [title_of(release, entry), *_lines(release, entry)]:
                text(line, "note")
            st.button(
                "Diese Fassung wiederherstellen",
                key=f"annotation_{sort}_{name}_{one.version}_{one.path.stem}",
                on_click=partial(_restore, sort, name, one.version, version),
            )


def _removed(release: Release, region: str) -> None:
    """What was taken away, as it was last."""
    found = []
    for sort in events.SORTS:
        for name in events.removed(default(), sort):
            kept = events.history(default(), sort, name)
            if not kept:
                continue
            try:
                entry = events.earlier(default(), sort, name, kept[0].version)
            except BildungsblickError:
                continue  # a damaged copy has no way back
            if _is_of(release, Saved(name, entry, kept[0].version), region):
                found.append((sort, name, kept[0], entry))
    if not found:
        return
    with st.expander(f"Gelöscht ({formats.number(len(found))})"):
        for sort, name, one, entry in found:
            day = formats.minute(one.moment.astimezone())
            text(f"{title_of(release, entry)}, gelöscht am {day}", "note")
            st.button(
                "Wiederherstellen",
                key=f"annotation_{sort}_{name}_back",
                on_click=partial(_restore, sort, name, one.version, ""),
            )


def _remove(one: Saved) -> None:
    try:
        who = permission.demand(permission.Role.EDITOR)
        events.remove(default(), one.sort, one.name)
        history.note(default(), who, f"{NOUNS[one.sort]} gelöscht", one.name)
    except BildungsblickError as error:
        st.session_state[_ERROR] = str(error)
        return
    st.toast("Gelöscht. Unter „Gelöscht“ lässt es sich wiederherstellen.")


def _restore(sort: Sort, name: str, version: str, based_on: str) -> None:
    """Saves an earlier version anew, of what counts now; both stay in the history."""
    try:
        who = permission.demand(permission.Role.EDITOR)
        events.save(default(), events.earlier(default(), sort, name, version), name, based_on)
        history.note(default(), who, f"{NOUNS[sort]} wiederhergestellt", name)
    except BildungsblickError as error:
        st.session_state[_ERROR] = str(error)
        return
    st.toast("Wiederhergestellt.")
