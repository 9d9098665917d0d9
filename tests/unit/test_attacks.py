"""Attacks on roles and on our own addresses. Each fails; beside them stands what must go well, so
that none of them fails for another reason."""

import time
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher
from itsdangerous import Signer

from indicators.folders import Folders
from indicators.saved import accounts, history, sessions
from pages.shared import permission, server, uploads
from pages.shared.permission import Role
from tests.unit.visitor import Visitor

GOOD, OTHER = "vier lampen grün meer", "sieben boote im nebel"
PUBLIC = "bildung.stadt.de"
HOME = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


@pytest.fixture(autouse=True)
def town(tmp_path, monkeypatch) -> Folders:
    """A town whose readers come from elsewhere, with an account of each role."""
    light = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: light)
    accounts._nobody.cache_clear()
    (tmp_path / "settings.toml").write_text(f'hosts = ["{PUBLIC}"]')
    monkeypatch.setenv("BILDUNGSBLICK_DATA", str(tmp_path))
    folders = Folders(tmp_path)
    for name, role in (("lea", Role.READER), ("rosa", Role.EDITOR), ("frida", Role.RELEASER)):
        accounts.add(folders, name, role, GOOD)
    yield folders
    accounts._nobody.cache_clear()


@pytest.fixture
def home(town) -> Folders:
    """The same town before it named a host: who sits at the machine may do everything."""
    town.settings.unlink()
    return town


def _context(visitor: Visitor, **headers: str) -> dict:
    return {"cookies": dict(visitor.cookies), "headers": {"Host": visitor.host} | headers}


# --- what must go well ----------------------------------------------------------------------------


def test_who_signs_in_may_what_the_role_says_and_no_more(town, monkeypatch):
    for name, role in (("lea", Role.READER), ("rosa", Role.EDITOR), ("frida", Role.RELEASER)):
        visitor = Visitor()
        answer = visitor.sign_in(name, GOOD, zurueck="daten?section=schutz&region=09464")
        assert (answer.status, answer.header("location")) == (
            303,
            "/daten?section=schutz&region=09464",
        )
        for needed in Role:
            assert Visitor.may(monkeypatch, needed, **_context(visitor)) is (role >= needed)
    assert [one.act for one in history.read(town).entries] == ["angemeldet"] * 3


def test_after_a_wrong_password_the_way_back_is_still_known(town):
    answer = Visitor().sign_in("rosa", "falsch falsch falsch", zurueck="demografie?region=09464")
    assert 'name="zurueck" value="demografie?region=09464"' in answer.text
    assert 'value="rosa"' in answer.text and "falsch falsch" not in answer.text


def test_the_cookie_is_for_no_script_no_other_site_and_no_http(town):
    (cookie,) = Visitor().sign_in("rosa", GOOD).cookies
    for part in ("__Host-bildungsblick=", "HttpOnly", "SameSite=strict", "Secure", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_at_this_machine_without_https_signing_in_works_too(home, monkeypatch):
    visitor = Visitor("127.0.0.1:8501", "http")
    assert visitor.sign_in("rosa", GOOD).status == 303
    (context,) = [_context(visitor)]
    with monkeypatch.context() as patch:
        context |= {"ip_address": None}
        patch.setattr(permission.st, "context", SimpleNamespace(**context))
        assert permission.reader() == permission.Reader("rosa", Role.EDITOR), "not everybody"


def test_who_sits_at_the_machine_is_at_home(home, monkeypatch):
    assert Visitor.may(monkeypatch, Role.RELEASER, headers=HOME, ip_address=None)


def test_signing_out_ends_it_here_and_everywhere(town):
    one, other = Visitor(), Visitor()
    one.sign_in("rosa", GOOD)
    other.sign_in("rosa", GOOD)
    one.send("/konto/abmelden", {"marke": one.mark("/konto")})
    assert not one.is_signed_in() and other.is_signed_in()
    one.sign_in("rosa", GOOD)
    one.send("/konto/abmelden", {"marke": one.mark("/konto"), "alle": "1"})
    assert not other.is_signed_in()
    acts = [entry.act for entry in history.read(town).entries]
    assert acts[-2:] == ["angemeldet", "überall abgemeldet"]


def test_a_given_password_must_be_changed_before_anything_else(town, monkeypatch):
    accounts.add(town, "neu", Role.RELEASER, OTHER, given=True)
    visitor = Visitor()
    assert visitor.sign_in("neu", OTHER).header("location") == "/konto/kennwort"
    assert not Visitor.may(monkeypatch, Role.EDITOR, **_context(visitor))
    fields = {"marke": visitor.mark("/konto/kennwort"), "bisher": OTHER, "neu": GOOD, "noch": GOOD}
    assert visitor.send("/konto/kennwort", fields).status == 303
    assert Visitor.may(monkeypatch, Role.RELEASER, **_context(visitor))
    assert Visitor().sign_in("neu", OTHER).status == 403


# --- cookies --------------------------------------------------------------------------------------


def _forged(town: Folders) -> dict[str, str]:
    """Values of a cookie that we never gave out, or that no longer count."""
    held = sessions.begin(town, accounts.found(town, "frida"))
    number, _, mark = held.partition(".")
    own = Signer(b"0" * 32, salt="session", key_derivation="hmac").sign(number).decode()
    ended = sessions.begin(town, accounts.found(town, "frida"))
    sessions.end(town, ended)
    lea, _, lea_mark = sessions.begin(town, accounts.found(town, "lea")).partition(".")
    return {
        "empty": "",
        "a name": "frida",
        "a role": "freigabe",
        "json": '{"name":"frida","role":2}',
        "no mark": number,
        "empty mark": f"{number}.",
        "cut mark": held[:-1],
        "mark of another": f"{number}.{lea_mark}",
        "number of another": f"{lea}.{mark}",
        "another key": own,
        "marked for a form": sessions.form_mark(town, number),
        "ended": ended,
        "up the folders": "../../accounts.json",
        "very long": "a" * 100_000,
        "null": "\x00",
        "unicode": "ä.ß",
        "algorithm none": "eyJhbGciOiJub25lIn0.eyJuYW1lIjoiZnJpZGEifQ.",
    }


@pytest.mark.parametrize("kind", [
    "empty", "a name", "a role", "json", "no mark", "empty mark", "cut mark", "mark of another",
    "number of another", "another key", "marked for a form", "ended", "up the folders",
    "very long", "null", "unicode", "algorithm none",
])  # fmt: skip
def test_a_forged_cookie_is_nobody(town, monkeypatch, kind):
    value = _forged(town)[kind]
    cookies = {"__Host-bildungsblick": value}
    headers = {"Host": PUBLIC}
    assert not Visitor.may(monkeypatch, Role.READER, cookies=cookies, headers=headers)
    assert not Visitor.may(monkeypatch, Role.EDITOR, cookies=cookies, headers=headers)


def test_a_cookie_that_may_have_come_without_https_counts_at_this_machine_only(town, monkeypatch):
    held = {"bildungsblick": sessions.begin(town, accounts.found(town, "frida"))}
    assert not Visitor.may(monkeypatch, Role.EDITOR, cookies=held, headers={"Host": PUBLIC})
    assert Visitor.may(monkeypatch, Role.EDITOR, cookies=held, headers={"Host": "localhost:8501"})


def test_a_session_somebody_else_planted_is_not_the_one_after_signing_in(town):
    planted = sessions.begin(town, accounts.found(town, "lea"))
    visitor = Visitor(cookies={"__Host-bildungsblick": planted})
    visitor.sign_in("frida", GOOD)
    assert visitor.held != planted
    assert sessions.account_of(town, planted) is None, "it has ended"
    assert sessions.account_of(town, visitor.held).name == "frida"


def test_a_number_nobody_knows_is_never_taken_over(town):
    visitor = Visitor(cookies={"__Host-bildungsblick": "chosen.by-the-attacker"})
    visitor.sign_in("frida", GOOD)
    assert visitor.held not in ("", "chosen.by-the-attacker")


def test_a_cookie_of_before_signing_out_is_worth_nothing(town, monkeypatch):
    visitor = Visitor()
    visitor.sign_in("frida", GOOD)
    stolen = _context(visitor)
    assert Visitor.may(monkeypatch, Role.RELEASER, **stolen)
    visitor.send("/konto/abmelden", {"marke": visitor.mark("/konto")})
    assert not Visitor.may(monkeypatch, Role.READER, **stolen)


def test_a_cookie_of_another_town_s_installation_is_worth_nothing(town, tmp_path, monkeypatch):
    other = Folders(tmp_path / "other")
    accounts.add(other, "frida", Role.RELEASER, GOOD)
    cookies = {"__Host-bildungsblick": sessions.begin(other, accounts.found(other, "frida"))}
    assert not Visitor.may(monkeypatch, Role.EDITOR, cookies=cookies, headers={"Host": PUBLIC})


# --- open sessions --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda town: accounts.set_blocked(town, "frida", True),
        lambda town: accounts.remove(town, "frida"),
        lambda town: accounts.set_password(town, "frida", OTHER),
        lambda town: accounts.sign_out_everywhere(town, "frida"),
        lambda town: accounts.set_role(town, "frida", Role.READER),
        lambda town: (town.saved / "accounts.json").write_text("[]"),
        lambda town: (town.saved / "accounts.json").write_text("damaged"),
        lambda town: (town.saved / "sessions" / "key").write_bytes(b"1" * 32),
    ],
    ids=["blocked", "removed", "password", "everywhere", "role", "emptied", "damaged", "new key"],
)
def test_an_open_session_loses_its_rights_at_the_next_click(town, monkeypatch, change):
    visitor = Visitor()
    visitor.sign_in("frida", GOOD)
    context = _context(visitor)
    assert Visitor.may(monkeypatch, Role.EDITOR, **context)
    change(town)
    assert not Visitor.may(monkeypatch, Role.EDITOR, **context)


@pytest.mark.parametrize("passed", [sessions.IDLE + 120, sessions.LONGEST + 120])
def test_an_open_session_ends_by_itself(town, monkeypatch, passed):
    visitor = Visitor()
    visitor.sign_in("frida", GOOD)
    monkeypatch.setattr(sessions, "_now", lambda: time.time() + passed)
    assert not Visitor.may(monkeypatch, Role.READER, **_context(visitor))


# --- headers that lie -----------------------------------------------------------------------------

LIES = [
    {"X-Forwarded-User": "frida"},
    {"X-Remote-User": "frida"},
    {"Remote-User": "frida"},
    {"Authorization": "Basic ZnJpZGE6dmllcg=="},
    {"Authorization": "Bearer frida"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=localhost"},
    {"X-Real-IP": "127.0.0.1"},
    {"X-Forwarded-Host": "localhost"},
    {"X-Original-Host": "localhost"},
    {"Origin": "http://localhost:8501"},
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: next(iter(lie.items()))[0])
def test_a_header_is_nobody(town, monkeypatch, lie):
    for host in (PUBLIC, "localhost", "127.0.0.1:8501"):
        headers = {"Host": host} | lie
        for address in ("10.1.2.3", "127.0.0.1", None):
            assert not Visitor.may(monkeypatch, Role.READER, headers=headers, ip_address=address), (
                "who comes through a proxy on this machine is not at home"
            )


AWAY = [
    ({"Host": PUBLIC}, None),
    ({"Host": "localhost.boese.example"}, None),
    ({"Host": "localhost@boese.example"}, None),
    ({"Host": ""}, None),
    ({}, None),
    (HOME, "10.1.2.3"),
    (HOME, "::ffff:10.1.2.3"),
    (HOME | {"Origin": "https://boese.example"}, None),
    (HOME | {"Origin": "null"}, None),
    (HOME | {"X-Forwarded-For": "127.0.0.1"}, None),
    (HOME | {"x-forwarded-proto": "https"}, None),
    (HOME | {"Via": "1.1 proxy"}, None),
    (HOME | {"X-Real-IP": "127.0.0.1"}, None),
]


@pytest.mark.parametrize(("headers", "address"), AWAY)
def test_who_does_not_sit_at_the_machine_is_not_at_home(home, monkeypatch, headers, address):
    assert not Visitor.may(monkeypatch, Role.READER, headers=headers, ip_address=address)


def test_a_server_that_listens_elsewhere_is_nobody_s_home(home, monkeypatch):
    for address in ("0.0.0.0", "::", "10.1.2.3", None, "bildung.stadt.de"):
        monkeypatch.setattr(permission.config, "get_option", lambda _, there=address: there)
        assert not Visitor.may(monkeypatch, Role.READER, headers=HOME, ip_address=None)


@pytest.mark.parametrize("text", [f'hosts = ["{PUBLIC}"]', "home = false", "hots = 1", "home ="])
def test_settings_that_lead_elsewhere_or_are_broken_make_nobody_at_home(home, monkeypatch, text):
    home.settings.write_text(text)
    assert not Visitor.may(monkeypatch, Role.READER, headers=HOME, ip_address=None)


# --- forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"origin": None}, "anderen Webseite"),
        ({"origin": "https://boese.example"}, "anderen Webseite"),
        ({"origin": f"https://{PUBLIC}.boese.example"}, "anderen Webseite"),
        ({"origin": f"https://{PUBLIC}@boese.example"}, "anderen Webseite"),
        ({"origin": "null"}, "anderen Webseite"),
        ({"origin": f"file://{PUBLIC}"}, "anderen Webseite"),
        ({"origin": f"http://{PUBLIC}"}, "nur über https"),
        ({"content_type": "text/plain"}, "kein Formular"),
        ({"content_type": "multipart/form-data; boundary=x"}, "kein Formular"),
        ({"content_type": "application/json"}, "kein Formular"),
        ({"cookie": "bildungsblick-form=another"}, "zu lange offen"),
        ({"cookie": None}, "zu lange offen"),
    ],
)
def test_a_form_of_another_page_signs_nobody_in(town, headers, told):
    visitor = Visitor()
    fields = {"marke": visitor.mark(), "name": "frida", "kennwort": GOOD}
    answer = visitor.send("/konto/anmelden", fields, **headers)
    assert answer.status == 403 and told in answer.text
    assert not visitor.held and not history.read(town).entries


@pytest.mark.parametrize("mark", ["", "x", "1.2", None])
def test_a_form_without_our_mark_does_nothing(town, mark):
    visitor = Visitor()
    visitor.mark()
    fields = {"name": "frida", "kennwort": GOOD} | ({"marke": mark} if mark is not None else {})
    assert visitor.send("/konto/anmelden", fields).status == 403
    assert not visitor.held


def test_a_mark_made_for_somebody_else_does_nothing(town):
    attacker, victim = Visitor(), Visitor()
    victim.sign_in("frida", GOOD)
    mark = attacker.mark()
    assert victim.send("/konto/abmelden", {"marke": mark, "alle": "1"}).status == 403
    assert victim.is_signed_in()


@pytest.mark.parametrize("path", ["/konto/abmelden", "/konto/kennwort", "/konto/anmelden"])
def test_an_address_alone_changes_nothing(town, path):
    visitor = Visitor()
    visitor.sign_in("frida", GOOD)
    visitor.ask(f"{path}?alle=1&neu={OTHER}&noch={OTHER}&name=lea&kennwort={GOOD}")
    assert visitor.is_signed_in() and sessions.account_of(town, visitor.held).name == "frida"
    for method in ("PUT", "DELETE", "PATCH"):
        visitor.ask(path, method)
    assert visitor.is_signed_in()


@pytest.mark.parametrize(
    "back",
    [
        "//boese.example", "https://boese.example", "/\\boese.example", "\\\\boese.example",
        "javascript:alert(1)", "karte\r\nSet-Cookie: x=1", "karte?x=\r\ny", "..//boese.example",
        "@boese.example", "%2f%2fboese.example", "data:text/html,x", "KARTE", "k" * 3000,
    ],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(town, back):
    answer = Visitor().sign_in("lea", GOOD, zurueck=back)
    assert (answer.status, answer.header("location")) == (303, "/")
    page = Visitor().ask(f"/konto/anmelden?zurueck={back.encode('unicode_escape').decode()}")
    assert "boese.example" not in page.text and "alert" not in page.text


def test_what_was_typed_is_never_read_as_a_page(town):
    name = '"><script>alert(1)</script>{marke}'
    answer = Visitor().sign_in(name, GOOD)
    assert answer.status == 403 and "<script" not in answer.text
    assert "script-src" in answer.header("content-security-policy")
    assert answer.header("cache-control") == "no-store"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ["frida"], "kennwort": {"$ne": ""}},
        {"name": "frida' OR '1'='1", "kennwort": "x"},
        {"name": "../frida", "kennwort": GOOD},
        {"name": "frida\x00", "kennwort": GOOD},
        {"name": "frida", "kennwort": ""},
        {"name": "frida"},
        {},
        {"name": "f" * 7000, "kennwort": GOOD},
        {"name": "frida", "kennwort": "x" * 7000},
        {"name": "*", "kennwort": "*"},
    ],
)
def test_strange_fields_sign_nobody_in(town, fields):
    visitor = Visitor()
    answer = visitor.send("/konto/anmelden", {"marke": visitor.mark()} | fields)
    assert answer.status == 403 and "Name oder Kennwort stimmt nicht." in answer.text
    assert not visitor.held


def test_a_huge_form_is_not_read(town):
    visitor = Visitor()
    body = b"marke=" + visitor.mark().encode() + b"&name=frida&kennwort=" + b"x" * 1_000_000
    answer = visitor.ask("/konto/anmelden", "POST", body)
    assert answer.status == 403 and "zu groß" in answer.text


def test_many_fields_are_no_form(town):
    visitor = Visitor()
    body = b"&".join(b"a=1" for _ in range(1000))
    assert visitor.ask("/konto/anmelden", "POST", body).status == 403


# --- guessing -------------------------------------------------------------------------------------


def test_answers_tell_nothing_of_which_accounts_there_are(town):
    accounts.set_blocked(town, "rosa", True)
    accounts.add(town, "dora@stadt.de", Role.RELEASER)
    pages = set()
    for name in ("frida", "rosa", "dora@stadt.de", "niemand"):
        answer = Visitor().sign_in(name, "falsch falsch falsch")
        text = answer.text.replace(name, "NAME")
        mark = text.split('name="marke" value="')[1].split('"')[0]
        pages.add((answer.status, text.replace(mark, "MARK")))
    assert len(pages) == 1


@pytest.mark.parametrize("name", ["frida", "niemand"])
def test_guessing_is_stopped_whoever_guesses_and_whatever_is_changed(town, name):
    words = []
    for number in range(8):
        visitor = Visitor()  # another browser each time
        given = [name, name.upper(), f" {name}", f"{name} "][number % 4]
        words.append("zu oft" in visitor.sign_in(given, f"falsch {number} falsch").text)
    assert words == [False] * accounts.FREE + [True] * 3
    assert "zu oft" in Visitor().sign_in(name, GOOD).text
    lies = {"x_forwarded_for": "1.2.3.4", "x_real_ip": "1.2.3.4"}
    visitor = Visitor()
    fields = {"marke": visitor.mark(), "name": name, "kennwort": GOOD}
    assert "zu oft" in visitor.send("/konto/anmelden", fields, **lies).text
    acts = [one.act for one in history.read(town).entries]
    assert acts == (["zu oft falsch angemeldet"] if name == "frida" else [])


def test_the_old_password_is_asked_for_and_guessing_it_is_stopped_too(town):
    visitor = Visitor()
    visitor.sign_in("frida", GOOD)
    mark = visitor.mark("/konto/kennwort")
    for _ in range(8):
        fields = {"marke": mark, "bisher": "falsch falsch falsch", "neu": OTHER, "noch": OTHER}
        assert visitor.send("/konto/kennwort", fields).status == 403
    fields = {"marke": mark, "bisher": GOOD, "neu": OTHER, "noch": OTHER}
    assert visitor.send("/konto/kennwort", fields).status == 403
    assert accounts.wrong_attempts(town, "frida") == accounts.FREE


def test_others_are_signed_out_when_a_password_is_changed(town, monkeypatch):
    thief, owner = Visitor(), Visitor()
    thief.sign_in("frida", GOOD)
    owner.sign_in("frida", GOOD)
    mark = owner.mark("/konto/kennwort")
    fields = {"marke": mark, "bisher": GOOD, "neu": OTHER, "noch": OTHER}
    assert owner.send("/konto/kennwort", fields).status == 303
    assert owner.is_signed_in() and not thief.is_signed_in()
    assert not Visitor.may(monkeypatch, Role.READER, **_context(thief))


# --- the provider's word --------------------------------------------------------------------------


class _User(dict):
    """What Streamlit knows of who has logged in."""

    def to_dict(self) -> dict:
        return dict(self)


@pytest.mark.parametrize(
    ("claims", "allowed"),
    [
        ({}, True),
        ({"is_logged_in": False}, False),
        ({"is_logged_in": "true"}, False),
        ({"exp": 1}, False),
        ({"exp": None}, False),
        ({"email": "frida"}, False),
        ({"email": "eva@stadt.de"}, False),
        ({"email_verified": False}, False),
    ],
)
@pytest.mark.parametrize("has_provider", [True, False])
def test_a_provider_s_word_counts_while_its_token_holds(
    town, monkeypatch, claims, allowed, has_provider
):
    accounts.add(town, "dora@stadt.de", Role.RELEASER)
    more = 'provider = "email"' if has_provider else ""
    town.settings.write_text(f'hosts = ["{PUBLIC}"]\n{more}')
    token = {"is_logged_in": True, "email": "dora@stadt.de", "exp": time.time() + 60}
    monkeypatch.setattr(permission.st, "user", _User(token | claims))
    may = Visitor.may(monkeypatch, Role.RELEASER, headers={"Host": PUBLIC})
    assert may is (allowed and has_provider)


# --- copies ---------------------------------------------------------------------------------------


def test_a_copy_is_for_who_sits_at_the_machine(home):
    (home.data / "look.toml").write_text('name = "Amt"')
    visitor = Visitor("localhost:8501", "http", client="127.0.0.1")
    answer = visitor.send("/konto/sicherung", {"marke": visitor.mark("/konto/sicherung")})
    assert answer.status == 200 and "bildungsblick-" in answer.header("content-disposition")
    assert [one.act for one in history.read(home).entries] == ["gesichert"]


@pytest.mark.parametrize("name", ["", "lea", "frida"])
def test_a_copy_is_for_nobody_else(town, name):
    visitor = Visitor()
    if name:
        visitor.sign_in(name, GOOD)
    assert visitor.ask("/konto/sicherung").status == 403
    answer = visitor.send("/konto/sicherung", {"marke": visitor.mark()})
    assert answer.status == 403 and not answer.header("content-disposition")


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://boese.example"}, {"origin": None}, {"x_forwarded_for": "1.2.3.4"}],
)
def test_a_copy_is_not_to_be_had_through_somebody_s_browser_or_proxy(home, headers):
    visitor = Visitor("localhost:8501", "http", client="127.0.0.1")
    mark = visitor.mark("/konto/sicherung")
    assert visitor.send("/konto/sicherung", {"marke": mark}, **headers).status == 403
    visitor.client = "10.1.2.3"
    assert visitor.send("/konto/sicherung", {"marke": mark}).status == 403


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/konto/../saved/accounts.json", "/konto/%2e%2e/accounts.json", "/konto/accounts.json",
        "/saved/accounts.json", "/konto/anmelden/../../data/settings.toml", "/auth/login",
        "/auth/logout", "/oauth2callback", "/_stcore/metrics", "/_stcore/agent/mcp",
        "/_stcore/script-health-check", "/component/x", "/app/static/x",
    ],
)  # fmt: skip
def test_no_address_leads_to_files_or_closed_doors(town, path):
    answer = Visitor().ask(path)
    assert "argon2" not in answer.text
    assert answer.status == 404 or answer.text == "page", "Streamlit's own page, which has no file"


def test_our_own_addresses_are_these_and_only_forms_of_sign_in_change_anything():
    """A new route has to be thought of here: who may, and does it write?"""
    found = {
        (route.path, tuple(sorted(getattr(route, "methods", None) or ())))
        for route in server.routes()
    }
    get, post = ("GET", "HEAD"), ("POST",)
    assert found == {
        ("/healthz", get),
        ("/karten/{name}", get),
        ("/werte/{name}", get),  # found only by who was given the address
        ("/bild", get),
        ("/bildungsblick", ()),
        ("/konto", get),
        ("/konto/anmelden", get),
        ("/konto/anmelden", post),
        ("/konto/abmelden", post),
        ("/konto/kennwort", get),
        ("/konto/kennwort", post),
        ("/konto/sicherung", get),
        ("/konto/sicherung", post),
    }


LARGE = uploads.OF_READERS + 1


@pytest.mark.parametrize(
    ("name", "length", "status"),
    [
        ("", str(LARGE), 403),
        ("lea", str(LARGE), 403),
        ("rosa", str(LARGE), 200),
        ("", "2000", 200),  # an agenda from a file is for everybody
        ("rosa", str(60 * 1024 * 1024), 413),
        ("rosa", None, 411),
        ("rosa", "-1", 411),
        ("", "²", 411),
    ],
)
def test_large_files_come_only_from_who_may_read_them_in(name, length, status):
    visitor = Visitor()
    if name:
        visitor.sign_in(name, GOOD)
    path = "/_stcore/upload_file/session/file"
    assert visitor.ask(path, "PUT", b"x", content_length=length).status == status


def test_a_forged_session_sends_no_large_file():
    visitor = Visitor(cookies={"__Host-bildungsblick": "x.y"})
    path = "/_stcore/upload_file/session/file"
    assert visitor.ask(path, "PUT", b"x", content_length=str(LARGE)).status == 403


@pytest.mark.parametrize("path", ["/konto", "/konto/kennwort"])
def test_without_signing_in_there_is_only_the_way_in(path):
    answer = Visitor().ask(path)
    assert (answer.status, answer.header("location")) == (303, "/konto/anmelden")


@pytest.mark.parametrize("host", ["boese.example", "localhost.boese.example", "", "10.0.0.1"])
def test_under_another_name_nobody_signs_in(town, host):
    visitor = Visitor(host)
    fields = {"marke": "x", "name": "frida", "kennwort": GOOD}
    assert visitor.send("/konto/anmelden", fields).status in (400, 421)
