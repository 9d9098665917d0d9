"""The 30 places of the town: names, keys, size in 2015 and what makes one unlike another."""

from dataclasses import dataclass

CITY, DISTRICT = "99101", "99102"


@dataclass(frozen=True)
class Place:
    """A Stadtteil or a Gemeinde.

    `size` is its population at the end of 2015, `growth` its yearly change in per cent without the
    arrivals of 2015/16 and 2022. `poor` is the share of children in families on basic benefits,
    `foreign` the share of inhabitants without German citizenship around 2013, `academic` moves the
    talent that schools see (in standard deviations), `young` raises the moves of 18- to
    29-year-olds and `families` those of parents with small children. `childcare` scales the Kita
    places. `ring` is the distance to the city's edge on the map: 0 beside it, 1 far out.
    """

    id: str
    name: str
    designation: str
    size: int
    growth: float
    poor: float
    foreign: float
    academic: float
    young: float = 1.0
    families: float = 1.0
    childcare: float = 1.0
    ring: float = 0.0
    where: str = ""

    @property
    def kreis(self) -> str:
        return self.id[:5]

    @property
    def level(self) -> str:
        return "stadtteil" if "-" in self.id else "gemeinde"


def _stadtteile() -> list[Place]:
    rows = [
        # name, size, growth, poor, foreign, academic, young, families, childcare, in a sentence
        ("Altstadt", 5_200, 0.1, 0.13, 0.15, 0.15, 1.7, 0.7, 1.05, "in der Altstadt"),
        ("Bahnhofsviertel", 6_100, 0.4, 0.33, 0.30, -0.40, 1.5, 0.8, 0.86, "im Bahnhofsviertel"),
        ("Nordstadt", 8_300, 0.2, 0.27, 0.22, -0.28, 1.0, 0.9, 0.90, "in der Nordstadt"),
        ("Weststadt", 7_200, 0.0, 0.06, 0.07, 0.50, 0.8, 1.1, 1.06, "in der Weststadt"),
        ("Südstadt", 6_500, 0.2, 0.13, 0.11, 0.15, 1.1, 1.0, 1.00, "in der Südstadt"),
        ("Neuwiesen", 2_400, 0.3, 0.07, 0.08, 0.30, 0.7, 1.6, 1.00, "in Neuwiesen"),
        ("Lerchenberg", 4_000, -0.2, 0.03, 0.04, 0.60, 0.5, 1.2, 1.04, "am Lerchenberg"),
        ("Ziegelei", 4_500, -0.1, 0.20, 0.14, -0.15, 0.9, 0.9, 0.95, "in der Ziegelei"),
    ]
    return [
        Place(f"99101-{i:02d}", n, "Stadtteil", s, g, p, f, a, y, fam, care, where=where)
        for i, (n, s, g, p, f, a, y, fam, care, where) in enumerate(rows, start=1)
    ]


def _gemeinden() -> list[Place]:
    # name, designation, size, growth, poor, foreign, academic, families, childcare, ring
    rows = [
        ("Altenwaldau", "Gemeinde", 1_300, -0.9, 0.05, 0.02, -0.15, 0.7, 1.02, 0.95),
        ("Bergerlau", "Gemeinde", 2_200, 0.1, 0.04, 0.03, 0.05, 1.0, 1.00, 0.55),
        ("Birkenried", "Markt", 9_000, 0.3, 0.09, 0.10, 0.10, 1.1, 1.00, 0.60),
        ("Buchfelden", "Gemeinde", 3_400, 0.4, 0.04, 0.04, 0.20, 1.2, 0.98, 0.20),
        ("Erlengrund", "Stadt", 8_200, 0.2, 0.10, 0.12, -0.10, 1.0, 0.96, 0.50),
        ("Eschenwang", "Gemeinde", 1_500, -0.5, 0.04, 0.03, -0.05, 0.9, 1.03, 0.70),
        ("Fuchsbronn", "Gemeinde", 2_800, 0.0, 0.05, 0.05, 0.00, 1.0, 1.00, 0.40),
        ("Grünleiten", "Gemeinde", 5_000, 0.6, 0.03, 0.04, 0.40, 1.4, 0.97, 0.02),
        ("Haselwang", "Gemeinde", 900, -1.0, 0.05, 0.02, -0.15, 0.6, 1.05, 0.98),
        ("Hirschlohe", "Gemeinde", 2_500, -0.2, 0.05, 0.04, -0.05, 0.9, 1.00, 0.65),
        ("Kaltenmoos", "Gemeinde", 1_800, -0.7, 0.06, 0.03, -0.20, 0.8, 1.02, 0.85),
        ("Lindharting", "Gemeinde", 6_200, 0.5, 0.05, 0.06, 0.25, 1.3, 0.98, 0.05),
        ("Moosfelden", "Markt", 5_600, 0.0, 0.08, 0.09, -0.10, 1.0, 0.97, 0.70),
        ("Nesselbrunn", "Gemeinde", 2_000, 0.2, 0.04, 0.03, 0.05, 1.1, 1.00, 0.30),
        ("Obermühlau", "Gemeinde", 4_100, 0.2, 0.05, 0.05, 0.05, 1.0, 1.00, 0.35),
        ("Ottersbrück", "Stadt", 7_600, -0.1, 0.12, 0.14, -0.20, 0.9, 0.94, 0.75),
        ("Rabenzell", "Gemeinde", 1_100, -0.8, 0.05, 0.02, -0.10, 0.7, 1.04, 0.92),
        ("Sankt Ulrich am Moor", "Gemeinde", 700, -1.1, 0.06, 0.02, -0.10, 0.6, 1.06, 1.00),
        ("Schwarzenquell", "Markt", 6_800, -0.1, 0.09, 0.09, -0.10, 0.9, 0.97, 0.80),
        ("Tannweiher", "Gemeinde", 3_100, -0.3, 0.06, 0.04, -0.10, 0.9, 1.00, 0.78),
        ("Weidenhofen", "Gemeinde", 4_600, 0.5, 0.05, 0.06, 0.20, 1.2, 0.98, 0.10),
        ("Wolframsau", "Gemeinde", 3_700, 0.1, 0.05, 0.05, 0.00, 1.0, 1.00, 0.45),
    ]
    return [
        Place(f"991021{i:02d}", n, d, s, g, p, f, a, 0.55, fam, care, ring, f"in {n}")
        for i, (n, d, s, g, p, f, a, fam, care, ring) in enumerate(rows, start=1)
    ]


PLACES: tuple[Place, ...] = (*_stadtteile(), *_gemeinden())
COUNT = len(PLACES)
INDEX = {place.name: number for number, place in enumerate(PLACES)}
IN_CITY = 8  # the first eight places are the city's
NEUWIESEN, ERLENGRUND, BIRKENRIED = INDEX["Neuwiesen"], INDEX["Erlengrund"], INDEX["Birkenried"]
