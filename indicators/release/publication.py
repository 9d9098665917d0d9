"""Coming into force: what is built is published, at once or from a moment on, and taken back.

One step decides: a plan is written, whole or not at all. What follows (the file's place, its facts,
the pointer, the history) can be repeated, and whoever looks next repeats it (`settle`). So a
process that is killed leaves the old release in force or a plan that is carried out, and there is
no need for a clock that wakes somebody: a moment that has passed is noticed by who asks for the
release in force.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from indicators import formats, writing
from indicators.errors import BildungsblickError
from indicators.folders import Folders
from indicators.release import releases
from indicators.release.releases import Listed
from indicators.saved import history

# What the history calls what is done here.
PUBLISHED, TAKEN_BACK = "veröffentlicht", "zurückgenommen"
ASKED, RELEASED, WITHDRAWN = "zur Freigabe vorgelegt", "freigegeben", "Freigabe zurückgezogen"
_PUBLIC_FILE = 0o644


class PublicationError(BildungsblickError):
    """A release cannot come into force or be taken back; the message says why and what helps, and
    nothing was changed."""


@dataclass(frozen=True)
class Plan:
    """What is to happen: `act` (PUBLISHED, TAKEN_BACK) to a `release`. It happens when somebody has
    released it (`released_by`) and the moment `not_before` has passed (UTC; None: at once).
    `follows` comes into force where one is taken back; `after` is the number of the last entry that
    the history had before."""

    act: str
    release: str
    reason: str
    asked_by: str
    asked: datetime
    released_by: str = ""
    not_before: datetime | None = None
    follows: str = ""
    after: int = 0

    @property
    def is_due(self) -> bool:
        moment = self.not_before
        return bool(self.released_by) and (moment is None or moment <= datetime.now(UTC))


def plan(folders: Folders) -> Plan | None:
    """What is asked for or released and has not happened yet. Raises PublicationError where the
    file cannot be read, for then nobody knows."""
    path = _path(folders)
    if not path.is_file():  # asked at every click: nothing is opened where nothing waits
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        for name in ("asked", "not_before"):
            told[name] = told[name] and datetime.fromisoformat(told[name])
        return Plan(**told)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PublicationError(
            f"{path} ist beschädigt: Was freigegeben war, ist nicht mehr zu lesen. Der Datenstand "
            "in Kraft gilt weiter. Nächster Schritt: die Datei löschen und neu freigeben."
        ) from error


def settle(folders: Folders) -> None:
    """Does what is due: what was released and whose moment has passed, and what a killed process
    has begun. Costs nothing where there is nothing. Raises BuildError, PublicationError."""
    found = plan(folders)
    if found is not None and found.is_due:
        with _alone(folders):
            found = plan(folders)  # another may have been faster
            if found is not None and found.is_due:
                _carry_out(found, folders)


# --- what people do -------------------------------------------------------------------------------


def publish(
    folders: Folders, id: str, *, who: str, reason: str, not_before: datetime | None = None
) -> Plan:
    """Publishes a candidate (or a release that was in force before), at once or from a moment on.
    Where the town wants four eyes, it is only asked for. Raises PublicationError, BuildError."""
    reason = _given(reason)
    with _alone(folders):
        nothing_waits(folders)
        _fits(folders, id)
        asked = Plan(PUBLISHED, id, reason, who, datetime.now(UTC), not_before=not_before)
        if folders.four_eyes:
            _write(asked, folders)
            history.note(folders, who, ASKED, id, reason)
            return asked
        return _released(asked, who, folders)


def release(folders: Folders, *, who: str) -> Plan:
    """Releases what somebody else has asked for. Raises PublicationError, BuildError."""
    with _alone(folders):
        asked = plan(folders)
        if asked is None or asked.released_by:
            raise PublicationError("Es liegt nichts zur Freigabe vor. Es wurde nichts geändert.")
        if folders.four_eyes and asked.asked_by == who:
            raise PublicationError(
                "Vier Augen: Freigeben muss jemand anderes als wer die Veröffentlichung vorgelegt "
                f"hat ({who}). Nächster Schritt: mit einem zweiten Konto anmelden."
            )
        _fits(folders, asked.release)
        return _released(asked, who, folders)


def withdraw(folders: Folders, *, who: str, reason: str) -> None:
    """Takes back what is asked for or waits for its moment; the candidate stays. Raises
    PublicationError, BuildError."""
    reason = _given(reason)
    with _alone(folders):
        found = plan(folders)
        if found is None or found.is_due:
            raise PublicationError("Es gibt keine Freigabe, die sich zurückziehen ließe.")
        _remove(_path(folders))
        history.note(folders, who, WITHDRAWN, found.release, reason)


def take_back(folders: Folders, *, who: str, reason: str) -> str:
    """Takes the release in force back: the one before is in force again, whose id is returned.
    Nothing is lost. Raises PublicationError where there is none before, BuildError."""
    reason = _given(reason)
    with _alone(folders):
        nothing_waits(folders)
        current = releases.pointer(folders)
        before = one_before(folders)
        if before is None:
            raise PublicationError(
                "Vor diesem Datenstand gibt es keinen, der an seiner Stelle gelten könnte. Es "
                "wurde nichts geändert. Nächster Schritt: die Dateien berichtigen und neu "
                "veröffentlichen."
            )
        found = Plan(
            TAKEN_BACK,
            current,
            reason,
            who,
            datetime.now(UTC),
            released_by=who,
            follows=before.id,
            after=_last_number(folders),
        )
        _write(found, folders)
        _carry_out(found, folders)
        return before.id


def one_before(folders: Folders) -> Listed | None:
    """The release that was in force before, as far as it is whole and was not taken back."""
    order = releases.listed(folders)
    current = releases.pointer(folders)
    later = True
    for one in order:
        if one.id == current:
            later = False
        elif not later and not one.taken_back and _is_whole(folders.releases, one):
            return one
    return None


def is_stale(folders: Folders, id: str) -> bool:
    """Whether something was published since a candidate was built: what it hides was chosen without
    knowing that, so it must be built anew."""
    known = _known(folders, id)
    if known is None:
        return False
    return any(one.id not in known and one.id != id for one in releases.listed(folders))


def nothing_waits(folders: Folders) -> None:
    """Does what is due. Raises PublicationError where something is asked for or released that has
    not happened yet: what is built meanwhile would overtake it."""
    found = plan(folders)
    if found is not None and found.is_due:
        _carry_out(found, folders)
    elif found is not None:
        raise PublicationError(
            f"Der Datenstand {found.release} {waiting(found)}. Nächster Schritt: darauf warten "
            "oder diese Freigabe zurückziehen."
        )


def not_taken_back(folders: Folders, id: str) -> None:
    """Raises PublicationError where this very release was taken back: only somebody who says why
    brings it into force again, and no build does by itself."""
    facts = releases.facts_of(folders.releases / f"{id}.json")
    if facts and facts.taken_back:
        raise PublicationError(
            f"Der Datenstand {id} wurde zurückgenommen ({facts.taken_back}); die Dateien sind noch "
            "dieselben. Nächster Schritt: die Dateien berichtigen, oder ihn mit „python -m "
            f"indicators publish {id} --reason …“ wieder in Kraft setzen."
        )


def restore(id: str, folders: Folders) -> None:
    """Puts a candidate in the place of the same release that was damaged. It says what that said,
    so nothing is published."""
    with _alone(folders):
        facts = releases.facts_of(folders.releases / f"{id}.json")
        _move(id, folders, facts.published if facts else None)


# --- how it happens -------------------------------------------------------------------------------


def put_in_force(id: str, folders: Folders) -> None:
    """Points `current.json` at a release, atomically; nothing is noted."""
    if releases.pointer(folders) != id:
        writing.write(folders.releases / "current.json", json.dumps({"release": id}))


def write_facts(facts: Listed, folder: Path, knows: tuple[str, ...] = ()) -> None:
    """Writes what stands beside the file of a release or candidate; of a candidate also what was
    published when it was built (`knows`)."""
    told: dict[str, object] = {
        "id": facts.id,
        "published": facts.published.isoformat(timespec="seconds"),
        "before": list(facts.before),
        "made_of": facts.made_of,
        "sha256": facts.sha256,
        "reason": facts.reason,
        "taken_back": facts.taken_back,
    }
    if knows:
        told["knows"] = list(knows)
    writing.write(folder / f"{facts.id}.json", json.dumps(told, ensure_ascii=False))


def _released(asked: Plan, who: str, folders: Folders) -> Plan:
    """The one step that decides; from here on a killed process is completed by the next."""
    after = _last_number(folders)
    found = replace(asked, released_by=who, after=after)
    _write(found, folders)
    if found.is_due:
        _carry_out(found, folders)
    else:
        until = found.not_before and formats.minute(found.not_before.astimezone())
        history.note(folders, who, RELEASED, found.release, f"{found.reason} (gilt ab {until})")
    return found


def _carry_out(found: Plan, folders: Folders) -> None:
    """Every step can be done again: none is done half, and the plan goes last."""
    if found.act == PUBLISHED:
        _move(found.release, folders)
        _tell(found.release, folders, reason=found.reason)
        put_in_force(found.release, folders)
    else:
        when = formats.minute(found.asked.astimezone())
        _tell(found.release, folders, taken_back=f"am {when}: {found.reason}")
        put_in_force(found.follows, folders)
    noted = any(
        entry.number > found.after and (entry.act, entry.what) == (found.act, found.release)
        for entry in history.read(folders).entries
    )
    if not noted:
        history.note(folders, found.released_by, found.act, found.release, found.reason)
    _remove(_path(folders))


def _tell(id: str, folders: Folders, *, reason: str = "", taken_back: str = "") -> None:
    """What readers are told of a release, beside its file; without a new reason its own stays."""
    facts = releases.facts_of(folders.releases / f"{id}.json")
    if facts is not None:
        told = replace(facts, reason=reason or facts.reason, taken_back=taken_back)
        write_facts(told, folders.releases)


def _move(id: str, folders: Folders, published: datetime | None = None) -> None:
    """Puts a candidate among the releases: facts first, for without a file they describe nothing.
    One that was published before lies there already."""
    source, target = folders.candidates / f"{id}.duckdb", folders.releases / f"{id}.duckdb"
    facts = releases.facts_of(source.with_suffix(".json"))
    if source.is_file() and facts is not None:
        write_facts(replace(facts, published=published or datetime.now()), folders.releases)
        with writing.explained(target):
            source.chmod(_PUBLIC_FILE)
            source.replace(target)
    writing.discard(source.with_suffix(".json"))
    if not target.is_file():
        raise PublicationError(_gone(id))


def _fits(folders: Folders, id: str) -> None:
    """Raises PublicationError unless a candidate or release can come into force."""
    for folder, found in (
        (folders.candidates, releases.candidates(folders)),
        (folders.releases, releases.listed(folders)),
    ):
        for one in found:
            if one.id == id:
                if not _is_whole(folder, one):
                    raise PublicationError(
                        f"Die Datei des Datenstands {id} ist beschädigt. Nächster Schritt: die "
                        "Vorschau neu bauen."
                    )
                if folder == folders.candidates and is_stale(folders, id):
                    raise PublicationError(
                        "Seit diese Vorschau gebaut wurde, ist etwas anderes veröffentlicht "
                        "worden; der Schutz rechnet damit noch nicht. Nächster Schritt: die "
                        "Vorschau neu bauen."
                    )
                return
    raise PublicationError(_gone(id))


def _gone(id: str) -> str:
    return (
        f"Den Datenstand {id} gibt es weder als Vorschau noch unter den veröffentlichten. Nächster "
        "Schritt: eine Vorschau bauen."
    )


def _is_whole(folder: Path, one: Listed) -> bool:
    return not one.sha256 or releases.checksum(folder / f"{one.id}.duckdb") == one.sha256


def _known(folders: Folders, id: str) -> set[str] | None:
    try:
        path = folders.candidates / f"{id}.json"
        return set(json.loads(path.read_text(encoding="utf-8")).get("knows", ()))
    except (OSError, ValueError, AttributeError, TypeError):
        return None


def _given(reason: str) -> str:
    if not reason.strip():
        raise PublicationError(
            "Es fehlt der Grund. Er steht später im Verzeichnis der Datenstände. Nächster Schritt: "
            "in einem Satz sagen, warum."
        )
    return reason.strip()


def waiting(found: Plan) -> str:
    """What a plan waits for, as the end of a sentence."""
    if not found.released_by:
        return f"liegt zur Freigabe vor, vorgelegt von {found.asked_by}"
    until = found.not_before and formats.minute(found.not_before.astimezone())
    return f"ist freigegeben und gilt ab {until}"


def _last_number(folders: Folders) -> int:
    entries = history.read(folders).entries
    return entries[-1].number if entries else 0


def _write(found: Plan, folders: Folders) -> None:
    told = asdict(found)
    for name in ("asked", "not_before"):
        told[name] = told[name] and told[name].isoformat()
    writing.write(_path(folders), json.dumps(told, ensure_ascii=False), private=True)


def _remove(path: Path) -> None:
    with writing.explained(path, "gelöscht"):
        path.unlink(missing_ok=True)


def _path(folders: Folders) -> Path:
    return folders.releasing / "plan.json"


@contextmanager
def _alone(folders: Folders) -> Iterator[None]:
    """Only one publishes or takes back at a time; the others wait for the moment it takes."""
    writing.folder(folders.releasing, private=True)
    with writing.locked(folders.releasing / "freigabe.lock"):
        yield
