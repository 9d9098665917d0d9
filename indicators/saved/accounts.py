"""Accounts of people: names, roles and marks of passwords, and whether a sign-in is right.

A wrong name, a wrong password and a blocked account are told in the same words after the same time.
Wrong attempts are counted before a password is looked at, for names that exist and for others
alike, so that neither trying at once nor trying names helps.
"""

import hashlib
import hmac
import json
import math
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from indicators import writing
from indicators.errors import BildungsblickError, DefinitionError
from indicators.folders import Folders
from indicators.saved import passwords


class Role(IntEnum):
    """What somebody may do; each role may do what those before it may."""

    READER = 0  # Leser: sees what is published
    EDITOR = 1  # Redaktion: reads files in, sees what is not published yet, saves agendas
    RELEASER = 2  # Freigabe: publishes, takes back


NAMES = {Role.READER: "Leser", Role.EDITOR: "Redaktion", Role.RELEASER: "Freigabe"}

FREE = 5  # wrong attempts before the first wait
_FIRST_WAIT, _LONGEST_WAIT = 30, 900  # seconds; each further wrong attempt doubles the wait
_FORGOTTEN = 24 * 3600  # seconds after the last wrong attempt
_COUNTED = 5000  # names whose wrong attempts are remembered
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
_WRONG = "Name oder Kennwort stimmt nicht."
# each check takes 64 MB, so a crowd of them must not be made at once
_hashing = threading.BoundedSemaphore(2)


class SignInError(BildungsblickError):
    """Nobody was signed in; the words are the same whether or not there is such an account.
    `wrong` is how many attempts in a row were wrong with this one, 0 for one that has to wait."""

    def __init__(self, message: str, wrong: int = 0):
        self.wrong = wrong
        super().__init__(message)


@dataclass(frozen=True)
class Account:
    """`password` is the mark of it, "" for one that signs in at the town's provider; `epoch` is
    made anew with everything that ends all sessions; `must_change` says that the password was given
    by somebody else and is good for nothing but choosing another."""

    name: str
    role: Role
    password: str = ""
    must_change: bool = False
    blocked: bool = False
    epoch: str = ""


def listed(folders: Folders) -> list[Account]:
    """All accounts by name. Raises DefinitionError where the file is damaged."""
    return sorted(_read(folders).values(), key=lambda one: one.name)


def found(folders: Folders, name: str) -> Account | None:
    """The account of this name, blocked or not. Raises DefinitionError."""
    return _read(folders).get(name)


def add(
    folders: Folders, name: str, role: Role, password: str = "", *, given: bool = False
) -> Account:
    """A new account; without a password one that signs in at the town's provider. `given` says
    that somebody else chose the password. Raises DefinitionError where the name is taken or no
    name, or the password too weak."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise DefinitionError(
            f"„{name}“ ist kein Name eines Kontos. Erlaubt sind a bis z, Ziffern und . _ @ + -, "
            "höchstens 64 Zeichen."
        )
    mark = _mark(name, password) if password else ""
    made = Account(name, role, mark, given, epoch=_epoch())

    def change(all: dict[str, Account]) -> None:
        if name in all:
            raise DefinitionError(
                f"Das Konto „{name}“ gibt es schon. Nächster Schritt: einen anderen Namen wählen."
            )
        all[name] = made

    _change(folders, change)
    return made


def set_role(folders: Folders, name: str, role: Role) -> None:
    """Holds from the next click on, in sessions that are open too. Raises DefinitionError."""
    _replace(folders, name, lambda one: replace(one, role=role))


def set_blocked(folders: Folders, name: str, blocked: bool) -> None:
    """A blocked account is signed out everywhere; wrong attempts are forgotten with it. Raises
    DefinitionError."""
    _replace(folders, name, lambda one: replace(one, blocked=blocked, epoch=_epoch()))
    _forget(folders, name)


def set_password(folders: Folders, name: str, password: str, *, given: bool = False) -> Account:
    """Ends all sessions of the account. Raises DefinitionError."""
    mark = _mark(name, password)
    made = _replace(
        folders,
        name,
        lambda one: replace(one, password=mark, must_change=given, epoch=_epoch()),
    )
    _forget(folders, name)
    return made


def sign_out_everywhere(folders: Folders, name: str) -> None:
    """Raises DefinitionError."""
    _replace(folders, name, lambda one: replace(one, epoch=_epoch()))


def remove(folders: Folders, name: str) -> None:
    """What the account did stays in the history. Raises DefinitionError."""

    def change(all: dict[str, Account]) -> None:
        del all[_known(all, name).name]

    _change(folders, change)
    _forget(folders, name)


def signed_in(folders: Folders, name: str, password: str) -> Account:
    """The account whose name and password these are. Raises SignInError, in the same words and
    after the same time whether there is no such account, the password is wrong or it is blocked."""
    name = name.strip().lower()
    wrong = _count(folders, name)
    one = found(folders, name)
    right = _is_right(one.password if one and one.password else _nobody(), password)
    if one is None or not one.password or one.blocked or not right:
        raise SignInError(_WRONG, wrong)
    _forget(folders, name)
    return one


def of_provider(folders: Folders, claims: Mapping, claim: str, now: float) -> Account | None:
    """Whom the town's provider has signed in, by what its token says: the account of that name that
    is not blocked, as long as the token holds. A mail address nobody has verified is no name."""
    expires = claims.get("exp")
    if not isinstance(expires, int | float) or isinstance(expires, bool) or expires <= now:
        return None
    name = claims.get(claim)
    if not isinstance(name, str) or not name.strip():
        return None
    if claim == "email" and claims.get("email_verified", True) is not True:
        return None
    one = found(folders, name.strip().lower())
    # an account with a password of its own is not to be had by a namesake at the provider
    return one if one and not one.blocked and not one.password else None


# --- passwords ------------------------------------------------------------------------------------


def _mark(name: str, password: str) -> str:
    if wrong := passwords.weakness(password, name):
        raise DefinitionError(wrong)
    with _hashing:
        return _hasher().hash(password)


def _is_right(mark: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher().verify(mark, password[: passwords.LONGEST])
        except (VerificationError, InvalidHashError):
            return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the parameters that RFC 9106 recommends


@cache
def _nobody() -> str:
    """The mark of a password nobody knows, for names that do not exist."""
    return _hasher().hash(secrets.token_urlsafe(32))


def prepare() -> None:
    """What the first sign-in would otherwise wait for, and tell by that whether a name exists."""
    _nobody()


# --- wrong attempts -------------------------------------------------------------------------------


def _count(folders: Folders, name: str) -> int:
    """Counts an attempt as wrong until it proves right, and says how many that are. Raises
    SignInError while it must wait."""
    now = _now()

    def change(all: dict[str, list[float]]) -> float:
        """How many; or, below zero, how long it must wait."""
        key = _attempts_key(folders, name)
        wrong, until, last = all.pop(key, [0, 0.0, 0.0])
        if now - last > _FORGOTTEN:
            wrong, until = 0, 0.0
        if until > now:
            all[key] = [wrong, until, last]
            return now - until
        wrong += 1
        if wrong >= FREE:
            until = now + min(_FIRST_WAIT * 2 ** min(wrong - FREE, 10), _LONGEST_WAIT)
        all[key] = [wrong, until, now]
        while len(all) > _COUNTED:  # the one that has not been tried for the longest time
            del all[next(iter(all))]
        return wrong

    counted = _attempts(folders, change)
    if counted < 0:
        minutes = math.ceil(-counted / 60)
        raise SignInError(
            "Mit diesem Namen wurde zu oft falsch angemeldet. Nächster Schritt: in "
            + ("einer Minute" if minutes == 1 else f"{minutes} Minuten")
            + " noch einmal versuchen."
        )
    return int(counted)


def wrong_attempts(folders: Folders, name: str) -> int:
    """How often somebody has tried this name in vain since it was right."""
    key = _attempts_key(folders, name.strip().lower())
    return int(_attempts(folders, lambda all: all.get(key, [0])[0]))


def _forget(folders: Folders, name: str) -> None:
    key = _attempts_key(folders, name)
    _attempts(folders, lambda all: all.pop(key, [0])[0])


def _attempts(folders: Folders, change: Callable[[dict[str, list[float]]], float]) -> float:
    """What `change` makes of the attempts, which are written if it changed them."""
    path = folders.saved / "attempts.json"
    writing.folder(folders.saved)
    with writing.locked(folders.saved / "attempts.lock"):
        try:
            all = json.loads(path.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            all = {}
        before = json.dumps(all)
        result = change(all)
        if json.dumps(all) != before:
            writing.write(path, json.dumps(all), private=True)
    return result


def _attempts_key(folders: Folders, name: str) -> str:
    """Not the name itself: who errs may have typed the password there."""
    return hmac.new(key(folders), name.encode(), hashlib.sha256).hexdigest()[:32]


def _now() -> float:
    return time.time()


# --- the files ------------------------------------------------------------------------------------


def has_key(folders: Folders) -> bool:
    """Whether anything was ever given out here; who only shows something makes no key."""
    return (folders.saved / "sessions" / "key").is_file()


def key(folders: Folders) -> bytes:
    """The secret of this installation by which it knows what it gave out itself; made when it is
    first needed. Raises BuildError."""
    path = folders.saved / "sessions" / "key"
    writing.folder(path.parent, private=not path.parent.exists())
    try:
        there = path.read_bytes()
        if len(there) == 32:
            return there
    except FileNotFoundError:
        pass
    with writing.locked(folders.saved / "accounts.lock"):
        if not path.exists() or path.stat().st_size != 32:
            writing.write(path, secrets.token_bytes(32), private=True)
        return path.read_bytes()


def _path(folders: Folders) -> Path:
    return folders.saved / "accounts.json"


def _read(folders: Folders) -> dict[str, Account]:
    path = _path(folders)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        read = [Account(**{**one, "role": Role(one["role"])}) for one in content]
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError) as error:
        raise DefinitionError(
            f"{path.name} ist beschädigt; niemand kann sich anmelden. Nächster Schritt: die Datei "
            "aus einer Sicherung zurückholen, oder sie löschen und die Konten neu anlegen."
        ) from error
    except OSError as error:
        raise DefinitionError(f"{path.name}: {writing.reason(error)}") from error
    return {one.name: one for one in read}


def _change(folders: Folders, change: Callable[[dict[str, Account]], None]) -> None:
    writing.folder(folders.saved)
    with writing.locked(folders.saved / "accounts.lock"):
        all = _read(folders)
        change(all)
        content = json.dumps([asdict(all[name]) for name in sorted(all)], indent=1)
        writing.write(_path(folders), content + "\n", private=True)


def _replace(folders: Folders, name: str, change: Callable[[Account], Account]) -> Account:
    made: list[Account] = []

    def changed(all: dict[str, Account]) -> None:
        one = change(_known(all, name))
        all[one.name] = one
        made.append(one)

    _change(folders, changed)
    return made[0]


def _known(all: dict[str, Account], name: str) -> Account:
    one = all.get(name.strip().lower())
    if one is None:
        raise DefinitionError(
            f"Ein Konto „{name}“ gibt es nicht. Nächster Schritt: die vorhandenen zeigen mit "
            "„python -m indicators account list“."
        )
    return one


def _epoch() -> str:
    return secrets.token_hex(8)
