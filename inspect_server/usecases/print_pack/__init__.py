"""The print pack (离线打印包): documents set on a phone without a network, by the server's code."""

NAME = "print-pack"
"""The folder of the pack, within the data folder."""
