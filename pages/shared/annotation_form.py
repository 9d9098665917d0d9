"""The form for an event or a target of the town: opened from a card or from the list of them."""

from dataclasses import dataclass
from datetime import date

import streamlit as st
from pydantic import ValidationError

from indicators import formats
from indicators.answers import annotating
from indicators.answers.answer import Answer
from indicators.catalog.definition import wrong_fields
from indicators.catalog.meaning import Indicator
from indicators.errors import BildungsblickError, DefinitionError
from indicators.folders import default
from indicators.regions import Region
from indicators.release.releases import Release
from indicators.saved import events, history
from indicators.saved.annotations import DIRECTIONS, KINDS, Event, Target, when_of
from indicators.saved.events import Saved, Sort
from pages.shared import cached, permission
from pages.shared.texts import text

KINDS_OVER_TIME = ("trend", "panels", "together", "table")
SORTS: dict[Sort, str] = {"event": "Ereignis oder Beschluss", "target": "Ziel"}
NOUNS: dict[Sort, str] = {"event": "Ereignis", "target": "Ziel"}
_ALL = "alle zusammen"
_OPENED = "annotation forms opened"  # a form that is opened anew begins with its own values
_WORDS = {
    "title": "Kurzer Titel",
    "when": "Wann",
    "year": "Zu erreichen bis",
    "value": "Wert",
    "decided": "Beschlossen am",
    "source": "Quelle",
    "regions": "Gilt für",
}


@dataclass(frozen=True)
class Start:
    """What the form begins with: a saved entry that is changed, or the view of a card."""

    sort: Sort
    region: str
    indicator: str
    saved: Saved | None = None


def may_write() -> bool:
    return permission.may(permission.Role.EDITOR)


def button(found: Answer, key: str) -> None:
    """On a card of lines over time, for who may save: an event or a target for what it shows."""
    if found.view.kind not in KINDS_OVER_TIME or found.indicator is None or not may_write():
        return
    if st.button(
        "Ereignis oder Ziel",
        key=f"{key}_annotate",
        help="Trägt ein, was in dieser Abbildung stehen soll: Beschluss, Ereignis oder Ziel.",
    ):
        open_form(Start("event", found.view.region, found.view.indicator))


def open_form(start: Start) -> None:
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    title = "Eintrag ändern" if start.saved else "Ereignis oder Ziel eintragen"
    st.dialog(title, width="large")(_form)(start, st.session_state[_OPENED])


def _form(start: Start, number: int) -> None:
    release, key = cached.in_force(), f"annotation_{number}"
    sort: Sort = start.sort
    if start.saved is None:
        sort = st.segmented_control(
            "Was eingetragen wird",
            list(SORTS),
            default=start.sort,
            required=True,
            format_func=SORTS.__getitem__,
            key=f"{key}_sort",
        )
    fields = (_event_fields if sort == "event" else _target_fields)(release, start, key)
    if st.button("Speichern", type="primary", key=f"{key}_save"):
        try:
            saved = _saved(release, sort, fields, start.saved)
        except BildungsblickError as error:
            st.html(f'<div class="bb-notice" role="alert"><p>{_escaped(str(error))}</p></div>')
            return
        st.toast(f"Gespeichert: {title_of(release, saved.entry)}")
        st.rerun()


def _escaped(told: str) -> str:
    return told.replace("&", "&amp;").replace("<", "&lt;")


def _saved(release: Release, sort: Sort, fields: dict, before: Saved | None) -> Saved:
    """Raises BildungsblickError where the reader may not, a field is wrong, or somebody else has
    changed it meanwhile."""
    who = permission.demand(permission.Role.EDITOR)
    entry = _entry(sort, fields)
    if found := annotating.faults(release, entry):
        raise DefinitionError(" ".join(found))
    if before is None:
        saved = events.save(default(), entry)
    else:
        saved = events.save(default(), entry, before.name, before.version)
    history.note(default(), who, f"{NOUNS[sort]} gespeichert", saved.name)
    return saved


def _entry(sort: Sort, fields: dict) -> Event | Target:
    model: type[Event] | type[Target] = Event if sort == "event" else Target
    try:
        return model(**fields)
    except ValidationError as error:
        told = "; ".join(wrong_fields(error, model))
        for name, words in _WORDS.items():
            told = told.replace(f"Feld {name}:", f"{words}:").replace(
                f"Feld : {name}:", f"{words}:"
            )
        raise DefinitionError(f"{told}. Nächster Schritt: dieses Feld ändern.") from error


# --- fields ---------------------------------------------------------------------------------------


def _event_fields(release: Release, start: Start, key: str) -> dict:
    old = start.saved.entry if start.saved and isinstance(start.saved.entry, Event) else None
    catalog = release.catalog
    left, right = st.columns(2)
    title = left.text_input(
        _WORDS["title"], old.title if old else "", max_chars=60, key=f"{key}_title"
    )
    when = right.text_input(
        _WORDS["when"],
        _when_shown(old) if old else "",
        placeholder="14.09.2021, 09/2021 oder Schuljahr 2021/22",
        key=f"{key}_when",
    )
    kind = left.selectbox(
        "Art", list(KINDS), list(KINDS).index(old.kind) if old else 0,
        format_func=KINDS.__getitem__, key=f"{key}_kind",
    )  # fmt: skip
    source = right.text_input(
        "Quelle",
        old.source if old else "",
        placeholder="Stadtratsbeschluss vom …, Vorlage Nr. …",
        key=f"{key}_source",
    )
    words = st.text_area("Text", old.text if old else "", height=80, key=f"{key}_text")
    near = _near(release, release.region(start.region), old.regions if old else ())
    where = st.multiselect(
        _WORDS["regions"], near, list(old.regions) if old else [start.region],
        format_func=lambda id: _region_name(release, id), key=f"{key}_regions",
        placeholder="Region wählen",
    )  # fmt: skip
    themes = left.multiselect(
        "Themen", list(catalog.vocabulary.themes), list(old.themes) if old else [],
        format_func=lambda id: catalog.vocabulary.themes[id].name, key=f"{key}_themes",
        placeholder="Thema wählen",
    )  # fmt: skip
    indicators = right.multiselect(
        "Indikatoren", list(catalog.indicators), list(old.indicators) if old else _first(start),
        format_func=lambda id: catalog.indicators[id].name, key=f"{key}_indicators",
        placeholder="Indikator wählen",
    )  # fmt: skip
    text("Ohne Thema und Indikator steht es in allen Zeitverläufen der Region.", "note")
    return {
        "title": title.strip(),
        "kind": kind,
        "when": when_of(when.removeprefix("Schuljahr ")),
        "text": words.strip(),
        "source": source.strip(),
        "regions": where,
        "themes": themes,
        "indicators": indicators,
    }


def _target_fields(release: Release, start: Start, key: str) -> dict:
    old = start.saved.entry if start.saved and isinstance(start.saved.entry, Target) else None
    catalog = release.catalog
    asked = old.indicator if old else start.indicator
    names = list(catalog.indicators)
    id = st.selectbox(
        "Indikator", names, names.index(asked) if asked in names else 0,
        format_func=lambda id: catalog.indicators[id].name, key=f"{key}_indicator",
    )  # fmt: skip
    indicator = catalog.indicators[id]
    left, right = st.columns(2)
    region = old.region if old else start.region
    near = _near(release, release.region(start.region), (region,))
    region = left.selectbox(
        "Region", near, near.index(region),
        format_func=lambda id: _region_name(release, id), key=f"{key}_region",
    )  # fmt: skip
    groups = _groups(release, indicator)
    group = right.selectbox("Gruppe", list(groups), _place(groups, old), key=f"{key}_group_{id}")
    direction = left.selectbox(
        "Richtung", list(DIRECTIONS), list(DIRECTIONS).index(old.direction) if old else 0,
        format_func=DIRECTIONS.__getitem__, key=f"{key}_direction",
    )  # fmt: skip
    unit = "" if indicator.unit == "Anzahl" else f" ({indicator.unit})"
    value = right.text_input(
        f"{_WORDS['value']}{unit}", _number_shown(old.value) if old else "", key=f"{key}_value"
    )
    rule = catalog.datasets[indicator.calculations[0].terms[0].dataset].period
    year = left.text_input(
        _WORDS["year"], old.year if old else "",
        placeholder=rule.of_year(date.today().year + 3).label, key=f"{key}_year",
    )  # fmt: skip
    decided = right.text_input(
        _WORDS["decided"], formats.day(old.decided) if old else "", placeholder="12.03.2024",
        key=f"{key}_decided",
    )  # fmt: skip
    source = st.text_input(
        "Quelle", old.source if old else "", placeholder="Stadtratsbeschluss, Vorlage Nr. …",
        key=f"{key}_target_source",
    )  # fmt: skip
    words = st.text_area("Text", old.text if old else "", height=80, key=f"{key}_target_text")
    return {
        "region": region,
        "indicator": id,
        "direction": direction,
        "value": _number(value),
        "year": year.strip(),
        "decided": when_of(decided),
        "source": source.strip(),
        "text": words.strip(),
        "group": groups[group],
    }


def _first(start: Start) -> list[str]:
    return [start.indicator] if start.indicator else []


def _near(release: Release, region: Region, more: tuple[str, ...]) -> list[str]:
    """The regions that can be chosen: the own one, what it is made of or part of, its places."""
    joint = [one.id for one in release.regions.values() if region.id in one.members]
    around = [*region.members, *joint]
    around += [member for id in joint for member in release.region(id).members]
    own = set(region.parts)
    places = [one.id for one in release.regions.values() if one.parent in own and not one.valid_to]
    return list(dict.fromkeys([region.id, *around, *more, *places]))


def _region_name(release: Release, id: str) -> str:
    return release.region(id).name if id in release.regions else id


def _groups(release: Release, indicator: Indicator) -> dict[str, dict[str, str]]:
    """By its name, what a target can be restricted to."""
    found: dict[str, dict[str, str]] = {_ALL: {}}
    for breakdown in indicator.breakdowns:
        dimension = release.catalog.dimensions[breakdown.dimension]
        for category in dimension.categories:
            found[f"{dimension.name}: {category.name}"] = {dimension.id: category.id}
    return found


def _place(groups: dict[str, dict[str, str]], old: Target | None) -> int:
    return list(groups.values()).index(old.group) if old and old.group in groups.values() else 0


def _number(typed: str) -> float | str:
    """A number as it is written in German; what is none stays as it is, to be refused."""
    plain = typed.strip().removesuffix("%").strip().replace("−", "-")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return typed


def _number_shown(value: float) -> str:
    return repr(int(value)) if value.is_integer() else repr(value).replace(".", ",")


def _when_shown(event: Event) -> str:
    """As it is typed again."""
    return event.moment.removeprefix("Schuljahr ")


def title_of(release: Release, entry: Event | Target) -> str:
    """What an entry is called in a list."""
    if isinstance(entry, Event):
        return entry.title
    known = release.catalog.indicators.get(entry.indicator)
    name = known.name if known else entry.indicator
    return f"Ziel {entry.year}: {name}"
