"""The shipped boundaries become small map files without gaps between neighbours."""

import json
import re
from collections import Counter
from datetime import date

import pytest

from indicators import folders
from indicators.errors import BuildError
from indicators.publishing.boundaries import build_map_files

ARCHIVE = folders.SHIPPED / "boundaries/vg2500_2022-12-31/vg2500_12-31.utm32s.shape.zip"
DAY = date(2022, 12, 31)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    target = tmp_path_factory.mktemp("maps")
    return {file.level: file for file in build_map_files(ARCHIVE, DAY, target)}


@pytest.fixture(scope="module")
def maps(files):
    return {level: json.loads(file.path.read_text()) for level, file in files.items()}


def rings(path):
    """The corner points of each ring of an SVG path, absolute."""
    for ring in re.findall(r"M([^z]*)z", path):
        (x, y), *steps = (
            map(int, pair) for pair in re.findall(r"(-?\d+)\D*?(-?\d+)", ring.replace("l", " "))
        )
        points = [(x, y)]
        for dx, dy in steps:
            x, y = x + dx, y + dy
            points.append((x, y))
        yield points


def edges(path):
    """Every piece of border, without its direction."""
    for points in rings(path):
        for pair in zip(points, points[1:] + points[:1], strict=True):
            yield tuple(sorted(pair))


def signed_area(points):
    following = points[1:] + points[:1]
    return sum(x * v - u * y for (x, y), (u, v) in zip(points, following, strict=True)) / 2


def test_all_regions_of_every_level(files, maps):
    counts = {level: len(set(file.region_ids)) for level, file in files.items()}
    assert counts == {"kreis": 400, "regierungsbezirk": 19, "land": 16}
    for level, content in maps.items():
        assert tuple(content["ids"]) == files[level].region_ids
        for part in ("names", "paths", "points", "boxes"):
            assert len(content[part]) == counts[level]
    kreise = dict(zip(maps["kreis"]["ids"], maps["kreis"]["names"], strict=True))
    assert kreise["09464"] == "Hof, kreisfreie Stadt"
    assert kreise["09475"] == "Hof, Landkreis"
    assert maps["land"]["names"][8] == "Bayern"


def test_the_same_archive_gives_the_same_bytes(files, tmp_path):
    for again in build_map_files(ARCHIVE, DAY, tmp_path):
        first = files[again.level]
        assert again.name == first.name
        assert again.path.read_bytes() == first.path.read_bytes()
    assert re.fullmatch(r"kreis-2022-12-31-[0-9a-f]{16}\.json", files["kreis"].name)
    assert len(list(tmp_path.iterdir())) == 3  # and no temporary file is left


def test_neighbours_share_their_border_exactly(maps):
    """A border inside Germany is drawn by two Kreise, the outer one by one Kreis and its Land."""
    kreise = Counter(edge for path in maps["kreis"]["paths"] for edge in edges(path))
    lands = Counter(edge for path in maps["land"]["paths"] for edge in edges(path))
    assert set(kreise.values()) == {1, 2}
    assert {edge for edge, count in kreise.items() if count == 1} == {
        edge for edge, count in lands.items() if count == 1
    }
    assert set(lands) <= set(kreise)


def test_a_town_is_not_filled_by_the_landkreis_around_it(maps):
    kreise = dict(zip(maps["kreis"]["ids"], maps["kreis"]["paths"], strict=True))
    outer, hole = sorted(map(signed_area, rings(kreise["09475"])), key=abs, reverse=True)[:2]
    town = sum(map(signed_area, rings(kreise["09464"])))
    assert outer * hole < 0
    assert hole == -town


def test_points_and_boxes_lie_on_the_map(maps):
    for content in maps.values():
        for (x, y), (left, top, right, bottom) in zip(
            content["points"], content["boxes"], strict=True
        ):
            assert 0 <= left < x < right <= content["width"]
            assert 0 <= top < y < bottom <= content["height"]


def test_lands_are_outlined_on_the_smaller_levels(maps):
    lands = dict(zip(maps["land"]["ids"], maps["land"]["paths"], strict=True))
    assert maps["kreis"]["outlines"] == lands
    assert maps["land"]["outlines"] == {}


def test_the_files_are_small(files):
    assert files["kreis"].path.stat().st_size < 300_000
    assert sum(file.path.stat().st_size for file in files.values()) < 400_000


@pytest.mark.parametrize("content", [None, b"kein Archiv"])
def test_a_broken_archive_is_refused_in_german(content, tmp_path):
    archive = tmp_path / "grenzen.zip"
    if content is not None:
        archive.write_bytes(content)
    with pytest.raises(BuildError, match=r"grenzen\.zip lassen sich nicht lesen.*Bitte"):
        build_map_files(archive, DAY, tmp_path / "maps")
    assert not (tmp_path / "maps").exists()
