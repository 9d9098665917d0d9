"""What every kind of definition is made of: the strict base model, the forms of an id, and what is
said of a field that is wrong."""

import difflib
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

TOTAL = "total"
# The type of an error that a model raises with a German reason of its own (PydanticCustomError).
OWN_RULE = "own_rule"

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
RegionId = Annotated[
    str, Field(pattern=r"^(DG|\d{2}|\d{3}|\d{5}|\d{8}|\d{5}(\d{3})?-\w+|verbund:[a-z0-9_]+)$")
]
# A day of every year, as in "31.12." (29.02. is none).
KeyDay = Annotated[
    str,
    Field(
        pattern=r"^(0?[1-9]|1\d|2[0-8])\.(0?[1-9]|1[0-2])\.?$|^(29|30)\.(0?[13-9]|1[0-2])\.?$|^31\.(0?[13578]|1[02])\.?$"
    ),
]


def sum_key(categories: Iterable[str]) -> str:
    """How the sum of several categories is named in a release that publishes it: "a+b"."""
    return "+".join(sorted(categories))


class Definition(BaseModel):
    """Base of all definitions: frozen, and a field nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def wrong_fields(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """For each field of the model that is wrong: its place and what is allowed there."""
    return list(dict.fromkeys(_german(one, model) for one in error.errors()))


_MESSAGES = {
    "extra_forbidden": "dieses Feld gibt es hier nicht",
    "missing": "dieses Feld fehlt",
    "string_type": "hier muss ein Text stehen",
    "int_type": "hier muss eine ganze Zahl stehen",
    "int_from_float": "hier muss eine ganze Zahl stehen",
    "int_parsing": "hier muss eine ganze Zahl stehen",
    "float_type": "hier muss eine Zahl stehen",
    "float_parsing": "hier muss eine Zahl stehen",
    "bool_type": "hier muss true oder false stehen",
    "bool_parsing": "hier muss true oder false stehen",
    "list_type": "hier muss eine Liste stehen",
    "tuple_type": "hier muss eine Liste stehen",
    "dict_type": "hier muss eine Tabelle stehen",
    "model_type": "hier muss eine Tabelle stehen",
    "date_type": "hier muss ein Datum stehen (2022-12-31)",
    "date_from_datetime_parsing": "hier muss ein Datum stehen (2022-12-31)",
    "finite_number": "hier muss eine endliche Zahl stehen",
    "too_short": "hier muss mindestens ein Eintrag stehen",
}
_LIMITS = {
    "greater_than": ("größer als", "gt"),
    "greater_than_equal": ("mindestens", "ge"),
    "less_than": ("kleiner als", "lt"),
    "less_than_equal": ("höchstens", "le"),
}
_EITHER = ("str", "list[str]")


def _allowed_fields(model: type[BaseModel], location: tuple) -> list[str]:
    """The fields of the model in which the last part of `location` was unexpected."""
    current = model
    for part in location[:-1]:
        if part not in current.model_fields:  # a place in a list or the key of a table
            continue
        annotation = current.model_fields[part].annotation
        found = [a for a in _classes_in(annotation) if issubclass(a, BaseModel)]
        if not found:
            return []
        current = found[0]
    return sorted(field.alias or name for name, field in current.model_fields.items())


def _classes_in(annotation) -> Iterable[type]:
    if isinstance(annotation, type):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _classes_in(argument)


def _german(error: ErrorDetails, model: type[BaseModel]) -> str:
    # where a text or a list may stand, each is an error of its own and its place names the type
    either = error["loc"] and str(error["loc"][-1]) in _EITHER
    location = error["loc"][:-1] if either else error["loc"]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in location)
    reason = _MESSAGES.get(error["type"])
    if either:
        reason = "hier muss ein Text stehen oder eine Liste von Texten"
    elif error["type"] == "extra_forbidden":
        allowed = _allowed_fields(model, location)
        reason = f"{reason}; erlaubt sind {', '.join(allowed)}"
        if near := difflib.get_close_matches(str(location[-1]), allowed, 1, 0.7):
            reason += f"; gemeint ist vielleicht {near[0]}"
    elif error["type"] == "literal_error":
        reason = f"„{error['input']}“ ist nicht erlaubt; erlaubt sind {error['ctx']['expected']}"
        reason = reason.replace(" or ", " oder ")
    elif error["type"] == "string_pattern_mismatch":
        reason = f"„{error['input']}“ hat nicht die Form {error['ctx']['pattern']}"
    elif error["type"] == "greater_than_equal":
        reason = f"hier muss eine Zahl ab {error['ctx']['ge']} stehen"
    elif error["type"] == OWN_RULE:
        reason = error["msg"]
    elif error["type"] in _LIMITS:
        word, name = _LIMITS[error["type"]]
        reason = f"die Zahl muss {word} {error['ctx'][name]:g} sein"
    return f"Feld {place}: {reason or 'der Wert ist nicht erlaubt'}"
