"""The values of a map are one file for all periods and readers; a click sends what was chosen."""

import gzip
import json
from dataclasses import replace

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from indicators.figures.map import MapPicture, classify, map_classes
from pages.shared import map_values


def picture(**changes) -> MapPicture:
    generator = np.random.default_rng(1)
    values = generator.uniform(1, 90, (14, 400)).round(1)
    made = MapPicture(
        title="Anteil",
        alt_text="Karte",
        map_file="kreise.json",
        areas="Kreise",
        boundary_note="",
        periods=tuple(str(2010 + year) for year in range(14)),
        selected="2023",
        region_ids=tuple(f"{number:05}" for number in range(400)),
        codes=classify(values, (20.0, 50.0), 1),
        values=values,
        classes=map_classes((20.0, 50.0), 1, "%"),
        decimals=1,
        unit="%",
        names=tuple(f"Landkreis Nummer {number}" for number in range(400)),
    )
    return replace(made, **changes)


def get(path: str, encoding: str = "gzip") -> Response:
    name = path.removeprefix(map_values.ROUTE)
    headers = [(b"accept-encoding", encoding.encode())]
    return map_values.served(
        Request({"type": "http", "headers": headers, "path_params": {"name": name}})
    )


def content(answer: Response) -> dict:
    body = bytes(answer.body)
    compressed = answer.headers.get("content-encoding") == "gzip"
    return json.loads(gzip.decompress(body) if compressed else body)


def test_another_period_or_own_region_sends_no_values_again():
    shown = picture()
    first = map_values.chosen(shown)
    for other in (
        shown.at("2011"),
        picture(alt_text="Karte von 2011", selected="2011"),
        picture(own=("00001",), own_label="Landkreis Nummer 1"),
    ):
        sent = map_values.chosen(other)
        assert sent["values_file"] == first["values_file"]
        assert len(json.dumps(sent)) < 1_000
    assert map_values.chosen(shown.at("2011"))["selected"] == 1


def test_other_values_are_another_file():
    shown = picture()
    others = shown.values.copy()
    others[0, 0] += 1
    one, other = map_values.chosen(shown), map_values.chosen(picture(values=others))
    assert one["values_file"] != other["values_file"]


def test_what_was_chosen_and_the_file_are_all_that_a_map_needs():
    shown = picture(own=("00001",), extent=("00001", "00002"))
    sent = map_values.chosen(shown)
    answer = get(sent.pop("values_file"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    together = content(answer) | sent
    assert together == json.loads(json.dumps(shown.payload()))
    assert shown.nearest_period == together["periods"][together["selected"]]


def test_the_file_travels_compressed_where_the_browser_can_read_that():
    path = map_values.chosen(picture())["values_file"]
    small, whole = get(path), get(path, "identity")
    assert small.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in whole.headers
    assert content(small) == content(whole)
    assert len(small.body) < 0.75 * len(whole.body)


def test_a_file_that_no_map_has_is_none():
    answer = get(f"{map_values.ROUTE}0123456789abcdef0123.json")
    assert answer.status_code == 404
    assert "gibt es nicht mehr" in bytes(answer.body).decode()
