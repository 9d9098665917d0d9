"""Every kind of figure in every medium beside a picture that somebody looked at.

A drawing that changes on purpose: `GOLDEN=1 pytest tests/unit/test_golden.py` draws the pictures
anew; look at each before it is committed.
"""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indicators.export.pictures import raster
from tests.unit.test_figure_kinds import NAMES, drawn

PICTURES = Path(__file__).parent / "golden"
MEDIA = {
    "card": {"width": 940, "height": 340},
    "phone": {"width": 340},
    "stage": {"width": 1168, "height": 500, "stage": True},
    "a4": {"width": 680},
}
ZOOM = 0.5  # enough to see what is missing or cut, and a tenth of the bytes
# Letters may be smoothed otherwise on another processor; a word that is gone is far above.
TOLERATED = 10  # mean difference of a pixel within a block, of 255
BLOCK = 10  # pixels: smaller than a word
ANEW = os.environ.get("GOLDEN") == "1"


def picture(name: str, medium: str) -> np.ndarray:
    svg = drawn(name, **MEDIA[medium])
    return np.asarray(Image.open(io.BytesIO(raster(svg, ZOOM))).convert("RGB"))


def worst(one: np.ndarray, other: np.ndarray) -> float:
    """The mean difference in the block that differs most: a mean of all would hide a word."""
    apart = np.abs(one.astype(int) - other).mean(axis=2)
    down, across = (-(-side // BLOCK) for side in apart.shape)
    room = ((0, down * BLOCK - apart.shape[0]), (0, across * BLOCK - apart.shape[1]))
    blocks = np.pad(apart, room).reshape(down, BLOCK, across, BLOCK)
    return float(blocks.mean(axis=(1, 3)).max())


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("name", NAMES)
def test_each_kind_looks_as_it_was_looked_at(name, medium):
    found = picture(name, medium)
    path = PICTURES / f"{name}_{medium}.png"
    if ANEW:
        PICTURES.mkdir(exist_ok=True)
        palette = Image.fromarray(found).quantize(256, dither=Image.Dither.NONE)
        palette.save(path, optimize=True)
    golden = np.asarray(Image.open(path).convert("RGB"))
    assert found.shape == golden.shape
    assert worst(found, golden) <= TOLERATED


def test_a_word_that_vanishes_is_noticed():
    """The comparison would be worth nothing if it let that pass."""
    svg = drawn("lines", **MEDIA["card"])
    without = svg.replace(">Bayern", ">")
    assert without != svg
    whole, cut = (
        np.asarray(Image.open(io.BytesIO(raster(one, ZOOM))).convert("RGB"))
        for one in (svg, without)
    )
    assert worst(whole, cut) > 2 * TOLERATED
