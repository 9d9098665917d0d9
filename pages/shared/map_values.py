"""The values of maps as files: what is the same for every period, region and reader goes to the
browser once, and a click sends only what was chosen.

A file is named by its content and a secret of this process, so the browser keeps it, and only who
was given the address finds it: of a preview nobody can guess numbers and ask whether they are so.
It is held here as long as the map it belongs to is.
"""

import gzip
import hmac
import json
import secrets
from typing import Any
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from indicators.figures.map import MapPicture
from pages.shared.kept import kept

ROUTE = "werte/"  # served by the application, relative to the page's address
# What of a map depends on the choice of a period, of the own region or of what is compared.
CHOSEN = (
    *("title", "alt", "areas", "note", "selected", "own", "ownLabel", "extent", "legendTitle"),
    "circles",
)


class File:
    """The content of one file, compressed."""

    def __init__(self, content: bytes):
        self.content = content


_SECRET = secrets.token_bytes(16)
_files: WeakValueDictionary[str, File] = WeakValueDictionary()


@kept(400)
def _split(picture: MapPicture) -> tuple[dict[str, Any], File]:
    payload = picture.payload()
    chosen = {name: payload.pop(name) for name in CHOSEN if name in payload}
    content = json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()
    mark = hmac.digest(_SECRET, content, "sha256").hex()[:32]
    name = f"{mark}.json"
    file = _files.get(name) or File(gzip.compress(content, 6, mtime=0))
    _files[name] = file
    return chosen | {"values_file": ROUTE + name}, file


def chosen(picture: MapPicture) -> dict[str, Any]:
    """What a map sends with a click: what was chosen, and the address of the file with the rest."""
    return _split(picture)[0]


def served(request: Request) -> Response:
    """The file of this name, kept by the browser for good."""
    file = _files.get(request.path_params["name"])
    if file is None:
        return PlainTextResponse("Diese Kartenwerte gibt es nicht mehr.", status_code=404)
    headers = {
        "cache-control": "private, max-age=31536000, immutable",
        "vary": "accept-encoding",
        "content-encoding": "gzip",
    }
    content = file.content
    if "gzip" not in request.headers.get("accept-encoding", ""):
        del headers["content-encoding"]
        content = gzip.decompress(content)
    return Response(content, media_type="application/json", headers=headers)
