"""What schemathesis cannot make of the description alone: archives that are sent to be imported, and numbers of what is there."""

import io
import zipfile

import schemathesis
from hypothesis import strategies as st


def archive(contents: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        zipped.writestr("project.json", contents)
    return made.getvalue()


# half of what is sent is no archive at all
schemathesis.openapi.media_type("application/zip", st.one_of(st.binary(), st.binary().map(archive)))


# projects, versions, files and jobs have numbers from 1 on
NUMBERS = 8


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Half of the numbers in addresses are those of something that is there: else nearly every answer would be that there is nothing."""
    for name, value in (path_parameters or {}).items():
        if isinstance(value, int) and not isinstance(value, bool) and value % 2 == 0:
            path_parameters[name] = value // 2 % NUMBERS
    return path_parameters
