"""What tells a town's own files apart in a release without telling anything of them.

A checksum of a small file of known form gives its numbers away: whoever has it can try out what
could stand in the few cells that are hidden. So a release, which lies on the web server, has keyed
ones, and the key lies with the office.
"""

import hmac
import secrets
from dataclasses import dataclass, replace

from indicators import writing
from indicators.folders import Folders
from indicators.publishing.deliveries import Delivery

# the name of its file in the office's folder
KEY = "schluessel"
_LENGTH = 32


@dataclass(frozen=True)
class Fingerprints:
    """The key of a data folder."""

    key: bytes

    def marked(self, deliveries: list[Delivery]) -> list[Delivery]:
        """The deliveries with what a release may say of their content: what ships is known
        anyway."""
        return [
            replace(one, fingerprint=one.sha256 if one.shipped else self.keyed(one.sha256))
            for one in deliveries
        ]

    def keyed(self, checksum: str) -> str:
        return hmac.new(self.key, checksum.encode(), "sha256").hexdigest()


def of_folder(folders: Folders) -> Fingerprints:
    """With the key of this data folder, which is made where there is none. Without the old one the
    next build takes nothing for unchanged and publishes the same once more. Raises BuildError."""
    path = folders.office / KEY
    with writing.explained(path):
        key = path.read_bytes() if path.is_file() else b""
    if len(key) != _LENGTH:
        key = secrets.token_bytes(_LENGTH)
        writing.write(path, key, private=True)
    return Fingerprints(key)
