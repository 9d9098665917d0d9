"""What steps of builds before computed, for the next one: a step whose code, definitions and files
are all the same is not done again.

A result is found under a digest of everything it was made of (`Results.digest`), so there is
nothing to compare; what depends on the day is not kept. It lies in the office's own folder, because
it holds what is not protected yet, sealed with the office's key: what somebody else put there, or
what was half written, is not opened but computed. Which numbers of a group are hidden may be taken
from here too (`patterns`): the finished file is checked against its proofs and audited in any case.
"""

import hashlib
import hmac
import os
import pickle
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow

from indicators import writing
from indicators.errors import BuildError

# its name in the office's folder
FOLDER = "zwischenergebnisse"
_LIBRARIES = ("pandas", "numpy", "pyarrow", "duckdb", "pydantic", "openpyxl", "geopandas")
_PACKAGE = Path(__file__).parent.parent
_SEAL = "sha256"
# Columns repeat the same few words: a tenth of the size at the speed of the disk.
_CODEC = "zstd"


@cache
def _code() -> str:
    """A digest of all code and libraries that a result may depend on."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    for name in _LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()


class Results:
    """The results in `folder`, sealed with `key`; `anew`: none is taken, all are left for the
    next. Without a folder nothing is."""

    def __init__(self, folder: Path | None = None, key: bytes = b"", *, anew: bool = False):
        self._folder, self._key, self._anew = folder, key, anew
        self._used: set[str] = set()

    def digest(self, *made_of: object) -> str:
        """The name of what is made of these things, which say in their `repr` all that they are."""
        digest = hashlib.sha256(_code().encode())
        for thing in made_of:
            text = thing if isinstance(thing, str) else repr(thing)
            digest.update(f"{len(text)} {text}\n".encode())
        return digest.hexdigest()

    def read(self, digest: str) -> tuple[Any] | None:
        """What is kept under this digest, in a tuple, or None."""
        if self._folder is None or self._anew:
            return None
        try:
            content = (self._folder / digest).read_bytes()
        except OSError:
            return None
        seal, size, packed = content[:32], content[32:40], content[40:]
        if not hmac.compare_digest(seal, self._seal(digest, size + packed)):
            return None
        unpacked = pyarrow.Codec(_CODEC).decompress(packed, int.from_bytes(size), asbytes=True)
        self._used.add(digest)
        return (pickle.loads(unpacked),)

    def keep(self, digest: str, pickled: bytes) -> None:
        """Keeps a result for the next build. Where nothing can be written the build goes on: the
        next one computes again."""
        if self._folder is None:
            return
        size = len(pickled).to_bytes(8)
        packed = size + pyarrow.Codec(_CODEC).compress(pickled, asbytes=True)
        self._used.add(digest)
        part = self._folder / f".{digest}{writing.PART}"
        try:
            writing.folder(self._folder, private=True)
            with open(part, "wb", opener=_private) as file:
                file.write(self._seal(digest, packed) + packed)
            # not settled on the disk first: what is lost with the current is only computed again
            part.replace(self._folder / digest)
        except (BuildError, OSError):
            writing.discard(part)

    def _seal(self, digest: str, packed: bytes) -> bytes:
        return hmac.new(self._key, digest.encode() + packed, _SEAL).digest()

    def forget_others(self) -> None:
        """Removes what this build neither took nor made."""
        if self._folder is None or not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.name not in self._used:
                writing.discard(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
