"""Where files lie: what ships with the project and a town's own data folder."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from indicators import toml
from indicators.errors import DefinitionError

PROJECT = Path(__file__).resolve().parent.parent
SHIPPED = PROJECT / "data"
EXAMPLE = "example"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
SHIPPED_DEFINITIONS = PROJECT / "indicators" / "definitions"
# What settings.toml may hold, with what is allowed there.
_SETTINGS = {
    "example": "true oder false",
    "hosts": "eine Liste von Servernamen",
    "home": "true oder false",
    "provider": "ein Feld des Tokens",
    "four_eyes": "true oder false",
    "keep_releases": "eine Zahl von Datenständen, 0 für alle",
}


@dataclass(frozen=True)
class Folders:
    """One data folder. What ships (official tables, boundaries, example) is always read as well.

    A second data folder has its own deliveries, definitions and releases, so that a trial never
    touches what is published.
    """

    data: Path

    @property
    def received(self) -> Path:
        return self.data / "received"

    @property
    def put_aside(self) -> Path:
        """What was received and no longer counts because another file took its place: damaged
        files and their origins. Nothing is built of it."""
        return self.received / "aside"

    @property
    def own_definitions(self) -> Path:
        return self.data / "definitions"

    @property
    def releases(self) -> Path:
        return self.data / "releases"

    @property
    def office(self) -> Path:
        """What of releases is for the office alone: Schutzberichte and Prüfberichte that name
        cells, and what proves the protection."""
        return self.data / "office"

    @property
    def candidates(self) -> Path:
        """Releases that are built and audited and not published: for the office alone. Nobody
        reaches one by an address that does not ask for a preview."""
        return self.office / "vorschau"

    @property
    def releasing(self) -> Path:
        """What is about to come into force, or to be taken back (release/publication.py)."""
        return self.office / "freigabe"

    @property
    def jobs(self) -> Path:
        """How far work in processes of its own is, and what it said (jobs.py)."""
        return self.office / "vorgaenge"

    @property
    def map_files(self) -> Path:
        """Geometry files the browser loads; named by content, so shared by all releases."""
        return self.releases / "maps"

    @property
    def official(self) -> Path:
        return SHIPPED / "official"

    @property
    def look(self) -> Path:
        """How the town signs what leaves the screen (indicators/look.py); need not be there."""
        return self.data / "look.toml"

    @property
    def templates(self) -> Path:
        """The town's own decks and letters: `folien.pptx`, `dokument.docx`; need not be there."""
        return self.data / "templates"

    @property
    def saved(self) -> Path:
        """What people save, such as agendas (indicators/saved)."""
        return self.data / "saved"

    @property
    def ready_agendas(self) -> list[Path]:
        """The folders of agendas that ship: of the education regions, and of the invented town."""
        return [folder / "agendas" for folder in (SHIPPED, *self.examples)]

    @property
    def presets(self) -> list[Path]:
        """The folders of presets of papers: those that ship, and the town's own (need not be
        there)."""
        return [PROJECT / "indicators" / "agenda" / "presets", self.data / "presets"]

    @property
    def settings(self) -> Path:
        """What a town decides about its installation, beside its data; need not be there."""
        return self.data / "settings.toml"

    @property
    def examples(self) -> list[Path]:
        """The invented town, whose definitions, deliveries and boundaries ship as well; none where
        the town's settings say `example = false`. Raises DefinitionError."""
        return [SHIPPED / EXAMPLE] if self._settings.get("example", True) else []

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which readers reach the dashboard: those of this machine, and the town's
        (`hosts = ["bildung.stadt.de"]`), as they stand in a request. Raises DefinitionError."""
        return frozenset({*LOCAL_HOSTS, *map(_host, self._settings.get("hosts", []))})

    @property
    def four_eyes(self) -> bool:
        """Whether who asks for a publication must not be who releases it (`four_eyes = true`).
        Raises DefinitionError."""
        return self._settings.get("four_eyes", False)

    @property
    def keep_releases(self) -> int:
        """How many of the newest releases are kept (`keep_releases = 20`) beside those that are
        used; 0 for all, which is what counts without the setting. Raises DefinitionError."""
        return self._settings.get("keep_releases", 0)

    @property
    def is_home(self) -> bool:
        """Whether who sits at this machine may do everything: only as long as the settings name no
        other way here, for a proxy may hide where a reader comes from. Raises DefinitionError."""
        given = self._settings
        return given.get("home", True) and not given.get("hosts")

    @property
    def provider_claim(self) -> str:
        """What of a token of the town's provider (OIDC) is the name of the account; "" where people
        sign in with a password of their own. Raises DefinitionError."""
        return self._settings.get("provider", "")

    @property
    def _settings(self) -> dict:
        """Raises DefinitionError for a setting nobody knows: a misspelt one would go unnoticed."""
        try:
            found = toml.read(self.settings.read_bytes(), self.settings.name)
        except FileNotFoundError:
            return {}
        for name in found.keys() - _SETTINGS.keys():
            allowed = ", ".join(f"{one} ({told})" for one, told in _SETTINGS.items())
            raise DefinitionError(
                f"settings.toml: Die Einstellung „{name}“ gibt es nicht. Erlaubt sind {allowed}."
            )
        for name in ("example", "four_eyes", "home"):
            if not isinstance(found.get(name, True), bool):
                raise DefinitionError(f"settings.toml: erlaubt ist nur {name} = true oder false")
        kept = found.get("keep_releases", 0)
        if isinstance(kept, bool) or not isinstance(kept, int) or kept < 0:
            raise DefinitionError(
                "settings.toml: keep_releases ist eine ganze Zahl ab 0, zum Beispiel "
                "keep_releases = 20; 0 behält alle Datenstände"
            )
        if not re.fullmatch(r"|[a-z_]{2,40}", str(found.get("provider", ""))):
            raise DefinitionError(
                "settings.toml: provider nennt das Feld des Tokens, in dem der Name des Kontos "
                'steht, zum Beispiel provider = "email"'
            )
        if not isinstance(found.get("hosts", []), list):
            raise DefinitionError(
                'settings.toml: hosts ist eine Liste, zum Beispiel hosts = ["bildung.stadt.de"]'
            )
        return found

    @property
    def boundaries(self) -> Path:
        return SHIPPED / "boundaries"

    @property
    def local_boundaries(self) -> list[Path]:
        """Where boundaries of Gemeinden and Stadtteile lie: the invented town's and the town's own
        (any of them may be absent)."""
        return [folder / "boundaries" for folder in (*self.examples, self.received)]


def _host(name: object) -> str:
    """A name or address as browsers send it: lower case, umlauts in their technical form."""
    text = name if isinstance(name, str) else ""
    try:
        host = text.strip().lower().rstrip(".").encode("idna").decode()
    except UnicodeError:
        host = ""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[?[0-9a-f:]+\]?", host):
        raise DefinitionError(
            f"settings.toml: hosts: „{name}“ ist kein Servername. Erlaubt sind Namen und Adressen "
            "ohne https:// und ohne Port, zum Beispiel bildung.stadt.de oder 10.1.2.3."
        )
    return host.strip("[]")


def default() -> Folders:
    """The data folder named by BILDUNGSBLICK_DATA, else the project's own `data/`."""
    return Folders(Path(os.environ.get("BILDUNGSBLICK_DATA") or SHIPPED).resolve())
