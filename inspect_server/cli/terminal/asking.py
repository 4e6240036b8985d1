"""Asking for what must not be seen: hidden on a terminal, else one line of standard input each."""

import sys

import click


def hidden(prompt: str, *, twice: bool = False) -> str:
    """
    Return what somebody typed without showing it.

    Args:
        prompt: What is asked for.
        twice: A new secret: typed again on a terminal, where a slip would lock its owner out.
    """
    if sys.stdin.isatty():
        shown: str = click.prompt(prompt, hide_input=True, confirmation_prompt=twice)
        return shown
    return sys.stdin.readline().rstrip("\r\n")
