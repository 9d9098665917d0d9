"""Headlines for a wall: how much of a sentence stands in large letters, and how large."""

import re
from collections.abc import Sequence

from indicators.figures.drawing import wrapped

LINES = 2
# What a headline may end with, so that the rest can stand below it.
_END_OF_FINDING = re.compile(
    r"; |, (?=[^,;]*\b(?:mehr|weniger|höher|niedriger|länger|kürzer|so viel) (?:als|wie) im )"
)


def headline_of(sentence: str, width: float, sizes: Sequence[float]) -> tuple[str, str, float]:
    """A headline of at most LINES, what is said below it in smaller letters, and its size: the
    whole sentence where it fits, else as much of its beginning as can stand alone."""
    ends = [found.span() for found in _END_OF_FINDING.finditer(sentence)]
    for end, begin in [(len(sentence), len(sentence)), *reversed(ends)]:
        headline, more = sentence[:end], sentence[begin:]
        for size in sizes:
            # letters of a browser may be a little wider
            if len(wrapped(headline, 0.97 * width, size)) <= LINES:
                return headline, more[:1].upper() + more[1:], size
    return headline, more[:1].upper() + more[1:], sizes[-1]
