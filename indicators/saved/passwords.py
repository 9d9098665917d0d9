"""What a password must be, and passwords that nobody chose."""

import re
import secrets
import unicodedata

SHORTEST, LONGEST = 12, 200  # characters
_DIFFERENT = 6  # at least so many different characters
# what people take who need a long password quickly; the rest beside them must be long enough
_COMMON = (
    *("bildungsblick", "bildungsbüro", "bildung", "passwort", "password", "kennwort", "geheim"),
    *("qwertz", "qwerty", "asdfgh", "yxcvbn", "admin", "willkommen", "welcome", "hallo"),
    *("sommer", "herbst", "winter", "frühling", "fruehling", "schule", "rathaus", "stadt"),
    *("redaktion", "freigabe", "leser", "landkreis", "kommune", "letmein", "iloveyou", "schatz"),
)
_SEQUENCES = ("0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz")
_REST = 6  # characters beside common words, sequences and digits
# without what is mistaken for something else when it is read out
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


def weakness(password: str, name: str) -> str:
    """Why this is no password for the account of this name, in German; "" for a good one."""
    if len(password) < SHORTEST:
        return f"Das Kennwort ist zu kurz: mindestens {SHORTEST} Zeichen, gern ein ganzer Satz."
    if len(password) > LONGEST:
        return f"Das Kennwort ist zu lang: höchstens {LONGEST} Zeichen."
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in password):
        return "Das Kennwort enthält Steuerzeichen."
    plain = password.casefold()
    if len(set(plain)) < _DIFFERENT:
        return f"Das Kennwort ist zu einfach: mindestens {_DIFFERENT} verschiedene Zeichen."
    words = [*_COMMON, *re.split(r"[._@+-]", name.casefold()), name.casefold()]
    for word in sorted({w for w in words if len(w) >= 3}, key=len, reverse=True):
        plain = plain.replace(word, "")
    for run in _SEQUENCES:
        for length in range(len(run), 3, -1):
            for at in range(len(run) - length + 1):
                plain = plain.replace(run[at : at + length], "")
    if len(re.sub(r"[\d\W_]", "", plain)) + len(set(re.findall(r"[\d\W_]", plain))) < _REST:
        return (
            "Das Kennwort ist zu leicht zu erraten: es besteht fast nur aus dem Namen, häufigen "
            "Wörtern oder Ziffern. Nächster Schritt: vier Wörter wählen, die nichts miteinander "
            "zu tun haben."
        )
    return ""


def made() -> str:
    """A password of a hundred bits, in groups that can be read out."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    return "-".join(groups)
