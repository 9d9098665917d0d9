"""Regions: official keys, what they are called in a sentence, and who is part of whom.

The id is the official key as text (`DG`, `09`, `094`, `09464`, 8-digit for a Gemeinde, `09464-12`
or `08335043-12` below it); a joint region is `verbund:<id>`. Associations of Gemeinden
(Samtgemeinden, Verbandsgemeinden, Ämter) have keys of their own and contain Gemeinden that are
listed beside them: they are told from Gemeinden and never counted with them. Nothing is ever joined
by name: 22 names exist twice. Keys beginning with 99 are invented and never counted among real
regions.
"""

import re
from dataclasses import dataclass, field
from datetime import date

LEVELS = {
    "bund": "Deutschland",
    "land": "Länder",
    "regierungsbezirk": "Regierungsbezirke und Statistische Regionen",
    "kreis": "Kreise und kreisfreie Städte",
    "gemeindeverband": "Gemeindeverbände",
    "gemeinde": "Gemeinden",
    "stadtteil": "Stadtteile",
    "verbund": "Bildungsregionen",
}

# No Land has this key: everything below it is invented.
INVENTED_LAND = "99"

# Lower Saxony writes its Samtgemeinden with 8 digits like Gemeinden, whose last three never begin
# with 4; Rhineland-Palatinate its Verbandsgemeinden with 7; the Regionalschlüssel has 9.
_SAMTGEMEINDE = re.compile(r"03\d{3}4\d\d")

# The two Länder that are one Kreis each: official tables list them as a Land only.
CITY_STATES = {"02": "02000", "11": "11000"}


@dataclass(frozen=True)
class Region:
    """One region. `name` stands alone ("Landkreis Hof"), `where` inside a sentence ("im Landkreis
    Hof"); `valid_to` is the last day it existed (None: it exists), `successors` took its place;
    `members` are the regions a joint region is summed from; what is `invented` is an example and
    part of nothing real."""

    id: str
    level: str
    name: str
    where: str
    parent: str | None = None
    designation: str = ""
    nuts: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    members: tuple[str, ...] = field(default=())
    invented: bool = False

    @property
    def is_kreis(self) -> bool:
        """Whether it is or was one of Germany's Kreise (an invented one is not)."""
        return self.level == "kreis" and not self.invented

    @property
    def land(self) -> str:
        """The Land's key; of a joint region that of its first member; "" for Germany."""
        key = self.members[0] if self.members else self.id
        return "" if key == "DG" else key[:2]

    @property
    def parts(self) -> tuple[str, ...]:
        """What to sum for this region: its members, else itself."""
        return self.members or (self.id,)

    def exists_on(self, day: date) -> bool:
        return not (self.valid_from and day < self.valid_from) and not (
            self.valid_to and day > self.valid_to
        )


def level_of(key: str) -> str:
    """The level a canonical id belongs to."""
    if key == "DG":
        return "bund"
    if key.startswith("verbund:"):
        return "verbund"
    if "-" in key:
        return "stadtteil"
    if _SAMTGEMEINDE.fullmatch(key):
        return "gemeindeverband"
    return {
        2: "land",
        3: "regierungsbezirk",
        5: "kreis",
        7: "gemeindeverband",
        8: "gemeinde",
        9: "gemeindeverband",
    }[len(key)]


_NUTS = re.compile(r"DE[0-9A-G][0-9A-Z]{0,2}", re.ASCII)


def normalise(code: str) -> str | None:
    """The canonical id of a code as it arrives: lost zeros, Excel damage, 12-digit ARS, 8-digit
    kreisfreie Stadt, Gemeinden with their association in the middle. None where the text is no
    region code.

    City states are not mapped here: `02` is the Land, and only a Kreis table makes it `02000`.
    A NUTS code stays as it is: only the register knows whose it is.
    """
    text = code.strip().strip("\"'").strip()
    if text in ("DG", "DE", "D", "0", "00") or text.lower() == "deutschland":
        return "DG"
    if _NUTS.fullmatch(text):
        return text
    text = re.sub(r"\.0$", "", text)
    if re.fullmatch(r"\d{1,2}(\.\d{3})+", text):
        text = text.replace(".", "")
    if part := re.fullmatch(r"(\d{4,5}|\d{7,8})-(\w+)", text):
        whole = part[1].zfill(5 if len(part[1]) <= 5 else 8)
        return f"{whole}-{part[2]}"
    if not (text.isascii() and text.isdigit()):
        return None
    match len(text):
        case 1:
            return text.zfill(2)
        case 2:
            # 16 Länder; a larger number is a Regierungsbezirk that lost its zero
            return text if int(text) <= 16 or text == INVENTED_LAND else text.zfill(3)
        case 3:
            return text
        case 4:
            return text.zfill(5)
        case 5:
            return text
    return _local_key(text) if len(text) <= 12 else None


def _lost_its_zero(digits: str) -> bool:
    if digits[0] == "0" or digits.startswith(INVENTED_LAND):
        return False
    return int(digits[:2]) > 16 or len(digits) in (6, 7, 11)


def _local_key(digits: str) -> str | None:
    """The canonical key of 6 to 12 digits: a Gemeinde, an association of Gemeinden, or the Kreis
    where nothing follows its five digits.

    The Land tells how a key is built and whether it lost its zero, since none begins with two
    digits above 16: 8 digits are Kreis and Gemeinde, 9 Kreis and association, 12 all three; in
    Rhineland-Palatinate 7 are Kreis and association and 10 all three, in Lower Saxony 11.
    """
    if _lost_its_zero(digits):
        digits = "0" + digits
    land, kreis, rest = digits[:2], digits[:5], digits[5:]
    if land == "00" or int(land) > 16 and land != INVENTED_LAND:
        return None
    match len(digits), land:
        case (7, "07") | (8, _) | (9, _) if rest.strip("0"):
            return digits
        case (10, "07") | (11, "03") | (12, _) if rest.strip("0"):
            association, gemeinde = digits[:-3], digits[-3:]
            return kreis + gemeinde if gemeinde != "000" else _local_key(association)
        case (7, "07") | (8, _) | (9, _) | (10, "07") | (11, "03") | (12, _):
            return kreis
    return None


_FEMININE = ("Region ", "Städteregion ", "Stadt ")
_WITH_ARTICLE = {"Saarland": "im Saarland"}


def _spaced(name: str) -> str:
    """ "Weiden i.d.OPf." → "Weiden i. d. OPf.", as German is written; registers spare the room."""
    return re.sub(r"\.(?=\w)", ". ", name)


def kreis_names(name: str, designation: str) -> tuple[str, str]:
    """What a Kreis is called alone and in a sentence: ("Landkreis Hof", "im Landkreis Hof")."""
    name = _spaced(name)
    if designation in ("Kreisfreie Stadt", "Stadtkreis"):
        return f"Stadt {name}", f"in der Stadt {name}"
    if name.startswith(_FEMININE):
        return name, f"in der {name}"
    if re.search("kreis|verband", name, re.IGNORECASE):
        return name, f"im {name}"
    return f"{designation} {name}", f"im {designation} {name}"


def names(level: str, name: str, designation: str) -> tuple[str, str]:
    """Name alone and in a sentence, for every level that official keys know."""
    if level == "kreis":
        return kreis_names(name, designation)
    name = _spaced(name)
    if level == "regierungsbezirk":
        if designation.endswith("Region"):
            return f"{designation} {name}", f"in der Statistischen Region {name}"
        return f"{designation} {name}", f"im {designation} {name}"
    return name, _WITH_ARTICLE.get(name, f"in {name}")
