"""Every error a person is meant to read: what happened, where, and what to do next, in German."""

from functools import partial


class BildungsblickError(Exception):
    """Base of all errors shown to a person; `str(error)` is a complete German sentence."""


class DefinitionError(BildungsblickError):
    """A definition file is wrong: names the file, the field and what is allowed there."""


class FileError(BildungsblickError):
    """A received file is refused as a whole: names the file and, where known, sheet, line, column.

    `line` and `column` count from 1, as a text editor shows them; None where the fault has no
    single place (a truncated file, a wrong table). In a `sheet` columns are shown as letters.
    """

    def __init__(
        self,
        file: str,
        reason: str,
        *,
        sheet: str = "",
        line: int | None = None,
        column: int | None = None,
    ):
        self.file, self.reason, self.sheet = file, reason, sheet
        self.line, self.column = line, column
        shown = letters(column) if sheet and column is not None else column
        place = "".join(
            f", {word} {name}"
            for word, name in (
                ("Blatt", f"„{sheet}“" if sheet else None),
                ("Zeile", line),
                ("Spalte", shown),
            )
            if name is not None
        )
        super().__init__(f"{file}{place}: {reason}")

    def __reduce__(self):
        # an error of another process is made again here, of more than its words
        again = partial(FileError, sheet=self.sheet, line=self.line, column=self.column)
        return again, (self.file, self.reason)


def letters(column: int) -> str:
    """A column as Excel calls it: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class BuildError(BildungsblickError):
    """A check of the build failed; nothing was published and the old release stays in force."""


class ReleaseError(BildungsblickError):
    """There is no release, or it cannot be read; the message says which command makes one."""


class ViewError(BildungsblickError):
    """A view asks for something that does not exist; the message names what is allowed.

    `name` and `value` are the part of the query that is at fault, "" where it is none alone.
    """

    def __init__(self, message: str, *, name: str = "", value: str = ""):
        self.name, self.value = name, value
        super().__init__(message)


class NotPublishedError(ViewError):
    """A view asks for what is left out on purpose, because it would tell small numbers."""


class DownloadError(BildungsblickError):
    """A table could not be downloaded; what was there before stays as it was."""


class NotAllowedError(BildungsblickError):
    """Somebody asked for what their role does not allow; nothing was changed."""
