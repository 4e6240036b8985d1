"""
`inspect-server` whose phone app comes from another folder.

`python -m benchmarks.phone.server BUNDLE COMMAND …`
"""

import sys
from pathlib import Path

from inspect_server.__main__ import main
from inspect_server.phone import register_phone

if __name__ == "__main__":
    register_phone.__defaults__ = (Path(sys.argv.pop(1)),)
    main()
