"""What leaves the server: no number that protection hides is in any byte a browser gets."""

import re
import struct

import pytest

from indicators import folders as places
from indicators.folders import Folders
from indicators.release import releases
from tests.unit import protected_town as town
from tests.unit.protected_town import CITY, COUNTY, JOINT, PARTS

SHARE = town.indicator("rate", town.NEEDS, town.KIDS, more=town.BY_SIDE, minimum_denominator=1)
HEADS = town.indicator("heads", town.KIDS, more=town.BY_SIDE)


@pytest.fixture(scope="module")
def town_folder(excerpts, tmp_path_factory):
    """A release in which large primes are hidden to protect two children beside them."""
    folders = Folders(tmp_path_factory.mktemp("wire"))
    given = town.with_canaries()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "SHIPPED", excerpts)
        town.define(folders, SHARE, HEADS)
        file = tmp_path_factory.mktemp("files") / "kids.csv"
        town.deliver(folders, file, {"2023": given, "2022": town.counts(1)})
        town.build(folders)
    return folders, given


def spellings(number: int) -> list[bytes]:
    """The number as text, with German and English thousands, and as it stands in Arrow columns."""
    thousands = f"{number:,}"
    texts = [str(number), thousands, thousands.replace(",", "."), thousands.replace(",", "\u202f")]
    binary = [struct.pack("<q", number), struct.pack("<d", number), struct.pack("<i", number)]
    return [text.encode() for text in texts] + binary


def test_no_hidden_number_goes_over_the_wire(town_folder, start_server, new_window, tmp_path):
    folders, given = town_folder
    release = releases.open_release(folders)
    shown = town.seen_in(release)
    release.close()
    canaries = town.canaries(shown, given)
    assert len(canaries) >= 2
    window = new_window(start_server(folders.data))
    received: list[bytes] = []

    def frames(socket) -> None:
        socket.on(
            "framereceived",
            lambda frame: received.append(frame if isinstance(frame, bytes) else frame.encode()),
        )

    def body(response) -> None:
        kind = response.headers.get("content-type", "")
        if not re.search("javascript|css|font|image", kind):
            bodies.append(response)

    bodies: list = []
    window.listen("websocket", frames)
    window.listen("response", body)
    for address in (
        f"karte?kind=trend&indicator=heads&region={PARTS[1]}&by=side",
        f"karte?kind=ranking&indicator=heads&region={CITY}",
        f"karte?kind=map&indicator=rate&region={COUNTY}",
        f"karte?kind=table&indicator=rate&region={JOINT}&by=side",
        "uebergaenge",
    ):
        window.open(address)
        # the browser forgets them with the next page
        received += [response.body() for response in bodies if response.status == 200]
        bodies.clear()
    # the server's own log, too
    received.append((tmp_path / "server-log.txt").read_bytes())
    everything = b"\n".join(received)
    assert len(everything) > 100_000 and b"Name heads" in everything
    # what is shown is there: the search would find what it must not
    seen = max(v for c, v in shown.items() if v is not None and c[0] == JOINT and c[3] == "kids")
    assert any(spelling in everything for spelling in spellings(int(seen))), seen
    found = [c for c in canaries if any(spelling in everything for spelling in spellings(c))]
    assert not found
