"""
`inspect-server` as it is, with the tests' small checklist, its clock moved to the check's days.

`python -m tests.phone.browser.server BUNDLE BYTES SECONDS COMMAND …`: the phone app comes from the
folder BUNDLE; once BYTES of uploads were read the server kills itself with -9 (0: it goes on).
"""

import sys
from pathlib import Path

from forms import load
from inspect_server.cli import shifted
from inspect_server.phone import register_phone
from tests.faces.tus.mortal_server import die_after
from tests.usecases.bureau import LIBRARY

if __name__ == "__main__":
    bundle, dies_after, *words = sys.argv[1:]
    load.packaged = lambda: LIBRARY
    register_phone.__defaults__ = (Path(bundle),)
    if int(dies_after):
        die_after(int(dies_after))
    sys.argv = ["inspect-server", *words]
    shifted.main()
