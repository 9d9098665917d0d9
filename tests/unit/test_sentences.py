"""What answers say of the release that ships: every number of every sentence is in its own row.

All views of the invented town and of two real regions are some thousands; a sample with a fixed
seed is read, all of them with BILDUNGSBLICK_ALL_SENTENCES=1 (some ten minutes).
"""

import os
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from indicators.errors import ViewError
from indicators.release.releases import Release
from tests.unit.sentences import faults

TOWN = "verbund:beispiel"
REGIONS = (TOWN, TOWN, "99101", "99102", "99101-01", "verbund:coburg", "verbund:hof", "09464")
SAMPLE = 170
ALWAYS = [
    *(f"kind={kind}&region={TOWN}" for kind in ("chain", "notable", "pyramid", "flows")),
    f"kind=pyramid&region={TOWN}&compare=99101",
    f"kind=starters&region={TOWN}",
    f"kind=together&indicator=seu_sprache_auffaellig&with=seu_motorik_auffaellig&region={TOWN}",
    f"kind=together&indicator=bildungswanderung_18_24&with=familienwanderung&region={TOWN}",
    f"kind=table&indicator=schuelerpendlersaldo&region={TOWN}",
    f"kind=trend&indicator=bevoelkerung_altersstruktur&by=age&region={TOWN}",
    f"kind=trend&indicator=massnahmen_bestand&by=baustein&region={TOWN}",
    f"kind=trend&indicator=seu_sprache_auffaellig&by=kita_years&region={TOWN}",
    f"kind=ranking&indicator=klassenfrequenz&scope=parts&school_type=grundschule&region={TOWN}",
    f"kind=starters&show=parts&region={TOWN}",
    f"kind=profile&theme=migration&region={TOWN}",
    "kind=profile&theme=uebergaenge&region=verbund:hof",
    f"kind=trend&indicator=uebertrittsquote_gymnasium&region={TOWN}&by=sex",
    f"kind=table&indicator=uebertrittsquote_schulart&region={TOWN}&by=destination_type",
    f"kind=trend&indicator=uebertrittsquote_schulart&region={TOWN}&by=sex",
    f"kind=trend&indicator=abschluesse_nach_schulart&region={TOWN}&sex=female",
    f"kind=flow&indicator=abschluesse_nach_schulart&region={TOWN}&sex=female",
    f"kind=trend&indicator=uebertrittsquote_gymnasium&region={TOWN}&period=2018/19",
    f"kind=trend&indicator=vorausberechnung_index&region={TOWN}&by=age_education",
    f"kind=trend&measure=count&indicator=uebertrittsquote_gymnasium&region={TOWN}&by=sex",
    f"kind=balance&indicator=kita_platzluecke&region={TOWN}",
    f"kind=map&indicator=kita_platzluecke&scope=parts&region={TOWN}",
    f"kind=panels&indicator=kita_platzluecke&each=parts&region={TOWN}",
    f"kind=panels&indicator=uebertrittsquote_schulart&each=destination_type&region={TOWN}",
    "kind=panels&indicator=abgaenger_ohne_abschluss_anteil&by=sex&region=verbund:coburg",
    "kind=panels&indicator=schueler_allgemeinbildend&by=sex&each=school_type&region=06431",
]


def every_view(release: Release, region: str) -> Iterator[str]:
    """The views of all indicators: kind × division × scope."""
    for id, indicator in release.catalog.indicators.items():
        for by in ("", *(b.dimension for b in indicator.breakdowns)):
            divided = f"&by={by}" if by else ""
            for kind in ("trend", "table", "panels"):
                yield f"kind={kind}&indicator={id}&region={region}{divided}"
        for kind in ("map", "ranking"):
            for scope in ("land", "parts"):
                yield f"kind={kind}&indicator={id}&region={region}&scope={scope}"
        if indicator.flow:
            yield f"kind=flow&indicator={id}&region={region}"
        if indicator.balance:
            yield f"kind=balance&indicator={id}&region={region}"


def asked(release: Release) -> list[str]:
    every = [query for region in REGIONS for query in every_view(release, region)]
    if os.environ.get("BILDUNGSBLICK_ALL_SENTENCES"):
        return [*ALWAYS, *dict.fromkeys(every)]
    return [*ALWAYS, *random.Random(20261129).sample(every, SAMPLE)]


def test_every_number_in_every_sentence_is_that_of_its_own_category_region_and_period(ask, release):
    told, read = [], 0
    for query in asked(release):
        try:
            answer = ask(query)
        except ViewError:  # nobody has its table, or it is not shown in this way
            continue
        read += 1
        told += faults(release, answer, lambda view: ask(view.to_query()))
    assert told == [], "\n".join(told)
    assert read > SAMPLE / 3


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        # the total after a sentence about girls
        (
            f"kind=trend&indicator=uebertrittsquote_gymnasium&region={TOWN}&by=sex",
            {"comparison": "Im Schuljahr 2016/17 waren es 34,5\u00a0%."},
        ),
        # two categories that have changed places
        (
            f"kind=trend&indicator=uebertrittsquote_gymnasium&region={TOWN}&by=sex",
            {"headline": "Übertrittsquote: männlich 37,1\u00a0%, weiblich 35,3\u00a0%"},
        ),
        # an empty word
        (
            f"kind=table&indicator=uebertrittsquote_schulart&region={TOWN}",
            {"headline": "In Beispielstadt gingen viele auf das Ziel , so viel wie im Vorjahr"},
        ),
        # the number of another place
        (
            f"kind=map&indicator=auslaenderanteil&scope=parts&region={TOWN}",
            {"headline": "Die Werte reichen von 99,9\u00a0% (Altstadt) bis 0,1\u00a0% (Nordstadt)"},
        ),
        (
            f"kind=balance&indicator=kita_platzluecke&region={TOWN}",
            {"headline": "Es fehlen 92 Plätze"},
        ),
        # the number of all as that of girls, places of one region for those of another
        (
            f"kind=trend&indicator=abgaenger_ohne_abschluss_anteil&region={TOWN}&by=sex",
            {"headline": "Es verließen 6,3\u00a0% die Schule ohne Abschluss: weiblich 6,3\u00a0%"},
        ),
        (
            f"kind=map&indicator=kita_ndf_anteil&scope=parts&region={TOWN}",
            {"headline": "In Beispielstadt sprachen 16,9\u00a0% nicht Deutsch (964 von 5.685)"},
        ),
        (
            f"kind=table&indicator=schuelerpendlersaldo&region={TOWN}",
            {"headline": "Beispielstadt −27,2\u00a0%, Landkreis Beispielau 48,6\u00a0%"},
        ),
        (
            f"kind=together&indicator=seu_sprache_auffaellig&with=seu_motorik_auffaellig"
            f"&region={TOWN}",
            {"headline": "Es hatten 14,6\u00a0% einen Befund; dort hatten 20,2\u00a0% einen"},
        ),
        (
            f"kind=balance&indicator=vorkurs_plaetze_deckung&region={TOWN}",
            {"headline": "Es fehlen 74 Plätze; zusammen 272 Plätze für 347 Kinder"},
        ),
        (f"kind=chain&region={TOWN}", {"headline": "Im Mittel dauert es 3,3 Tage"}),
        (f"kind=pyramid&region={TOWN}", {"reading_aid": "Im Alter von 6 Jahren 1.717 Personen."}),
        (
            f"kind=flow&indicator=uebertrittsquote_schulart&region={TOWN}",
            {
                "reading_aid": "So verteilen sich 1.294 Kinder im Schuljahr 2025/26: Gymnasium "
                "31,1\u00a0% und Realschule 29,3\u00a0%."
            },
        ),
    ],
)
def test_a_sentence_with_a_number_from_elsewhere_is_found(ask, release, query, changes):
    answer = ask(query)
    assert faults(release, answer, lambda view: ask(view.to_query())) == []
    wrong = replace(answer, **changes)
    assert faults(release, wrong, lambda view: ask(view.to_query()))
