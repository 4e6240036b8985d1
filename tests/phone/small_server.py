"""`inspect-server` as it is, where only the small checklist of the tests is installed."""

import runpy

from forms import load
from tests.usecases.bureau import LIBRARY

if __name__ == "__main__":
    load.packaged = lambda: LIBRARY
    runpy.run_module("inspect_server", run_name="__main__")
