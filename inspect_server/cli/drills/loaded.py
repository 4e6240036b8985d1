"""All that commands and the server load, at once: for a process from which others are forked."""

from importlib import import_module

from inspect_server.cli import COMMANDS

for _module, _, _ in COMMANDS.values():
    import_module(_module)
for _module in ("app", "api", "console", "disclosure", "phone", "web.serving"):
    import_module(f"inspect_server.{_module}")
