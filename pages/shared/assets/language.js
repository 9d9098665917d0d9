// Streamlit's own words in German: it has no option for its language, so what it writes is
// translated as it appears. Never touched: what the pages say (markdown, tables, charts).
// tests/browser/test_language.py fails when an English word is left.
"use strict";
(() => {
  // Words Streamlit shows by themselves: translated where they are the whole text of something.
  const WORDS = {
    // frame
    "Sidebar": "Seitenleiste",
    "Collapse sidebar": "Seitenleiste einklappen",
    "Expand sidebar": "Seitenleiste ausklappen",
    "App pages": "Seiten",
    "View less": "Weniger anzeigen",
    "(opens in new tab)": "(öffnet ein neues Fenster)",
    "Main menu": "Hauptmenü",
    "Notifications": "Mitteilungen",
    "Navigate to home page": "Zur Startseite",
    "Skip to main content": "Zum Inhalt springen",
    "Link to heading": "Verweis auf diese Überschrift",
    "Help": "Hilfe",
    "Close": "Schließen",
    "Dismiss": "Schließen",
    "Cancel": "Abbrechen",
    "Print": "Drucken",
    "Settings": "Einstellungen",
    "Rerun": "Neu laden",
    "Stop": "Anhalten",
    "Running...": "Wird geladen …",
    "Stopping...": "Wird angehalten …",
    "Loading...": "Wird geladen …",
    "Loading": "Wird geladen",
    "Connecting": "Verbindung wird hergestellt",
    "Please wait...": "Bitte warten …",
    "Error": "Fehler",
    "Error:": "Fehler:",
    "Warning": "Hinweis",
    "Try again": "Erneut versuchen",
    "Retry": "Erneut versuchen",
    "view less": "weniger",
    "Scroll tabs left": "Reiter nach links",
    "Scroll tabs right": "Reiter nach rechts",
    // fields
    "Choose an option": "Bitte auswählen",
    "Choose options": "Bitte auswählen",
    "Choose or add an option": "Auswählen oder ergänzen",
    "Choose or add options": "Auswählen oder ergänzen",
    "Add an option": "Ergänzen",
    "No options to select": "Keine Auswahl möglich",
    "No options to select.": "Keine Auswahl möglich",
    "No options": "Keine Auswahl möglich",
    "No results": "Keine Treffer",
    "Select all": "Alle auswählen",
    "Selected values": "Ausgewählt",
    "Selectbox": "Auswahl",
    "Selectbox options": "Auswahlliste",
    "Multiselect": "Mehrfachauswahl",
    "Clear all": "Alle entfernen",
    "Clear value": "Eingabe löschen",
    "Clear entry": "Eingabe löschen",
    "Clear selection": "Auswahl aufheben",
    "Open": "Öffnen",
    "Menu": "Menü",
    "Invalid input.": "Ungültige Eingabe.",
    "Increment": "Erhöhen",
    "Decrement": "Verringern",
    "Show password": "Kennwort anzeigen",
    "Hide password": "Kennwort verbergen",
    "Press Enter to apply": "Mit der Eingabetaste übernehmen",
    "Press Enter to submit form": "Mit der Eingabetaste absenden",
    "Press Ctrl+Enter to apply": "Mit Strg+Eingabe übernehmen",
    "Press Ctrl+Enter to submit form": "Mit Strg+Eingabe absenden",
    "Press ⌘+Enter to apply": "Mit ⌘+Eingabe übernehmen",
    "Press ⌘+Enter to submit form": "Mit ⌘+Eingabe absenden",
    "Number is below the allowed range.": "Die Zahl ist zu klein.",
    "Number is above the allowed range.": "Die Zahl ist zu groß.",
    "Color picker": "Farbwahl",
    "Feedback rating": "Bewertung",
    // dates
    "Choose date": "Datum wählen",
    "Choose date range": "Zeitraum wählen",
    "Choose date and time": "Datum und Uhrzeit wählen",
    "Date range": "Zeitraum",
    "Quick select a date range": "Zeitraum schnell wählen",
    "Clear date": "Datum löschen",
    "Clear dates": "Zeitraum löschen",
    "Clear time": "Uhrzeit löschen",
    "Clear date and time": "Datum und Uhrzeit löschen",
    "Select...": "Bitte auswählen",
    "Time": "Uhrzeit",
    "Previous month": "Vorheriger Monat",
    "Next month": "Nächster Monat",
    "Past Week": "Letzte Woche",
    "Past Month": "Letzter Monat",
    "Past 3 Months": "Letzte 3 Monate",
    "Past 6 Months": "Letzte 6 Monate",
    "Past Year": "Letztes Jahr",
    "Past 2 Years": "Letzte 2 Jahre",
    // upload and download
    "Upload": "Hochladen",
    "Upload directories": "Ordner hochladen",
    "Add files": "Dateien hinzufügen",
    "Drag and drop a file here": "Datei hierher ziehen",
    "Drag and drop files here": "Dateien hierher ziehen",
    "Drag and drop directories here": "Ordner hierher ziehen",
    "Drag and drop file here": "Datei hierher ziehen",
    "file upload": "Datei hochladen",
    "Only one file is allowed.": "Es ist nur eine Datei möglich.",
    "Too many files": "Zu viele Dateien",
    "File size is too small.": "Die Datei ist zu klein.",
    "Upload failed": "Hochladen fehlgeschlagen",
    "Click to retry upload": "Erneut hochladen",
    "Download failed": "Herunterladen fehlgeschlagen",
    // tables and charts
    "Fullscreen": "Vollbild",
    "Close fullscreen": "Vollbild beenden",
    "Search": "Suchen",
    "Close Search": "Suche schließen",
    "Type to search": "Suchbegriff eingeben",
    "Previous Result": "Vorheriger Treffer",
    "Next Result": "Nächster Treffer",
    "Show/hide columns": "Spalten ein- und ausblenden",
    "Download as CSV": "Als CSV herunterladen",
    "Download as PNG": "Als Bild herunterladen",
    "Show data": "Werte anzeigen",
    "Show chart": "Diagramm anzeigen",
    "Copy Vega-Lite spec": "Diagrammbeschreibung kopieren",
    "Copy to clipboard": "In die Zwischenablage kopieren",
    "Copy": "Kopieren",
    "Copied": "Kopiert",
    "Add row": "Zeile hinzufügen",
    "Delete row(s)": "Zeilen löschen",
    "Vega visualization": "Diagramm",
    "progress": "Fortschritt",
    "Dataframe column menu": "Spaltenmenü",
    "Copy column name": "Spaltennamen kopieren",
    "Sort ascending": "Aufsteigend sortieren",
    "Sort descending": "Absteigend sortieren",
    "Autosize": "Breite anpassen",
    "Pin column": "Spalte fixieren",
    "Unpin column": "Spalte lösen",
    "Hide column": "Spalte ausblenden",
    "Statistics": "Statistik",
    "Automatic": "Automatisch",
    "Localized": "Landesüblich",
    "Plain": "Einfach",
    "Compact": "Kurz",
    "Percent": "Prozent",
    "Scientific": "Wissenschaftlich",
    "Accounting": "Buchhalterisch",
    "Duration": "Dauer",
    "Distance": "Abstand",
    "Calendar": "Kalender",
    "Range": "Spannweite",
    "Count": "Anzahl",
    "Values": "Werte",
    "Empty": "Leer",
    "Distinct": "Verschiedene",
    "Average": "Mittelwert",
    "Standard deviation": "Standardabweichung",
    "25th percentile": "Unteres Viertel",
    "75th percentile": "Oberes Viertel",
    "Sum": "Summe",
    "Minimum length": "Kürzeste Länge",
    "Maximum length": "Größte Länge",
    "Average length": "Mittlere Länge",
    "No data": "Keine Werte",
    "Based on sample": "Aus einer Stichprobe",
    "Top values frequency chart": "Diagramm der häufigsten Werte",
    "Distribution histogram": "Diagramm der Verteilung",
    "True/false distribution chart": "Diagramm der Ja-Nein-Verteilung",
    "Failed to load data": "Die Werte konnten nicht geladen werden",
    "Scrollable table": "Verschiebbare Tabelle",
    "Audio player": "Tonwiedergabe",
    "Video player": "Filmwiedergabe",
    "Pagination": "Seitenwahl",
    "Previous page": "Vorherige Seite",
    "Next page": "Nächste Seite",
    // failures
    "Connection error": "Keine Verbindung",
    "Connection timed out.": "Der Server antwortet nicht.",
    "Network issue": "Keine Verbindung",
    "Page not found": "Seite nicht gefunden",
    "Bad message format": "Unlesbare Antwort",
    "Script execution error": "Fehler bei der Ausführung",
    "Unknown error": "Unbekannter Fehler",
    "Unknown Error": "Unbekannter Fehler",
  };

  // Sentences and phrases with something of the page in them; too long to be meant by a page.
  const PHRASES = [
    [/^Help for (.+)$/, "Hilfe zu $1"],
    [/^Page (\d+)$/, "Seite $1"],
    [/^Remove (.+)$/, "$1 entfernen"],
    [/^Add: (.+)$/, "Ergänzen: $1"],
    [/^Create "(.+)"$/, "„$1“ ergänzen"],
    [/^Select (\d+) matches$/, "$1 Treffer auswählen"],
    [/^You can only select up to (\d+) options?\. Remove an option first\.$/,
      "Höchstens $1 möglich. Bitte erst etwas entfernen."],
    [/^View (\d+) more$/, "$1 weitere anzeigen"],
    [/^(\d+) more$/, "$1 weitere"],
    [/^(\d+) results?$/, "$1 Treffer"],
    [/^(\d+) of (\d+) results?$/, "$1 von $2 Treffern"],
    [/^[a-z0-9_]+ icon$/, "Symbol"],
    [/^(\d+) options? available\.$/, "$1 zur Auswahl."],
    [/^(\d+) out of (\d+) stars?$/, "$1 von $2 Sternen"],
    [/^Choose date, (.+)$/, "Datum wählen, $1"],
    [/^Choose date range, (.+)$/, "Zeitraum wählen, $1"],
    [/^Choose date and time, (.+)$/, "Datum und Uhrzeit wählen, $1"],
    [/^year, (.*)$/, "Jahr, $1"],
    [/^month, (.*)$/, "Monat, $1"],
    [/^day, (.*)$/, "Tag, $1"],
    [/^hour, (.*)$/, "Stunde, $1"],
    [/^minute, (.*)$/, "Minute, $1"],
    [/^(.+) start date$/, "$1: von"],
    [/^(.+) end date$/, "$1: bis"],
    [/^(.+) color picker$/, "$1: Farbwahl"],
    [/^(\d+)([KMG]B) per file(.*)$/, "höchstens $1 $2 je Datei$3"],
    [/^(.*?)(\d+)\.(\d)([KMG]B)$/, "$1$2,$3 $4"],
    [/^(.+) files are not allowed\.$/, "Dateien der Art $1 sind nicht möglich."],
    [/^File (?:is larger than|must be) (.+?)(?: or smaller)?\.?$/,
      "Die Datei ist größer als $1."],
    [/^(?:Error: )?Number is below the allowed range\. .* or equal to (.+)\.$/,
      "Bitte mindestens $1 eingeben."],
    [/^(?:Error: )?Number is above the allowed range\. .* or equal to (.+)\.$/,
      "Bitte höchstens $1 eingeben."],
    [/^(?:Error: )?Number is outside the allowed range\. .* between (.+) and (.+)\.$/,
      "Bitte eine Zahl von $1 bis $2 eingeben."],
    [/^Use arrow keys to navigate.*$/,
      "Mit den Pfeiltasten bewegen, mit der Eingabetaste wählen, mit Esc schließen."],
    [/^You have requested page \/(.*), but no corresponding file was found.*$/s,
      "Die Seite /$1 gibt es nicht. Angezeigt wird die Startseite."],
    [/^The page that you have requested does not seem to exist.*$/s,
      "Diese Seite gibt es nicht. Angezeigt wird die Startseite."],
    [/^(?:Is Streamlit still running\?|Streamlit server is not responding\.).*$/s,
      "Der Server von Bildungsblick antwortet nicht. Sobald er wieder erreichbar ist, geht es "
      + "hier von selbst weiter."],
    [/^Connection lost\. Please wait.*$/, "Die Verbindung ist unterbrochen. Bitte kurz warten."],
    [/^Connection failed with status (.*)$/s, "Die Verbindung ist gescheitert ($1)."],
    [/^Cannot (?:load Streamlit frontend code|connect to Streamlit).*$/s,
      "Bildungsblick wurde aktualisiert oder ist nicht erreichbar. Bitte laden Sie die Seite neu."],
    [/^Unexpected error\. Please try again\.$/, "Unerwarteter Fehler. Bitte erneut versuchen."],
    [/^This app has encountered an error\..*$/s,
      "Hier ist ein Fehler aufgetreten. Einzelheiten stehen im Protokoll des Servers."],
  ];

  const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt"];
  const WITH_ATTRIBUTE = ATTRIBUTES.map((name) => `[${name}]`).join();
  const OF_THE_PAGE =
    '[data-testid="stMarkdownContainer"], [data-testid="stHeading"], table, svg, pre, code';
  const words = new Map(Object.entries(WORDS));

  const phrase = (text) => {
    for (const [pattern, german] of PHRASES) {
      if (pattern.test(text)) return text.replace(pattern, german);
    }
    return null;
  };

  // A button of a table or a picture carries its name: "Search: Anteil je Schuljahr".
  const labelled = (text) => {
    const [, word, name] = text.match(/^([^:]+)(: .+)$/s) ?? [];
    return words.has(word) ? words.get(word) + name : null;
  };

  // The German for a text of Streamlit's, or null; `guarded` if the text may be the page's own.
  const german = (text, guarded) => {
    const core = text.trim();
    if (core.length < 2 || core.length > 400) return null;
    const found = guarded
      ? phrase(core)
      : (words.get(core) ?? phrase(core) ?? labelled(core));
    return found && found !== core ? text.replace(core, () => found) : null;
  };

  const isOfThePage = (element) =>
    element.closest(OF_THE_PAGE) && !element.closest('[data-testid="stFileUploader"]');

  const translateText = (node) => {
    const parent = node.parentElement;
    if (!parent) return;
    const found = german(node.nodeValue, isOfThePage(parent));
    if (found) node.nodeValue = found;
  };

  const translateAttributes = (element) => {
    for (const name of ATTRIBUTES) {
      const value = element.getAttribute(name);
      const found = value && german(value, false);
      if (found) element.setAttribute(name, found);
    }
  };

  const translateAll = (node) => {
    if (node.nodeType === Node.TEXT_NODE) translateText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    translateAttributes(node);
    node.querySelectorAll(WITH_ATTRIBUTE).forEach(translateAttributes);
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) translateText(texts.currentNode);
  };

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") translateAttributes(change.target);
      else if (change.type === "characterData") translateText(change.target);
      else change.addedNodes.forEach(translateAll);
    }
  }).observe(document.documentElement, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ATTRIBUTES,
  });
})();
