"""The sections of Daten und Methodik, each drawn from the release itself."""

import html

import streamlit as st

from indicators import formats, texts
from indicators.answers import scope
from indicators.answers.answer import INVENTED, Table
from indicators.answers.wanted import wanted_tables
from indicators.regions import Region
from indicators.release import protection_report, queries, two_sources
from indicators.release.releases import Release, Source
from pages.shared import annotations, blocks, cached, controls, fetching, office, regions, revisions

_PROTECTION = (
    "Datensatz",
    "Mindest\u00adfallzahl",
    "Nullen",
    "Kleine Gruppen",
    "Kleinster Nenner",
    "Eigene Werte",
    "davon verborgen",
    "Prüfung",
    "Früher gezeigt",
)
_LEVELS = {"info": "", "warning": "Hinweis", "error": "Fehler"}


def summary(release: Release) -> str:
    """What there is, and how much of it for the region in sight: as much as its profile has."""
    region = regions.chosen(release)
    figures = cached.figures(release, region.id)
    known = [f for f in figures if f.now is not None and f.now.value is not None]
    return (
        f"{formats.number(len(figures))} Indikatoren, davon {formats.number(len(known))} mit "
        f"Angaben für {region.name} · {formats.number(len(_sources(release, region)))} Dateien · "
        f"in Bildungsblick veröffentlicht am {cached.moment(release.published)}"
    )


def indicators(release: Release) -> None:
    left, right = st.columns([1, 2])
    with left:
        theme = controls.theme(release)
    with right:
        region = regions.chosen(release)
        chosen = controls.indicator(release, region, theme)
    blocks.text(chosen.name, "headline", "h2")
    blocks.indicator_sheet(release, chosen.id)
    caveats = [*chosen.caveats, *(note.text for note in chosen.land_caveats)]
    if caveats:
        blocks.text("Was beim Lesen zu beachten ist", "heading", "h3")
        items = "".join(f"<li>{html.escape(c)}</li>" for c in caveats)
        st.html(f'<ul class="bb-notes">{items}</ul>')
    wanted = wanted_tables(release, chosen, region)
    if wanted:
        blocks.text(f"Noch ohne Angaben. Es fehlt {wanted}.", "note")


def availability(release: Release) -> None:
    """Per indicator and year: whether the chosen region has a value. Years ahead, which only
    projections have, stand behind those that were counted."""
    region = regions.chosen(release)
    found = cached.figures(release, region.id)
    this_year = release.published.year
    every = {moment.year for f in found for moment in f.series}
    years = sorted(every, key=lambda year: (year > this_year, abs(this_year - year)))
    rows = tuple(
        (f.indicator.name, *f.known_in(years)) for f in sorted(found, key=lambda f: -len(f.series))
    )
    blocks.text(f"Jahre mit Werten je Indikator (Beginn des Zeitraums), {region.name}", "subtitle")
    blocks.table(
        Table(("Indikator", *map(str, years)), rows, (False, *[True] * len(years))),
        alt=f"Verfügbarkeit: Jahre mit Werten je Indikator, {region.name}",
    )


def _sources(release: Release, region: Region) -> list[Source]:
    """The files real regions are told of, or those of the invented town for its own."""
    return [s for s in release.sources.values() if (INVENTED in s.publisher) == region.invented]


def sources(release: Release) -> None:
    rows = tuple(
        (
            s.table_code,
            s.title,
            s.stand_words.removeprefix("Stand "),
            s.attribution or s.publisher,
            s.licence,
        )
        for s in _sources(release, regions.chosen(release))
    )
    blocks.table(
        Table(("Tabelle", "Inhalt", "Stand", "Quellenangabe", "Lizenz"), rows, (False,) * 5),
        alt="Quellen des Datenstands",
        unbroken=(0, 2, 4),
    )
    _second_sources(release, regions.chosen(release))
    blocks.text(
        "Karten: © GeoBasis-DE / BKG 2022 (Daten verändert). dl-de/by-2-0 ist die Datenlizenz "
        "Deutschland – Namensnennung – Version 2.0 (www.govdata.de/dl-de/by-2-0).",
        "note",
    )


def _second_sources(release: Release, region: Region) -> None:
    """What two offices say of the same quantity, in the newest period that both know."""
    newest: dict[str, two_sources.Pair] = {}
    for pair in two_sources.pairs(release, region):
        newest.setdefault(pair.of.id, pair)
    if newest:
        blocks.text(f"Zwei Quellen für eine Größe, {region.name}", "subtitle", "h3")
        blocks.second_sources(list(newest.values()))


def signs(release: Release) -> None:
    blocks.signs()
    blocks.text(
        "„Geschützt“ sind kleine Zahlen eigener Tabellen und weitere, aus denen man sie berechnen "
        "könnte; auch null ist möglich. Mehr dazu im Abschnitt „Schutz“.",
        "note",
    )
    blocks.text(
        "In Liniendiagrammen stehen unter der Zeitachse ein Kästchen mit Punkt für „geschützt“ "
        "oder „nicht ausgewiesen“, ein Ring für „zu wenige Fälle“ und eine Raute für „nicht sicher "
        "genug“; jeder andere Grund lässt nur eine Lücke, die Tabelle nennt ihn. In Fluss- und "
        "anderen gezeichneten Diagrammen ist schraffiert, was keine Zahl hat.",
        "note",
    )
    blocks.text(
        "„Anderer Gebietsstand“: Verglichen werden die Kreise, von denen die Tabelle im gewählten "
        "Zeitraum spricht. Die Karte hat die Grenzen von "
        f"{formats.day(scope.drawn_on(release))}; eine Fläche, die damals aus anderen Kreisen "
        "bestand, bleibt ohne Farbe (gemauertes Muster) und nennt beim Zeigen deren Werte. Ein "
        "Kreis, der auf der Karte keine eigene Fläche hat, steht in Rangliste und Tabelle. Eine "
        "Linie ist unterbrochen, wo sich das Gebiet geändert hat; eine Veränderung zum Vorjahr "
        "wird darüber hinweg nicht berechnet. Hat das Amt frühere Werte auf das spätere Gebiet "
        "umgerechnet, läuft die Linie durch, und ein Hinweis unter der Abbildung sagt es.",
        "note",
    )
    blocks.text(
        "„Verändert seit“ zeigt in Karte und Rangfolge, was seit einem früheren Zeitraum aus den "
        "Werten geworden ist: Anteile in Prozentpunkten, Anzahlen und Euro in Prozent des früheren "
        f"Werts, ab {formats.number(texts.FEWEST_FOR_RELATIVE_CHANGE)} Fällen. Nicht "
        "angeboten werden Zeiträume, seit denen anders gezählt wird; Kreise mit damals anderem "
        "Gebiet bleiben ohne Angabe. Gerechnet wird mit den Werten, wie sie gerundet zu lesen "
        "sind.",
        "note",
    )
    blocks.text(
        "„Zwei Karten“ stellt zwei Zeiträume eines Indikators oder zwei Indikatoren nebeneinander, "
        "den zweiten zu seinem nächstliegenden Zeitraum. Stehen in der Legende zwei Anzahlen "
        "(12 | 34), gilt die erste für die linke, die zweite für die rechte Karte. Zwei Karten, "
        "die sich gleichen, sagen nicht, dass das eine das andere bewirkt.",
        "note",
    )


def protection(release: Release) -> None:
    """The Schutzbericht: first whether anything hidden can be worked out, then the rules."""
    blocks.text(protection_report.headline(release), "headline", "h2")
    found = protection_report.datasets(release)
    if not found:
        return
    for reservation in protection_report.reservations(release):
        blocks.text(reservation, "note")
    blocks.table(
        Table(_PROTECTION, tuple(map(_protected, found)), (False, *[True] * 6, False, True)),
        alt="Schutz je Datensatz mit eigenen Zahlen",
    )
    st.download_button(
        "Schutzbericht als Text",
        lambda: protection_report.text(release),  # made only when asked for
        f"schutzbericht-{release.id}.txt",
        mime="text/plain",
        on_click="ignore",
    )
    for title, lines in (
        ("Was Aufteilungen kosten", protection_report.costs(release)),
        ("Regeln", protection_report.RULES),
        ("Unter welchen Annahmen das gilt", protection_report.ASSUMPTIONS),
        ("Was nicht zugesichert wird", protection_report.LIMITS),
    ):
        if lines:
            blocks.text(title, "heading", "h3")
            items = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
            st.html(f'<ul class="bb-notes">{items}</ul>')


def _protected(one: protection_report.Protected) -> tuple[str, ...]:
    rule = one.rule
    if not one.counts_persons:
        return (one.name, *["–"] * 4, formats.number(rule.cells), "–", one.verdict, "–")
    share = formats.number(100 * rule.hidden / rule.cells if rule.cells else 0, 1)
    return (
        one.name,
        formats.number(rule.minimum),
        protection_report.zeros(rule),
        f"unter {rule.group}" if rule.group else "nein",
        formats.number(rule.minimum_denominator),
        formats.number(rule.cells),
        f"{formats.number(rule.hidden)} ({share} %)" if rule.hidden else "0",
        one.verdict,
        formats.number(rule.exposed),
    )


def report(release: Release) -> None:
    found = queries.report(release)
    rows = tuple((r.section, _LEVELS[r.level], r.text) for r in found.itertuples(index=False))
    blocks.table(
        Table(("Datei oder Datensatz", "Art", "Befund"), rows, (False,) * 3),
        alt="Prüfbericht des Datenstands",
    )


_UPDATING = """
**Wie neue Zahlen auf diese Seiten kommen.** Eingelesen wird von der Stelle, die Bildungsblick bei
Ihnen betreibt. Sie brauchen dafür nur die Datei; welche fehlt, steht unter „Indikatoren“ bei jedem
Indikator ohne Angaben.

**Aktuelle amtliche Tabellen** lädt diese Stelle auf einmal aus der Regionaldatenbank Deutschland,
auch auf einem anderen Rechner. Haben Sie eine Tabelle selbst geladen oder vom Statistischen Amt
erhalten, geben Sie sie weiter, wie sie ist: als CSV („datencsv“), Flachdatei („ffcsv“) oder im
Zip-Archiv. Öffnen und speichern Sie sie vorher nicht in Excel: Das verändert Schlüssel, Umlaute und
Zahlen.

**Eigene Tabellen.** Übertritte, Einschulungen, Plätze, Schuleingangsuntersuchung, Einwohner nach
Altersjahren: Was in der amtlichen Statistik fehlt, kommt aus Ihren Listen (CSV, Excel).

1. Geben Sie die Liste weiter, wie Sie sie führen. Titelzeilen, Zwischensummen, „k. A.“ und Jahre
   als Spalten sind kein Hindernis. Daten einzelner Kinder gehören nie hinein: nur Summen.
2. Beim ersten Mal klären Sie gemeinsam, was jede Spalte und jedes Wort bedeutet. Diese *Zuordnung*
   wird einmal aufgeschrieben; beim nächsten Mal genügt die neue Datei.
3. Jede Datei wird geprüft. Was nicht verstanden wird, wird als Ganzes abgelehnt; die Meldung nennt
   Datei, Zeile, Grund und nächsten Schritt.

Die erfundene Region „Beispielstadt + Beispielau“ zeigt, was damit möglich wird.

**Gemeinden und Stadtteile auf der Karte** brauchen ihre Grenzen als GeoJSON, etwa aus Ihrem
Geoinformationssystem.

**Wann man sie sieht.** Sobald ein neuer Datenstand veröffentlicht ist, zeigen ihn offene Seiten
beim nächsten Klick. Was geprüft wurde und welche Hinweise es gibt, steht unter „Prüfbericht“. Mit
Fehlern wird nichts veröffentlicht: Dann gilt der bisherige Datenstand weiter.

Für die Stelle, die Bildungsblick betreibt: Die Befehle stehen in der mitgelieferten README.
"""


def updating(release: Release) -> None:
    st.markdown(_UPDATING)


_TAKING_ALONG = """
**Eine Karte mitnehmen.** Unter jeder Karte steht „Teilen und herunterladen“:

- **Bild** für Mail, Internet und Vorlagen: „PNG“ wie auf der Seite, „PNG 16:9“ für eine Folie,
  „PNG A4“ in Druckauflösung für eine Textspalte, „SVG“ für Grafikprogramme.
- **PowerPoint**: eine Folie mit einem Diagramm, das Sie dort ändern können; Karten und
  Flussdiagramme bestehen aus einzelnen Formen. Quelle und Hinweise stehen in den Notizen.
- **Word**: Überschrift, Bild mit Beschriftung, Hinweise und Tabelle für Ihre Vorlage.
- **PDF**: barrierefrei, mit Tabelle, Hinweisen und Quelle.
- **Excel** und **CSV**: die Zahlen, in Excel auch als Diagramm.
- **Kopieren**: Bild, Tabelle oder Text in die Zwischenablage, dann dort mit Strg+V einfügen.

Jede Datei nennt Quelle, Stand und Datenstand. Was geschützt ist, steht auch in ihr nur als Zeichen,
nie als Zahl.

**Eine ganze Seite** gibt es unten als „Diese Seite als PDF“; gedruckt (Strg+P) steht sie ohne Menü
und mit ganzen Tabellen auf Papier.

**In der Sitzung** zeigt „Vollbild für die Sitzung“ eine Antwort in großer Schrift: → und ←
blättern, F füllt den Bildschirm, B macht ihn schwarz, ? nennt die Tasten, Esc führt zurück. Der
Der Link unter „Zahlen einfrieren“ zeigt auch in einem Jahr dieselben Zahlen.

**Im Diagramm** nennt jede Stelle unter dem Mauszeiger ihre Werte; mit der Tabulatortaste und den
Pfeiltasten geht das ohne Maus. Im Zeitverlauf von „Karte und Vergleich“ vergrößern Sie Jahre durch
Ziehen; ein Doppelklick zeigt wieder alle.

**Einzelverläufe** stellen kleine Diagramme auf derselben Achse nebeneinander: unter „Je Bild“
wählen Sie, ob jedes einen Ort, eine Gemeinde oder einen Stadtteil, eine Schulart oder ein
Geschlecht zeigt, unter „Aufteilung“ die Linien darin. So sehen Sie Ort und Geschlecht zugleich; die
Excel-Datei enthält alle Werte, je Bild, Ausprägung und Jahr eine Zeile.
"""


def taking_along(release: Release) -> None:
    st.markdown(_TAKING_ALONG)


KEYS_OF_MEETING = """
| Taste | auf der Seite „Sitzung“ |
|---|---|
| ↓ ↑ · Pos1 · Ende | in der Liste von Folie zu Folie; Tab führt auf ihre Schaltflächen und weiter |
| Eingabetaste | diese Folie bearbeiten |
| Alt und ↓ ↑ | die Folie verschieben |
| Entf | die Folie herausnehmen |

| Taste | auf der Leinwand |
|---|---|
| → ← | nächste und vorige Folie; Pos1 und Ende: erste und letzte |
| Zahl und Eingabetaste | zu dieser Folie |
| ↓ ↑ | weitere Seiten einer Folie, auf einer Karte die Jahre |
| A | Region, Darstellung, Zeitraum oder Aufteilung ändern; Esc führt aus den Feldern |
| Rücktaste | zurück zur vorbereiteten Folie |
| L | Lupe: nennt einen Wert groß, die Pfeiltasten zeigen auf den nächsten; L oder Esc beendet |
| Z | die Abbildung allein, für die letzte Reihe |
| F · B · ? · Esc | ganzer Bildschirm · schwarz · Tasten · zur Seite mit Menü |
"""
_MEETING = """
**Eine Mappe vorbereiten.** „In die Mappe“ steht auf jeder Karte: Die Ansicht kommt so, wie sie
gerade steht, mit ihrem Datenstand als Folie in die Sitzungsmappe. Auf der Seite „Sitzung“ werden
Folien geordnet (ziehen, Pfeile, oder Alt mit ↑ ↓), bekommen eine eigene Überschrift, eine
Bemerkung und Notizen; Kapitel und Folien mit Text lassen sich einfügen, und zwei Abbildungen
passen nebeneinander auf eine Folie.

**Aus einer Vorlage.** Bildungsbericht, Schuleingangsuntersuchung, thematische Analyse,
Datensammlung, Profil einer Gemeinde (zwei Seiten), Nachweis je Baustein, Jahresbericht,
Beschlussvorlage: Eine Vorlage macht für das Gebiet der Seitenleiste eine Mappe, die sich ändern
lässt wie jede andere. Was noch keine Werte hat, steht darin mit der Tabelle, die sie bringt.

**Nächstes Jahr.** „Auf den neuesten Datenstand bringen“ erneuert alle Folien; die Folie „Was sich
geändert hat“ nennt alte und neue Werte, neue Zeiträume und was nun geschützt ist. Was Sie
geschrieben haben, bleibt.

**Woher kommt eine Zahl?** Neben jeder Quelle steht ein Beleg. Am Ende der Seite „Sitzung“
eingegeben, führt er zur Ansicht, aus der die Zahl stammt.

**Aufheben.** Die Adresse der Seite ist zugleich der Link zur Mappe. „Als Datei“ gibt sie als
kleine Textdatei weiter, die sich hier wieder öffnen lässt. „Speichern“ gibt es am Rechner, auf dem
Bildungsblick läuft; hat inzwischen jemand anderes gespeichert, wird nichts überschrieben.

**Zeigen.** „Auf die Leinwand“ zeigt eine Folie nach der anderen, „Fenster für den Vortrag“ öffnet
ein zweites Fenster mit Notizen, nächster Folie und Uhr; beide gehen gemeinsam weiter.

{keys}

**Derselbe Stand am Tag der Sitzung.** Jede Folie zeigt den Datenstand, aus dem sie aufgenommen
wurde. Gibt es einen neueren, steht auf der Seite „Sitzung“, ob er Werte der Folie ändert, und eine
Schaltfläche bringt sie auf den neuen Stand.
"""


def meeting(release: Release) -> None:
    st.markdown(_MEETING.format(keys=KEYS_OF_MEETING))


_ACCESSIBILITY = """
**Was gilt.** Bildungsblick ist nach den Regeln der BITV 2.0 und der WCAG 2.2 (Stufe AA) gebaut.
Jede Seite wird bei jeder Änderung selbsttätig geprüft (axe-Regeln), dazu mit Tastatur, bei 400 %
Vergrößerung und am Telefon.

- **Jedes Diagramm hat einen Text**: Überschrift und Lesehilfe sagen den Befund, „Werte“ zeigt
  dieselben Zahlen als Tabelle, und ein Bildschirmleser liest eine Beschreibung vor.
- **Ohne Maus**: Alle Auswahlfelder, Karten und Diagramme lassen sich mit Tabulator, Pfeiltasten
  und Eingabetaste bedienen; die Taste / führt zur Suche.
- **Ohne Farbe**: Linien unterscheiden sich auch durch Strich und Zeichen, Karten haben für
  fehlende und geschützte Werte Muster.
- **PDF-Dateien** sind für Bildschirmleser ausgezeichnet (PDF/UA-1).

**Was noch nicht gilt.** Folien und Word-Dateien haben Alternativtexte, sind aber nicht mit einem
Prüfwerkzeug geprüft. Beim Vergrößern eines Zeitverlaufs in „Karte und Vergleich“ gibt es keine
Bedienung ohne Maus; die Zahlen stehen unter „Werte“. Die Bedienung wurde bisher nicht von Menschen
geprüft, die auf Hilfsmittel angewiesen sind.

**Etwas geht nicht?** Bitte sagen Sie es der Stelle, die Bildungsblick bei Ihnen betreibt: mit der
Adresse der Seite und dem, was Sie erreichen wollten.
"""


def accessibility(release: Release) -> None:
    st.markdown(_ACCESSIBILITY)


SECTIONS = {
    "indicators": "Indikatoren",
    "availability": "Verfügbarkeit",
    "sources": "Quellen",
    "signs": "Zeichenerklärung",
    "protection": "Schutz",
    "report": "Prüfbericht",
    "releases": "Datenstände",
    "fetch": "Daten holen",
    "updating": "Aktualisieren",
    "taking": "Mitnehmen",
    "meeting": "Sitzung",
    "annotations": "Ereignisse und Ziele",
    "office": "Konten und Sicherung",
    "accessibility": "Barrierefreiheit",
}
DRAW = {
    "indicators": indicators,
    "availability": availability,
    "sources": sources,
    "signs": signs,
    "protection": protection,
    "report": report,
    "releases": revisions.section,
    "fetch": fetching.section,
    "updating": updating,
    "taking": taking_along,
    "meeting": meeting,
    "annotations": annotations.section,
    "office": office.section,
    "accessibility": accessibility,
}
