"""The Schutzbericht of a release: what is hidden in it, what the audit found, what that rests on.

A pure reading of the release, which holds counts only; what the audit says of single cells is a map
for attackers and goes only into the office's own copy (`cells`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from indicators import formats
from indicators.formats import number, quantity
from indicators.release.releases import Protection, Release

_COSTS = "Schutz kleiner Zahlen"
# Lines of an audit's text that speak of the whole dataset; all others name cells.
_SUMMARY = ("Geprüft", "Ergebnis", "–", "Verborgen")

OLD = (
    "Dieser Datenstand stammt aus der Zeit vor dem Schutz kleiner Zahlen: Eigene Zahlen stehen "
    "darin, wie sie geliefert wurden. Nächster Schritt: mit „python -m indicators build“ einen "
    "neuen Datenstand bauen."
)
NOTHING_OWN = (
    "Dieser Datenstand enthält nur Zahlen, die statistische Ämter veröffentlicht haben; zu "
    "verbergen ist nichts."
)

RULES = (
    "Geschützt werden Anzahlen von Personen, die Stadt oder Landkreis selbst liefern. Was ein "
    "statistisches Amt veröffentlicht hat, ist öffentlich und bleibt, wie es ist.",
    "Eine Anzahl unter der Mindestfallzahl wird verborgen. Damit niemand sie aus Summen "
    "zurückrechnet, werden weitere Werte verborgen. Alle stehen als „geschützt“ da: Welcher davon "
    "klein ist, sieht man nicht.",
    "Sind Nullen „verborgen“, kann hinter „geschützt“ auch niemand stehen; sind sie „gezeigt“, "
    "steht dahinter mindestens eine Person.",
    "Sind alle einer kleinen Gruppe in derselben Kategorie, wird das nicht gezeigt, außer alle "
    "wissen, dass es die anderen Kategorien dort nicht gibt. Anteile von weniger Personen als dem "
    "kleinsten Nenner werden nicht berechnet.",
    "Alle Aufteilungen, Gebiete, gemeinsamen Regionen und Summen eines Datensatzes werden zusammen "
    "betrachtet, auch mit dem, was frühere Datenstände gezeigt haben.",
    "Zu jedem verborgenen Wert gibt es eine andere Tabelle, die zu allem Gezeigten passt. Diese "
    "Gegenbeispiele werden aufbewahrt und nachgerechnet.",
    "Vor der Veröffentlichung rechnet ein zweites Programm nach, das nur sieht, was alle sehen. "
    "Findet es einen kleinen Wert, wird nicht veröffentlicht.",
)
ASSUMPTIONS = (
    "Wer rechnet, kennt alles hier Gezeigte, alle Datenstände, die Gebiete und diese Regeln.",
    "Die gelieferten Zahlen gehen auf: Teile ergeben die Summe.",
    "Personen, die allein in einer Zelle sind, wissen von sich, aber nicht von anderen.",
    "Datensätze, die dieselben Personen zählen, sind als solche bekannt und werden zusammen "
    "geschützt; was sonst in verschiedenen Datensätzen steht, wird nicht verknüpft.",
)
LIMITS = (
    "Wissen von außen: Wer andere Listen hat oder die Kinder kennt, kann mehr erfahren. Ebenso "
    "Personen, die ihr Wissen zusammenlegen.",
    "Fertige Verhältniswerte (Durchschnitte, gelieferte Quoten) werden gezeigt, wie sie kommen.",
    "Was eine Lieferung schon als geheim kennzeichnet, bleibt so sicher, wie sie es gemacht hat.",
    "Was ein früherer Datenstand gezeigt hat, lässt sich nicht zurücknehmen.",
)


@dataclass(frozen=True)
class Protected:
    """A dataset with own numbers: its rule, and what the audit found, `summary` in words.
    `counts_persons` is False where nothing of it can be protected (places, ready-made ratios)."""

    dataset: str
    name: str
    rule: Protection
    counts_persons: bool
    accepted: bool
    hidden: int
    exact: int
    narrow: int
    left: int
    insider: int
    summary: str

    @property
    def verdict(self) -> str:
        if not self.accepted:
            return "abgelehnt"
        return "ohne Einwände" if self.counts_persons else "keine Personenzahlen"


def datasets(release: Release) -> list[Protected]:
    """The datasets with own numbers, in the order of their names."""
    if not release.is_protected:
        return []
    audited = {row["dataset"]: row for row in _rows(release, "SELECT * FROM release.audit")}
    found = []
    for id, rule in release.protection.items():
        dataset, row = release.catalog.datasets[id], audited[id]
        found.append(
            Protected(
                dataset=id,
                name=dataset.name,
                rule=rule,
                counts_persons=any(m.persons and m.additive for m in dataset.measures),
                accepted=row["verdict"] == "ok",
                hidden=row["hidden"],
                exact=row["exact"],
                narrow=row["narrow"],
                left=row["open"] + row["rest"],
                insider=row["insider"],
                summary=without_cells(row["text"]),
            )
        )
    return sorted(found, key=lambda one: one.name)


def without_cells(text: str) -> str:
    """What an audit said of the whole: releases of older versions hold all of it."""
    return "\n".join(line for line in text.splitlines() if line.startswith(_SUMMARY))


def _rows(release: Release, sql: str) -> list[dict]:
    return release.frame(sql).to_dict("records")


def headline(release: Release) -> str:
    """What readers want to know first, in one sentence that is true of this release."""
    if not release.is_protected:
        return OLD
    found = datasets(release)
    if not found:
        return NOTHING_OWN
    hidden = number(sum(one.hidden for one in found))
    refused = sum(not one.accepted for one in found)
    if refused:
        return (
            f"Die Schutzprüfung hat Einwände gegen {quantity(refused, 'Datensatz', 'Datensätze')}: "
            "Dort lassen sich verborgene Werte berechnen oder zu eng eingrenzen."
        )
    known = sum(one.exact + one.narrow for one in found)
    if not known:
        return f"Keiner der {hidden} verborgenen Werte lässt sich berechnen oder eng eingrenzen."
    return (
        f"Von {hidden} verborgenen Werten {'lässt' if known == 1 else 'lassen'} sich "
        f"{number(known)} berechnen oder eng eingrenzen; kleine Werte, die hier verborgen wurden, "
        "sind nicht darunter."
    )


def reservations(release: Release) -> list[str]:
    """What the headline does not say and nobody should overlook."""
    found = datasets(release)
    exposed = sum(one.rule.exposed for one in found)
    left = sum(one.left for one in found)
    insider = sum(one.insider for one in found)
    told = []
    if exposed:
        told.append(
            "Nicht mehr zurückzunehmen: "
            + quantity(exposed, "kleiner Wert", "kleine Werte")
            + " aus früheren Datenständen."
        )
    if left:
        told.append(
            quantity(left, "kleiner Wert ist", "kleine Werte sind")
            + " offen gezeigt oder als Rest berechenbar, also nicht verborgen."
        )
    if insider:
        told.append(
            quantity(insider, "verborgenen Wert", "verborgene Werte")
            + " könnte berechnen, wer von einem anderen verborgenen Wert die genaue Zahl weiß."
        )
    return told


def costs(release: Release) -> list[str]:
    """What the build noted: divisions of which much is hidden, and which coarser one costs less."""
    rows = _rows(release, "SELECT section, text FROM release.report")
    return [row["text"] for row in rows if row["section"] == _COSTS and " × " in row["text"]]


def text(release: Release, cells: Mapping[str, str] | None = None) -> str:
    """The whole Schutzbericht; with `cells` (dataset → text) also what the audit says of single
    values, which is for the office alone."""
    lines = [
        "SCHUTZBERICHT",
        f"Datenstand {release.id}, veröffentlicht am {formats.day(release.published)}",
        "",
        headline(release),
        *reservations(release),
    ]
    for one in datasets(release):
        said = (cells or {}).get(one.dataset) or one.summary
        lines += ["", one.name, *_told(one), *(f"  {line}" for line in said.splitlines())]
    for title, content in (
        ("Was Aufteilungen kosten", costs(release)),
        ("Regeln", RULES),
        ("Annahmen", ASSUMPTIONS),
        ("Nicht zugesichert", LIMITS),
    ):
        if content:
            lines += ["", title, *(f"– {line}" for line in content)]
    return "\n".join(lines) + "\n"


def _told(one: Protected) -> list[str]:
    rule = one.rule
    if not one.counts_persons:
        return [f"  {number(rule.cells)} eigene Werte, keine Personenzahlen: nicht verborgen"]
    group = f"Gruppen unter {number(rule.group)}" if rule.group else "Gruppen nicht geschützt"
    return [
        f"  Mindestfallzahl {number(rule.minimum)}, Nullen {zeros(rule)}, {group}, kleinster "
        f"Nenner {number(rule.minimum_denominator)}, Mitwissende "
        f"{'berücksichtigt' if rule.insider else 'nicht berücksichtigt'}",
        f"  {number(rule.hidden)} von {number(rule.cells)} eigenen Werten verborgen",
    ]


def zeros(rule: Protection) -> str:
    return "verborgen" if rule.zeros == "hidden" else "gezeigt"
