"""Plotly's own words, numbers and dates in German: the `config` of every `st.plotly_chart`."""

_WORDS = {
    # hints
    "Double-click to zoom back out": "Doppelklick zeigt wieder alles",
    "Double-click on legend to isolate one trace": "Doppelklick zeigt nur diese Reihe",
    # labels beside a hovered point; "trace" names a series without a name
    "trace": "Reihe",
    "min:": "Minimum:",
    "q1:": "unteres Viertel:",
    "median:": "Median:",
    "q3:": "oberes Viertel:",
    "max:": "Maximum:",
    "mean:": "Mittelwert:",
    "mean ± σ:": "Mittelwert ± σ:",
    "lower fence:": "untere Grenze:",
    "upper fence:": "obere Grenze:",
    "kde:": "Dichte:",
    "source:": "von:",
    "target:": "nach:",
    "incoming flow count:": "Zugänge:",
    "outgoing flow count:": "Abgänge:",
    # tools, for a chart that shows them
    "Download plot": "Bild herunterladen",
    "Download plot as a PNG": "Als Bild herunterladen",
    "Zoom": "Vergrößern",
    "Zoom in": "Vergrößern",
    "Zoom out": "Verkleinern",
    "Pan": "Verschieben",
    "Reset": "Zurücksetzen",
    "Reset axes": "Achsen zurücksetzen",
    "Reset view": "Ansicht zurücksetzen",
    "Reset views": "Ansichten zurücksetzen",
    "Autoscale": "Alles zeigen",
    "Box Select": "Rechteckig auswählen",
    "Lasso Select": "Frei auswählen",
    "Compare data on hover": "Werte nebeneinander zeigen",
    "Show closest data on hover": "Nächsten Wert zeigen",
    "Toggle show closest data on hover": "Nächsten Wert zeigen",
    "Toggle Spike Lines": "Hilfslinien ein- und ausblenden",
    "Preparing image - this may take a few seconds": "Das Bild wird erstellt …",
    "Sorry, there was a problem downloading your image!": "Das Bild konnte nicht erstellt werden.",
}

_DAYS = ["Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"]
_MONTHS = [
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
]

CONFIG = {
    "locale": "de",
    "locales": {
        "de": {
            "dictionary": _WORDS,
            "format": {
                "decimal": ",",
                "thousands": ".",
                "days": _DAYS,
                "shortDays": [day[:2] for day in _DAYS],
                "months": _MONTHS,
                "shortMonths": [month[:3] for month in _MONTHS],
                "date": "%d.%m.%Y",
            },
        }
    },
    "displayModeBar": False,  # the card around the chart has the downloads
    "displaylogo": False,
    "showSendToCloud": False,  # no chart leaves for the maker's cloud
    "scrollZoom": False,  # the wheel scrolls the page
    "doubleClick": "reset",  # to the range drawn; Plotly's own would leave out what has no value
}
