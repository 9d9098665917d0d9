"""Download from a server of our own, and receipt: what is kept, what is said, no halves."""

import tomllib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
from urllib3.util import Retry

from indicators import writing
from indicators.errors import BuildError, DownloadError, FileError
from indicators.folders import Folders
from indicators.publishing.deliveries import deliveries
from indicators.sources import receiving, stock, update
from tests.zoo.builders import STAND, Sample, datencsv, ffcsv, zipped

CODES = ("21111-02-06-4", "12411-01-01-4", "AI-N-06")


def _table(code: str, seed: int = 1, stand: str = STAND, **how) -> bytes:
    return datencsv(Sample(code=code).filled(seed=seed), stand=stand, **how)


CATALOG = SimpleNamespace(
    tables=lambda: {
        code: (
            SimpleNamespace(publisher="Statistische Ämter", licence="dl-de/by-2-0"),
            SimpleNamespace(title=f"Titel von {code}", download=code != "AI-N-06"),
        )
        for code in CODES
    }
)


class _Folders(Folders):
    """A data folder without the shipped files."""

    @property
    def official(self):
        return self.data / "official"

    @property
    def examples(self):
        return [self.data / "example"]


@pytest.fixture
def folders(tmp_path):
    return _Folders(tmp_path / "data")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(update, "_RETRIES", update._RETRIES.new(backoff_factor=0))
    assert isinstance(update._RETRIES, Retry)


@contextmanager
def _server(answers: dict[str, list]):
    """Serves a list of answers per code; each is bytes, a status, or (bytes, promised length). The
    last one is repeated."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            code = self.path.removeprefix("/tables/").removesuffix("_00.csv")
            asked.append(code)
            queue = answers.get(code, [404])
            answer = queue.pop(0) if len(queue) > 1 else queue[0]
            status, body, length = 200, b"", None
            if isinstance(answer, int):
                status = answer
            elif isinstance(answer, tuple):
                body, length = answer
            else:
                body = answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tables", asked
    finally:
        server.shutdown()
        server.server_close()


def _files(folders) -> list[str]:
    root = folders.received
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def _run(folders, answers: dict[str, list]):
    with _server(answers) as (base, asked):
        results = update.update(CATALOG, folders, base)
    return {result.code: result for result in results}, asked


GOOD = {code: [_table(code)] for code in CODES}


def test_new_editions_are_kept_with_their_origin(folders):
    heard = []
    with _server(GOOD) as (base, asked):
        results = update.update(CATALOG, folders, base, heard.append)
    assert results == heard and asked == list(CODES[:2])  # the third is not for download
    assert [result.outcome for result in results] == ["new", "new"]
    name = "21111-02-06-4/21111-02-06-4_2025-03-13.csv"
    assert _files(folders)[2:] == [name, f"{name}.origin.toml"]
    assert (folders.received / name).read_bytes() == GOOD["21111-02-06-4"][0]
    origin = tomllib.loads((folders.received / f"{name}.origin.toml").read_text("utf-8"))
    assert origin.pop("downloaded") and len(origin.pop("sha256")) == 64
    assert origin == {
        "table": "21111-02-06-4",
        "publisher": "Statistische Ämter",
        "title": "Titel von 21111-02-06-4",
        "attribution": results[0].stored and origin["attribution"],
        "licence": "dl-de/by-2-0",
        "stand": results[0].stored.stand,
        "url": f"{base}/21111-02-06-4_00.csv",
        "file": "21111-02-06-4_2025-03-13.csv",
        "position": 1,
    }
    assert origin["attribution"].startswith("© Statistische Ämter des Bundes und der Länder")
    assert len(deliveries(folders)) == 2  # the build accepts them
    assert "Stand 13.03.2025, 28 Tabellenfelder" in results[0].message


def test_what_is_there_already_is_not_kept_twice(folders):
    _run(folders, GOOD)
    before = _files(folders)
    results, _ = _run(folders, GOOD)
    assert {result.outcome for result in results.values()} == {"unchanged"}
    assert "liegt schon vor" in results["12411-01-01-4"].message
    assert _files(folders) == before


def test_a_newer_edition_stands_beside_the_old_one(folders):
    _run(folders, GOOD)
    newer = _table(CODES[0], 2, "Stand: 01.02.2026 / 10:00:00")
    results, _ = _run(folders, GOOD | {CODES[0]: [newer]})
    assert results[CODES[0]].outcome == "new"
    kept = [k.path.name for k in stock.kept_files(folders) if k.origin.table == CODES[0]]
    assert kept == ["21111-02-06-4_2025-03-13.csv", "21111-02-06-4_2026-02-01.csv"]


def test_a_corrected_edition_of_the_same_day_does_not_overwrite(folders):
    _run(folders, GOOD)
    _run(folders, GOOD | {CODES[0]: [_table(CODES[0], 2)]})
    assert (folders.received / CODES[0] / "21111-02-06-4_2025-03-13_fassung2.csv").is_file()
    assert len(deliveries(folders)) == 3


def test_an_older_edition_is_not_taken(folders):
    _run(folders, GOOD)
    older = _table(CODES[0], 2, "Stand: 12.03.2025 / 10:00:00")
    results, _ = _run(folders, GOOD | {CODES[0]: [older]})
    assert results[CODES[0]].outcome == "older"
    assert "12.03.2025 ist älter als der vorliegende vom 13.03.2025" in results[CODES[0]].message
    assert len(_files(folders)) == 4


def test_an_overloaded_server_is_asked_again(folders):
    results, asked = _run(folders, GOOD | {CODES[0]: [500, 429, GOOD[CODES[0]][0]]})
    assert results[CODES[0]].outcome == "new"
    assert asked.count(CODES[0]) == 3


def test_a_body_that_ends_too_early_is_asked_for_again(folders):
    whole = GOOD[CODES[0]][0]
    results, asked = _run(folders, GOOD | {CODES[0]: [(whole[:200], len(whole)), whole]})
    assert results[CODES[0]].outcome == "new" and asked.count(CODES[0]) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (500, "Fehler 500"),
        (404, "Fehler 404"),
        (b"<html><title>Wartung</title>", "Internetseite („Wartung“)"),
        (b'{"Status":{"Code":15,"Content":"nicht angemeldet"}}', "nicht angemeldet"),
        (b"", "leer"),
        ((_table(CODES[0])[:300], 9999), "bricht ab"),
        (_table(CODES[0])[:300], "Fuß der Tabelle"),
        (_table(CODES[0], stand=""), "unvollständig"),
        (_table("12411-05-01-4"), "enthält aber die Tabelle 12411-05-01-4"),
        (ffcsv(Sample(code="12411-01-01-4").filled()), "enthält aber Werte der Statistik 12411"),
        (zipped({"a.csv": _table(CODES[0]), "b.csv": _table(CODES[1])}), "andere Tabelle"),
    ],
)
def test_one_failing_table_stops_neither_the_others_nor_harms_what_is_there(folders, answer, words):
    _run(folders, GOOD)
    before = _files(folders)
    newer = _table(CODES[1], 2, "Stand: 01.02.2026 / 10:00:00")
    results, _ = _run(folders, {CODES[0]: [answer], CODES[1]: [newer]})
    assert results[CODES[0]].outcome == "failed" and words in results[CODES[0]].message
    assert results[CODES[1]].outcome == "new"
    assert set(_files(folders)) - set(before) == {
        f"{CODES[1]}/{CODES[1]}_2026-02-01.csv",
        f"{CODES[1]}/{CODES[1]}_2026-02-01.csv.origin.toml",
    }


def test_a_body_without_end_is_cut_off(folders, monkeypatch):
    monkeypatch.setattr(update, "_MAX_BYTES", 1000)
    results, _ = _run(folders, GOOD | {CODES[0]: [b"x" * 200_000]})
    assert "größer als" in results[CODES[0]].message


def test_without_connection_there_is_one_message(folders):
    with _server({}) as (base, _):
        pass
    heard = []
    with pytest.raises(DownloadError, match="nicht erreichbar.*Nächster Schritt") as caught:
        update.update(CATALOG, folders, base, heard.append)
    assert str(caught.value).count("erreichbar") == 1 and heard == []
    assert not folders.received.exists()


def test_a_connection_that_breaks_off_keeps_what_came(folders, monkeypatch):
    def fetch(code):
        if code == CODES[1]:
            raise update._Unreachable("weg")
        return GOOD[code][0], "http://x"

    monkeypatch.setattr(update, "_from_web", lambda base: fetch)
    first, second = update.update(CATALOG, folders, "http://x")
    assert (first.outcome, second.outcome) == ("new", "failed")
    assert "abgerissen" in second.message


def test_tables_may_come_from_a_folder(folders, tmp_path):
    source = tmp_path / "stick"
    source.mkdir()
    (source / f"{CODES[0]}.csv").write_bytes(GOOD[CODES[0]][0])
    (first,) = update.update(CATALOG, folders, str(source))
    (second,) = update.update(CATALOG, folders, str(source), only=[CODES[1]])
    assert first.outcome == "new" and "liegt weder" in second.message
    with pytest.raises(DownloadError, match="Den Ordner .* gibt es nicht"):
        update.update(CATALOG, folders, str(tmp_path / "fehlt"))


# --- files given by hand ------------------------------------------------------------------------


def test_a_file_given_by_hand_is_kept_once(folders):
    content = GOOD["AI-N-06"][0]
    first = receiving.store(content, "Bildung (neu).csv", folders)
    assert first.is_new and first.path == folders.received / "AI-N-06" / "AI-N-06_2025-03-13.csv"
    again = receiving.store(content, "anders.csv", folders)
    assert not again.is_new and again.path == first.path and "liegt schon vor" in again.message
    (delivery,) = deliveries(folders)
    assert delivery.publisher == "Statistische Ämter des Bundes und der Länder"
    assert (delivery.licence, delivery.obtained_from) == ("dl-de/by-2-0", "von Hand angenommen")


def test_flat_files_keep_the_name_that_tells_their_table(folders):
    name = "21111-02-06-4_1773175772751_de_flat"
    archive = zipped({f"{name}.csv": ffcsv(Sample().filled())})
    stored = receiving.store(archive, f"{name}.zip", folders, CATALOG)
    assert stored.path == folders.received / "21111-02-06-4" / f"{name}.zip"
    (delivery,) = deliveries(folders)
    assert delivery.attribution == "© Statistische Ämter, 2026"
    unknown = receiving.store(ffcsv(Sample().filled(seed=2)), "../../daten\n.csv", folders)
    assert unknown.path == folders.received / "unbekannt" / "daten_.csv" and unknown.code is None


def test_a_bad_file_leaves_no_trace(folders):
    archive = zipped({"a.csv": _table(CODES[0]), "b.csv": b"<html>"})
    with pytest.raises(FileError, match="Internetseite"):
        receiving.store(archive, "x.zip", folders)
    assert not folders.received.exists()


def test_a_full_disk_leaves_nothing_by_halves(folders, monkeypatch):
    original = writing.settle

    def settle(part, path, **more):
        if path.suffix == ".toml":
            raise BuildError("kein Platz")
        original(part, path, **more)

    monkeypatch.setattr(writing, "settle", settle)
    with pytest.raises(BuildError, match="kein Platz"):
        receiving.store(GOOD["AI-N-06"][0], "a.csv", folders)
    assert _files(folders) == []


def test_a_broken_origin_is_named(folders):
    stored = receiving.store(GOOD["AI-N-06"][0], "a.csv", folders)
    stored.path.with_name(stored.path.name + ".origin.toml").write_text("file = ")
    with pytest.raises(FileError, match="Herkunftsnachweis"):
        receiving.store(_table(CODES[0]), "b.csv", folders)
