"""Print docs/law.md: `python -m inspect_server.domain.law > docs/law.md`."""

import sys

from inspect_server.domain.law import book
from inspect_server.domain.law.listing import as_markdown

if __name__ == "__main__":
    sys.stdout.write(as_markdown(book()))
