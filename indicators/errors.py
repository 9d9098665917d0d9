"""Every error a person is meant to read: what happened, where, and what to do next, in German."""


class BildungsblickError(Exception):
    """Base of all errors shown to a person; `str(error)` is a complete German sentence."""


class DefinitionError(BildungsblickError):
    """A definition file is wrong: names the file, the field and what is allowed there."""


class FileError(BildungsblickError):
    """A received file is refused as a whole: names the file and, where known, line and column.

    `line` and `column` count from 1, as a text editor shows them; None where the fault has no
    single place (a truncated file, a wrong table).
    """

    def __init__(
        self, file: str, reason: str, *, line: int | None = None, column: int | None = None
    ):
        self.file, self.reason, self.line, self.column = file, reason, line, column
        place = "".join(
            f", {word} {number}"
            for word, number in (("Zeile", line), ("Spalte", column))
            if number is not None
        )
        super().__init__(f"{file}{place}: {reason}")


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


class DownloadError(BildungsblickError):
    """A table could not be downloaded; what was there before stays as it was."""
