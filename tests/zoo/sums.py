"""Samples whose numbers add up, so that the checks of a build find nothing wrong with them."""

import random
from dataclasses import replace
from itertools import product

from tests.zoo.builders import Sample

# Regions of which the larger are the sums of the smaller, so that what slipped can be seen.
WHOLES = {
    "04": [("04011", "Bremen, kreisfreie Stadt"), ("04012", "Bremerhaven, kreisfreie Stadt")],
    "094": [
        *(("09461", "Bamberg"), ("09462", "Bayreuth"), ("09463", "Coburg"), ("09464", "Hof")),
        *(("09471", "Bamberg, Landkreis"), ("09472", "Bayreuth, Landkreis")),
        *(("09473", "Coburg, Landkreis"), ("09474", "Forchheim, Landkreis")),
        *(("09475", "Hof, Landkreis"), ("09476", "Kronach, Landkreis")),
        *(("09477", "Kulmbach, Landkreis"), ("09478", "Lichtenfels, Landkreis")),
        ("09479", "Wunsiedel i.Fichtelgebirge, Landkreis"),
    ],
    "10": [
        *(("10041", "Saarbrücken, Regionalverband"), ("10042", "Merzig-Wadern, Landkreis")),
        *(("10043", "Neunkirchen, Landkreis"), ("10044", "Saarlouis, Landkreis")),
        *(("10045", "Saarpfalz-Kreis"), ("10046", "St. Wendel, Landkreis")),
    ],
}
NEARBY = {"DG", "04", "040", "09", "094", "10", "100"}
NAMES = {"04": "  Bremen", "094": "    Oberfranken, Regierungsbezirk", "10": "  Saarland"}
REGIONS = [
    pair
    for whole, parts in WHOLES.items()
    for pair in [(whole, NAMES[whole]), *((key, f"      {name}") for key, name in parts)]
]


def counted(sample: Sample, chance: random.Random) -> Sample:
    """Numbers that add up over regions and dimensions: the first category of each dimension is its
    total. Of the last dimension only one part is listed, 0.55 of its total."""
    *divided, last = sample.dimensions
    shares = dict(zip(last, (1, 0.55), strict=True))
    leaves = list(product(*(dimension[1:] for dimension in divided)))
    base = {
        place: chance.randint(1200, 9000)
        for place in product(sample.times, dict(REGIONS), leaves, dict(sample.measures))
    }

    def count(time: str, key: str, labels: tuple[str, ...], measure: str) -> int:
        if key in WHOLES:
            return sum(count(time, part, labels, measure) for part, _ in WHOLES[key])
        *above, category = labels
        parts = product(
            *(d[1:] if d[0] == label else (label,) for d, label in zip(divided, above, strict=True))
        )
        return sum(round(base[time, key, part, measure] * shares[category]) for part in parts)

    cells = {}
    for time, key, labels in product(
        sample.times, dict(REGIONS), list(product(*sample.dimensions))
    ):
        for measure, unit in sample.measures:
            number = count(time, key, labels, measure)
            cells[time, key, labels, measure] = (
                f"{number % 1000 // 10},{number % 10}" if unit == "Prozent" else str(number)
            )
    return replace(sample, cells=cells)
