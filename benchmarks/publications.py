"""Publishing under the worst: processes killed at random moments, and readers meanwhile.

`python -m benchmarks publications`: 200 kills of preview, publication and taking back, each looked
at by the next process; then 20 readers during 50 publications, none of whom may see an error or
the number of one release under the name of another.
"""

import argparse
import random
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators.errors import BildungsblickError
from indicators.folders import Folders
from indicators.publishing import run
from indicators.release import publication, releases
from indicators.saved import history

_OLD, _NEW = 21, 22


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks publications", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--publications", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    from tests.unit import light

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        light.ship_little(folder, patch)
        town = Folders(folder / "town")
        light.built_with(town, folder, (_OLD,))
        light.deliver(town, folder, _NEW, "next")
        killed = kills(town, folder, given.kills, random.Random(given.seed))
        print(f"{given.kills} kills: " + ", ".join(f"{n} × {what}" for what, n in killed.items()))
        errors, reads = readers(town, given.readers, given.publications)
        print(
            f"{given.readers} readers during {given.publications} publications: {reads} looks, "
            f"{len(errors)} errors or mixed looks"
        )
        for error in errors[:5]:
            print(f"  {error}")


def kills(town: Folders, folder: Path, count: int, chance: random.Random) -> Counter:
    """Kills that many times and returns how often which act ended with the old release in force
    and how often with the new one. Raises AssertionError where anything is half done."""
    from tests.unit.test_release_killed import killed_at

    starts = _starts(town, folder)
    moments = {}
    for name, (start, act, _) in starts.items():
        whole = Folders(shutil.copytree(start.data, folder / f"whole_{name}"))
        moments[name] = killed_at(whole, 10_000, act)
    found: Counter = Counter()
    for number in range(count):
        name = chance.choice(list(starts))
        start, act, values = starts[name]
        here = Folders(shutil.copytree(start.data, folder / "killed"))
        killed_at(here, chance.randrange(moments[name]), act)
        value = _whole(here)
        assert value in values, f"{number}: {name} shows {value}"
        publication.settle(here)
        done = "done" if _whole(here) == values[-1] and len(set(values)) > 1 else "not done"
        _noted_once(here, number)
        act(here)
        assert _whole(here) == values[-1]
        _noted_once(here, number)
        found[f"{name}, {done}"] += 1
        shutil.rmtree(here.data)
    return found


def _starts(town: Folders, folder: Path) -> dict[str, tuple[Folders, Callable, tuple[int, ...]]]:
    """What is killed: a folder to begin with, the act, and what may be in force afterwards (the
    last of them if nothing disturbs it)."""
    ready = Folders(shutil.copytree(town.data, folder / "ready"))
    id = run.build(ready, aside=True).id
    published = Folders(shutil.copytree(ready.data, folder / "published"))
    publication.publish(published, id, who="a", reason="neu")
    first = releases.pointer(ready)

    def prepare(folders: Folders) -> None:
        assert run.build(folders, aside=True).complete

    def publish(folders: Folders) -> None:
        if releases.pointer(folders) != id:
            publication.publish(folders, id, who="a", reason="neu")

    def take_back(folders: Folders) -> None:
        if releases.pointer(folders) != first:
            publication.take_back(folders, who="a", reason="falsch")

    return {
        "preview": (town, prepare, (_OLD,)),
        "publish": (ready, publish, (_OLD, _NEW)),
        "take back": (published, take_back, (_NEW, _OLD)),
    }


def _whole(folders: Folders) -> int:
    from tests.unit.light import shown_value

    opened = releases.open_release(folders)
    assert opened.id == releases.pointer(folders)
    value = int(shown_value(opened))
    opened.close()
    return value


def _noted_once(folders: Folders, number: int) -> None:
    found = history.read(folders)
    assert not found.faults, f"{number}: {found.faults}"
    acts = [(entry.act, entry.what) for entry in found.entries]
    assert len(acts) == len(set(acts)), f"{number}: noted twice: {acts}"
    last = acts[-1] if acts else None
    current = releases.pointer(folders)
    assert last is not None and (last[0] == publication.TAKEN_BACK or last[1] == current)


def readers(town: Folders, count: int, publications: int) -> tuple[list[str], int]:
    """So many readers look without a pause while releases are published and taken back in turn.
    Returns what went wrong, and how often they looked."""
    from tests.unit.light import shown_value

    first = releases.pointer(town)
    id = run.build(town, aside=True).id
    says = {first: _OLD, id: _NEW}
    errors: list[str] = []
    looks = [0] * count
    ended = threading.Event()

    def read(place: int) -> None:
        while not ended.is_set():
            try:
                publication.settle(town)
                opened = releases.open_release(town)
                value = shown_value(opened)
                opened.close()
            except (BildungsblickError, OSError) as error:
                errors.append(str(error))
                continue
            if says.get(opened.id) != value:
                errors.append(f"{opened.id} says {value}")
            looks[place] += 1

    threads = [threading.Thread(target=read, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for number in range(publications):
        if number % 2 == 0:
            publication.publish(town, id, who="a", reason="neu")
        else:
            publication.take_back(town, who="a", reason="falsch")
        time.sleep(0.01)
    ended.set()
    for thread in threads:
        thread.join()
    return errors, sum(looks)
