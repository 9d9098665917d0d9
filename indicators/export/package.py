"""Office files that are the same for the same answer: the libraries write the hour of the saving
into each member, and python-pptx also into the workbook within a chart."""

import io
import re
import zipfile
from datetime import datetime

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
