"""What every kind of definition is made of: the strict base model and the forms of an id."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

TOTAL = "total"

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
RegionId = Annotated[
    str, Field(pattern=r"^(DG|\d{2}|\d{3}|\d{5}|\d{8}|\d{5}(\d{3})?-\w+|verbund:[a-z0-9_]+)$")
]


def sum_key(categories: Iterable[str]) -> str:
    """How the sum of several categories is named in a release that publishes it: "a+b"."""
    return "+".join(sorted(categories))


class Definition(BaseModel):
    """Base of all definitions: frozen, and a field nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
