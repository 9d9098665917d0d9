"""Office files as packages: a town's template is opened, and the same answer gives the same file.

The libraries write the hour of the saving into each member, and python-pptx also into the workbook
within a chart.
"""

import io
import re
import zipfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from indicators.errors import BildungsblickError

_WHEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FIRST = (1980, 1, 1, 0, 0, 0)  # no earlier day can stand in a zip


def steady(file: bytes, moment: datetime) -> bytes:
    """The same Office file with this moment as the time of everything that carries one."""
    said = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(file)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = steady(content, moment)
            elif name == "docProps/core.xml":
                content = _WHEN.sub(rb"\g<1>" + said, content)
            new.writestr(zipfile.ZipInfo(name, _FIRST), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@contextmanager
def opening(template: Path | None, program: str, ending: str, missing: type[Exception]):
    """While a town's template is opened: whatever is wrong with it becomes one German error.
    `missing` is what the library raises for a file that is no package."""
    try:
        yield
    except (
        missing,
        zipfile.BadZipFile,
        AttributeError,  # parts that such a file must have are not there
        LookupError,
        OSError,
        SyntaxError,  # XML that is none
        ValueError,
    ) as error:
        raise BildungsblickError(
            f"{template.name if template else ''} lässt sich nicht als {program}-Vorlage öffnen. "
            f"Nächster Schritt: die Vorlage in {program} als .{ending} speichern und neu ablegen."
        ) from error
