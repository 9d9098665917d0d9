"""Accounts: who may sign in, how often one may try, and when that ends."""

import json
import multiprocessing
import stat
import time

import pytest
from argon2 import PasswordHasher

from indicators.errors import DefinitionError
from indicators.folders import Folders
from indicators.saved import accounts, passwords, sessions
from indicators.saved.accounts import Role, SignInError

GOOD = "vier lampen grün meer"


@pytest.fixture(autouse=True)
def _light(monkeypatch):
    """Passwords are marked as always, with less work."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: light)
    accounts._nobody.cache_clear()
    yield
    accounts._nobody.cache_clear()


@pytest.fixture
def town(own_folders: Folders) -> Folders:
    accounts.add(own_folders, "anna", Role.EDITOR, GOOD)
    return own_folders


@pytest.fixture
def clock(monkeypatch):
    """Sets the time that accounts and sessions see forward."""
    passed = [0.0]
    for module in (accounts, sessions):
        monkeypatch.setattr(module, "_now", lambda: time.time() + passed[0])

    def on(seconds: float) -> None:
        passed[0] += seconds

    return on


def _words(folders: Folders, name: str, password: str) -> str:
    with pytest.raises(SignInError) as refused:
        accounts.signed_in(folders, name, password)
    return str(refused.value)


# --- signing in -----------------------------------------------------------------------------------


def test_name_and_password_sign_in_whatever_the_case_of_the_name(town):
    assert accounts.signed_in(town, " Anna ", GOOD).role == Role.EDITOR


def test_no_word_tells_whether_there_is_an_account(town):
    accounts.add(town, "berta", Role.READER, GOOD)
    accounts.set_blocked(town, "berta", True)
    accounts.add(town, "carl@stadt.de", Role.READER)
    refused = {
        _words(town, "anna", "falsch falsch falsch"),
        _words(town, "berta", GOOD),
        _words(town, "carl@stadt.de", ""),
        _words(town, "niemand", GOOD),
        _words(town, "", GOOD),
    }
    assert refused == {"Name oder Kennwort stimmt nicht."}


def test_unknown_names_take_as_much_work_as_known_ones(town, monkeypatch):
    work = []

    def verified(self, mark: str, password: str) -> bool:
        work.append(mark.split("$")[1:4])
        return original(self, mark, password)

    original = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", verified)
    for name in ("anna", "niemand"):
        _words(town, name, "falsch falsch falsch")
    assert len(work) == 2 and work[0] == work[1]


@pytest.mark.parametrize("name", ["anna", "niemand"])
def test_wrong_attempts_wait_longer_and_longer_even_for_who_knows_the_password(town, clock, name):
    for _ in range(accounts.FREE):
        assert "stimmt nicht" in _words(town, name, "falsch falsch falsch")
    assert "in einer Minute" in _words(town, name, GOOD)
    clock(31)
    assert "stimmt nicht" in _words(town, name, "falsch falsch falsch")
    clock(31)
    assert "in einer Minute" in _words(town, name, GOOD), "the wait has doubled"
    clock(3600)
    for _ in range(8):
        _words(town, name, "falsch falsch falsch")
        clock(1000)
    _words(town, name, "falsch falsch falsch")
    assert "in 15 Minuten" in _words(town, name, GOOD) or "in 16 Minuten" in _words(
        town, name, GOOD
    )
    clock(16 * 60)
    if name == "anna":
        assert accounts.signed_in(town, name, GOOD)
        assert accounts.wrong_attempts(town, name) == 0


def test_what_was_typed_as_a_name_is_written_nowhere(town):
    _words(town, GOOD, "anna")
    for path in town.saved.rglob("*"):
        assert path.is_dir() or GOOD.split()[0].encode() not in path.read_bytes()


def test_many_names_do_not_fill_the_disk(town, monkeypatch):
    monkeypatch.setattr(accounts, "_COUNTED", 10)
    for number in range(15):
        _words(town, f"niemand{number}", GOOD)
    assert len(json.loads((town.saved / "attempts.json").read_text())) == 10


def _try_wrong(folders: Folders, number: int, told) -> None:
    try:
        accounts.signed_in(folders, "anna", f"falsch falsch {number}")
    except SignInError as error:
        told.put(str(error))


def test_attempts_at_once_are_no_more_attempts(town):
    told = multiprocessing.Queue()
    tries = [multiprocessing.Process(target=_try_wrong, args=(town, i, told)) for i in range(12)]
    for one in tries:
        one.start()
    words = [told.get(timeout=60) for _ in tries]
    for one in tries:
        one.join()
    assert sum("stimmt nicht" in one for one in words) == accounts.FREE


# --- passwords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "",
        "kurz",
        "a" * 40,
        "ababababababab",
        "passwort12345",
        "Kennwort2026!",
        "bildungsblick1",
        "anna anna anna 1",
        "123456789012",
        "qwertzqwertz1",
        "abcdefghijklmn",
        "Sommer2026Sommer",
        "x" * 100 + "abcdefg" * 20,
        "vier lampen\x00grün",
    ],
)
def test_what_is_soon_guessed_is_no_password(town, password):
    with pytest.raises(DefinitionError, match="Kennwort"):
        accounts.set_password(town, "anna", password)
    assert accounts.signed_in(town, "anna", GOOD), "the one before still holds"


def test_generated_passwords_are_good_and_never_the_same():
    made = {passwords.made() for _ in range(200)}
    assert len(made) == 200 and not any(passwords.weakness(one, "anna") for one in made)


def test_the_file_holds_no_password_and_is_closed_to_others(town):
    path = town.saved / "accounts.json"
    assert GOOD not in path.read_text("utf-8") and "$argon2id$" in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_marks_are_made_with_the_parameters_of_rfc_9106(monkeypatch):
    monkeypatch.undo()
    mark = accounts._hasher().hash(GOOD)
    assert mark.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "-x", "Ä", "x" * 65, "a\nb", "<b>"])
def test_what_is_no_name_is_refused(own_folders, name):
    with pytest.raises(DefinitionError):
        accounts.add(own_folders, name, Role.READER, GOOD)


def test_a_name_is_given_once(town):
    with pytest.raises(DefinitionError, match="gibt es schon"):
        accounts.add(town, "ANNA", Role.RELEASER, GOOD)
    assert accounts.found(town, "anna").role == Role.EDITOR


def test_a_damaged_file_lets_nobody_in_and_is_not_overwritten(town):
    path = town.saved / "accounts.json"
    path.write_text("{", "utf-8")
    for act in (
        lambda: accounts.signed_in(town, "anna", GOOD),
        lambda: accounts.add(town, "x", Role.RELEASER, GOOD),
        lambda: accounts.listed(town),
    ):
        with pytest.raises(DefinitionError, match="beschädigt"):
            act()
    assert path.read_text("utf-8") == "{"


# --- sessions -------------------------------------------------------------------------------------


@pytest.fixture
def held(town) -> str:
    return sessions.begin(town, accounts.found(town, "anna"))


def test_a_session_is_looked_up_anew(town, held):
    assert sessions.account_of(town, held).role == Role.EDITOR
    accounts.set_role(town, "anna", Role.READER)
    assert sessions.account_of(town, held).role == Role.READER
    accounts.set_role(town, "anna", Role.RELEASER)
    assert sessions.account_of(town, held).role == Role.RELEASER


def _again(folders: Folders, act: str) -> None:
    """What ends all sessions of an account; afterwards it is as good as before."""
    if act == "password":
        accounts.set_password(folders, "anna", GOOD)
    elif act == "blocked":
        accounts.set_blocked(folders, "anna", True)
    elif act == "blocked for a while":
        accounts.set_blocked(folders, "anna", True)
        accounts.set_blocked(folders, "anna", False)
    elif act == "everywhere":
        accounts.sign_out_everywhere(folders, "anna")
    elif act == "removed":
        accounts.remove(folders, "anna")
    elif act == "made again":
        accounts.remove(folders, "anna")
        accounts.add(folders, "anna", Role.RELEASER, GOOD)


ENDS = ["password", "blocked", "blocked for a while", "everywhere", "removed", "made again"]


@pytest.mark.parametrize("act", ENDS)
def test_a_session_ends_with(town, held, act):
    _again(town, act)
    assert sessions.account_of(town, held) is None
    assert not list((town.saved / "sessions").glob("*.json"))


def test_a_session_that_was_ended_is_not_to_be_had_again(town, held):
    other = sessions.begin(town, accounts.found(town, "anna"))
    sessions.end(town, held)
    assert sessions.account_of(town, held) is None
    assert sessions.account_of(town, other)


def test_a_session_ends_without_clicks_and_after_a_day_with_them(town, held, clock):
    clock(sessions.IDLE - 60)
    assert sessions.account_of(town, held)
    clock(sessions.IDLE - 60)
    assert sessions.account_of(town, held), "the click before counts"
    clock(sessions.IDLE + 60)
    assert sessions.account_of(town, held) is None
    again = sessions.begin(town, accounts.found(town, "anna"))
    for _ in range(sessions.LONGEST // 3600):
        clock(3600)
        sessions.account_of(town, again)
    clock(60)
    assert sessions.account_of(town, again) is None


def test_an_account_has_no_more_sessions_than_it_needs(town, clock):
    all = []
    for _ in range(25):
        clock(1)
        all.append(sessions.begin(town, accounts.found(town, "anna")))
    there = [bool(sessions.account_of(town, one)) for one in all]
    assert there == [False] * 5 + [True] * 20


def test_files_of_sessions_hold_nothing_to_sign_in_with(town, held):
    number, _, mark = held.partition(".")
    for path in town.saved.rglob("*"):
        if path.is_file():
            assert number not in path.name and number.encode() not in path.read_bytes()
            assert mark.encode() not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_form_is_of_one_browser_and_not_for_long(town, clock):
    mark = sessions.form_mark(town, "one")
    assert sessions.is_form_of(town, "one", mark)
    assert not sessions.is_form_of(town, "other", mark)
    assert not sessions.is_form_of(town, "", sessions.form_mark(town, ""))
    assert not sessions.is_form_of(town, "one", "")
    clock(3700)
    assert not sessions.is_form_of(town, "one", mark)


# --- the town's provider --------------------------------------------------------------------------

TOKEN = {"email": "dora@stadt.de", "email_verified": True, "exp": 2000, "is_logged_in": True}


@pytest.mark.parametrize(
    ("claims", "allowed"),
    [
        (TOKEN, True),
        (TOKEN | {"email": "Dora@Stadt.de"}, True),
        ({k: v for k, v in TOKEN.items() if k != "email_verified"}, True),
        (TOKEN | {"exp": 1000}, False),
        (TOKEN | {"exp": 999}, False),
        (TOKEN | {"exp": "2000"}, False),
        (TOKEN | {"exp": True}, False),
        (TOKEN | {"exp": None}, False),
        ({k: v for k, v in TOKEN.items() if k != "exp"}, False),
        (TOKEN | {"email_verified": False}, False),
        (TOKEN | {"email_verified": "false"}, False),
        (TOKEN | {"email": "nobody@stadt.de"}, False),
        (TOKEN | {"email": "anna"}, False),
        (TOKEN | {"email": ["dora@stadt.de"]}, False),
        (TOKEN | {"email": ""}, False),
        ({}, False),
    ],
)
def test_a_token_counts_while_it_holds_and_names_one_of_our_accounts(town, claims, allowed):
    accounts.add(town, "dora@stadt.de", Role.RELEASER)
    found = accounts.of_provider(town, claims, "email", 1000)
    assert (found is not None) is allowed
    assert found is None or found.role == Role.RELEASER


def test_the_role_is_our_own_and_not_the_token_s(town):
    accounts.add(town, "dora@stadt.de", Role.READER)
    claims = TOKEN | {"role": "freigabe", "groups": ["admin"]}
    assert accounts.of_provider(town, claims, "email", 1000).role == Role.READER
    accounts.set_blocked(town, "dora@stadt.de", True)
    assert accounts.of_provider(town, claims, "email", 1000) is None
