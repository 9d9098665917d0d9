"""The commands for people: accounts, and what they did."""

import argparse
import getpass
import os
import sys

from indicators.errors import BildungsblickError
from indicators.folders import Folders

ROLES = ("leser", "redaktion", "freigabe")  # in the order of accounts.Role
_TRIES = 3  # at a password typed twice


def add(commands: "argparse._SubParsersAction") -> None:
    """The parsers of `account` and `history`."""
    account = commands.add_parser("account", aliases=["konto"], help="Konten und ihre Rollen")
    acts = account.add_subparsers(
        title="Befehle", dest="act", required=True, metavar="BEFEHL", parser_class=type(account)
    )
    acts.add_parser("list", help="alle Konten zeigen")
    new = acts.add_parser("new", help="ein Konto anlegen")
    role = acts.add_parser("role", help="eine andere Rolle geben, ab dem nächsten Klick")
    password = acts.add_parser("password", help="ein neues Kennwort geben")
    block = acts.add_parser("block", help="sperren und überall abmelden")
    unblock = acts.add_parser("unblock", help="wieder zulassen, auch nach falschen Versuchen")
    remove = acts.add_parser("remove", help="entfernen; der Verlauf bleibt")
    for one in (new, role, password, block, unblock, remove):
        one.add_argument("name", metavar="NAME")
        one.add_argument("--reason", default="", metavar="TEXT", help="warum, für den Verlauf")
    for one in (new, role):
        one.add_argument(
            "--role", required=True, choices=ROLES, metavar="ROLLE", help=", ".join(ROLES)
        )
    for one in (new, password):
        one.add_argument(
            "--generate",
            action="store_true",
            help="ein Kennwort erzeugen, einmal zeigen und beim ersten Anmelden ändern lassen",
        )
    new.add_argument(
        "--provider",
        action="store_true",
        help="ohne Kennwort: meldet sich beim Anmeldedienst der Stadt an (OIDC)",
    )
    history = commands.add_parser(
        "history", help="was Konten getan haben, und ob es unverändert ist"
    )
    history.add_argument("--who", default="", metavar="NAME", help="nur von diesem Konto")


def account(given, folders: Folders) -> int:
    """One of the acts on accounts; each is noted in the history."""
    from indicators.saved import accounts, history

    if given.act == "list":
        return _list(folders)
    name = given.name.strip().lower()
    role = accounts.Role(ROLES.index(given.role)) if "role" in given else accounts.Role.READER
    if given.act == "new":
        password = "" if given.provider else _password(given.generate, name)
        generated = bool(password) and given.generate
        accounts.add(folders, name, role, password, given=generated)
        done = "Konto angelegt", f"{name} ({accounts.NAMES[role]})"
    elif given.act == "role":
        accounts.set_role(folders, name, role)
        done = "Rolle geändert", f"{name} ({accounts.NAMES[role]})"
    elif given.act == "password":
        _demand(folders, name)
        password, generated = _password(given.generate, name), given.generate
        accounts.set_password(folders, name, password, given=generated)
        done = "Kennwort gegeben", name
    elif given.act == "remove":
        accounts.remove(folders, name)
        done = "Konto entfernt", name
    else:
        accounts.set_blocked(folders, name, given.act == "block")
        done = "Konto gesperrt" if given.act == "block" else "Konto zugelassen", name
    act, what = done
    history.note(folders, f"Befehlszeile ({system_user()})", act, what, given.reason)
    _say(f"{act}: {what}.")
    if given.act in ("new", "password") and generated:
        _say("Das Kennwort steht nur jetzt hier; beim ersten Anmelden wird ein eigenes verlangt:")
        print(password)
    return 0


def _demand(folders: Folders, name: str) -> None:
    """Before somebody types a password in vain. Raises DefinitionError."""
    from indicators.saved import accounts

    if accounts.found(folders, name) is None:
        accounts.sign_out_everywhere(folders, name)  # says that there is none


def _list(folders: Folders) -> int:
    from indicators import formats
    from indicators.saved import accounts

    found = accounts.listed(folders)
    for one in found:
        told = [] if one.password else ["Anmeldedienst der Stadt"]
        told += ["gesperrt"] if one.blocked else []
        told += ["muss das Kennwort ändern"] if one.must_change else []
        wrong = accounts.wrong_attempts(folders, one.name)
        told += [formats.quantity(wrong, "falscher Versuch", "falsche Versuche")] if wrong else []
        print("  ".join([one.name, accounts.NAMES[one.role], *told]))
    if not found:
        _say("Es gibt noch keine Konten. Nächster Schritt: „account new NAME --role freigabe“.")
    return 0


def _password(generate: bool, name: str) -> str:
    """Generated, typed twice without being shown, or a line of the input where that is a file."""
    from indicators.saved import passwords

    if generate:
        return passwords.made()
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    for _ in range(_TRIES):
        typed = getpass.getpass("Kennwort: ")
        if wrong := passwords.weakness(typed, name):
            _say(wrong)
        elif typed == getpass.getpass("Kennwort noch einmal: "):
            return typed
        else:
            _say("Die beiden Kennwörter sind verschieden.")
    raise BildungsblickError("Es wurde kein Kennwort gesetzt. Nächster Schritt: es neu versuchen.")


def history(given, folders: Folders) -> int:
    """1 where the history is not as it was written."""
    from indicators import formats
    from indicators.saved import history as kept

    found = kept.read(folders)
    for one in found.entries:
        if not given.who or one.who == given.who:
            parts = [one.when.astimezone().strftime("%d.%m.%Y %H:%M:%S"), one.who, one.act]
            parts += [text for text in (one.what, one.reason) if text]
            print("  ".join([str(one.number), *parts]))
    for fault in found.faults:
        _say(f"Fehler: Der Verlauf wurde verändert. {fault}")
    if not found.faults:
        _say(f"{formats.quantity(len(found.entries), 'Eintrag', 'Einträge')}, unverändert.")
    return int(bool(found.faults))


def system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"Benutzer {os.getuid()}"


def _say(text: str) -> None:
    print(text, file=sys.stderr)
