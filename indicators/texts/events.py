"""What a town did or decided, in the words that stand below a figure with its flag."""

from indicators.saved.annotations import KINDS, Event


def event_note(event: Event, number: int, places: str = "") -> str:
    """ "Ereignis 1, August 2021: Gesamtschule Nord eröffnet (Maßnahme). … Quelle: …". Without a
    number it has no flag, because it came after the last value; `places` says where, if it
    concerns only a part of what is shown."""
    of = ", ".join(filter(None, [KINDS[event.kind], places]))
    parts = [f"{_begin(event, number)}: {event.title.rstrip('.')} ({of})."]
    if event.text:
        parts.append(sentence(event.text))
    if event.source:
        parts.append(sentence(f"Quelle: {event.source}"))
    return " ".join(parts)


def event_short(event: Event, number: int) -> str:
    """The same in one line: "1: August 2021, Gesamtschule Nord eröffnet"."""
    begin = f"{number}: {event.moment}" if number else event.moment
    return f"{begin}, {event.title.rstrip('.')}"


def _begin(event: Event, number: int) -> str:
    if number:
        return f"Ereignis {number}, {event.moment}"
    return f"Nach dem letzten Wert, {event.moment}"


def sentence(text: str) -> str:
    """What somebody typed, on one line and with a full stop."""
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
