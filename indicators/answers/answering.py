"""Entry point: the answer to a view, whatever its kind."""

from functools import cache
from importlib import import_module
from typing import Any

from indicators import kinds
from indicators.answers.annotating import annotated
from indicators.answers.answer import Answer
from indicators.release.releases import Release
from indicators.saved.annotations import NONE, Annotations
from indicators.view import View


@cache
def _answering(name: str) -> Any:
    """The function a kind names; its module is not loaded before somebody asks for it."""
    module, _, function = name.partition(".")
    return getattr(import_module(f"indicators.answers.{module}"), function or "answer")


def answer(release: Release, view: View, annotations: Annotations = NONE) -> Answer:
    """The same for the same three: `annotations` are the town's events and targets as of today,
    which no release holds. Raises ViewError, naming what there is, when the view asks for something
    without values."""
    kind = kinds.ALL[view.kind]
    name = kind.change if view.since and kind.change else kind.answer
    return annotated(release, view, _answering(name)(release, view), annotations)
