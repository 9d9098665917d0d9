"""Who is signed in: what a browser holds is a random, signed number; all else stays here.

A session ends after a time without a click, after a whole working day, when somebody signs out, and
with every change of the account that ends them all. What the number may do is looked up anew each
time it is shown.
"""

import hashlib
import hmac
import json
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

from itsdangerous import BadSignature, Signer

from indicators import writing
from indicators.errors import BildungsblickError
from indicators.folders import Folders
from indicators.saved import accounts
from indicators.saved.accounts import Account

IDLE, LONGEST = 2 * 3600, 12 * 3600  # seconds
_SEEN = 60  # seconds between two notes that somebody is still there
_MOST = 20  # open sessions of an account; the oldest gives way
_HELD = re.compile(r"[\w-]{40,60}\.[\w-]{40,60}", re.ASCII)  # what a browser holds
_FORM = 3600  # seconds for which a form may be sent


def begin(folders: Folders, account: Account) -> str:
    """A new session; what the browser is to hold. Raises BuildError."""
    number, now = secrets.token_urlsafe(32), _now()
    content = {"name": account.name, "epoch": account.epoch, "began": now, "seen": now}
    _tidy(folders, account.name)
    writing.write(_path(folders, number), json.dumps(content), private=True)
    return _signer(folders, "session").sign(number).decode()


def account_of(folders: Folders, value: str) -> Account | None:
    """Who holds this, as the account is now; None for anything that is forged, over or ended.
    Raises DefinitionError where the accounts cannot be read."""
    path = _known(folders, value)
    held = _held(path) if path else None
    if path is None or held is None:
        return None
    now = _now()
    one = accounts.found(folders, held["name"])
    if one is None or one.blocked or not hmac.compare_digest(one.epoch, held["epoch"]):
        path.unlink(missing_ok=True)
        return None
    if now - held["seen"] > _SEEN:
        with suppress(BildungsblickError):  # a full disk signs nobody out
            writing.write(path, json.dumps(held | {"seen": now}), private=True)
    return one


def end(folders: Folders, value: str) -> None:
    if path := _known(folders, value):
        path.unlink(missing_ok=True)


def form_mark(folders: Folders, holder: str) -> str:
    """What a form of this holder (a session, or a number made for who has none) must send back."""
    moment = str(int(_now()))
    return _signer(folders, f"form:{holder}").sign(moment).decode()


def is_form_of(folders: Folders, holder: str, mark: str) -> bool:
    """Whether a form was made for this holder, by us and not long ago."""
    try:
        moment = int(_signer(folders, f"form:{holder}").unsign(mark))
    except (BadSignature, ValueError):
        return False
    return bool(holder) and 0 <= _now() - moment <= _FORM


def _known(folders: Folders, value: str) -> Path | None:
    """The file of a session that we signed ourselves; the disk is not asked for anything else."""
    if not isinstance(value, str) or not _HELD.fullmatch(value) or not accounts.has_key(folders):
        return None
    try:
        number = _signer(folders, "session").unsign(value).decode()
    except (BadSignature, UnicodeError):
        return None
    return _path(folders, number)


def _held(path: Path) -> dict | None:
    """What a session says, unless it is over."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        began, seen = float(held["began"]), float(held["seen"])
        held["name"], held["epoch"] = str(held["name"]), str(held["epoch"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    now = _now()
    if 0 <= now - seen + _SEEN <= IDLE + _SEEN and now - began <= LONGEST:
        return held
    path.unlink(missing_ok=True)
    return None


def _tidy(folders: Folders, name: str) -> None:
    """Removes sessions that are over, and the oldest of an account that has too many."""
    own = []
    for path in (folders.saved / "sessions").glob("*.json"):
        held = _held(path)
        if held and held["name"] == name:
            own.append((held["seen"], path))
    for _, path in sorted(own, key=lambda one: one[0])[: max(0, len(own) - _MOST + 1)]:
        path.unlink(missing_ok=True)


def _path(folders: Folders, number: str) -> Path:
    """Named by a checksum: who reads the folder has no number to show."""
    name = hashlib.sha256(number.encode()).hexdigest()
    return folders.saved / "sessions" / f"{name}.json"


def _signer(folders: Folders, purpose: str) -> Signer:
    secret = accounts.key(folders)
    return Signer(secret, salt=purpose, key_derivation="hmac", digest_method=hashlib.sha256)


def _now() -> float:
    return time.time()
