"""Programs of others that look at our files: PDFBox preflight, qpdf, pdftotext."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

JARS = Path("/usr/share/java")
"""Where Debian and its relatives keep them."""
NEEDED = {
    "preflight": "libpdfbox2-java",
    "pdfbox2": "libpdfbox2-java",
    "xmpbox": "libpdfbox2-java",
    "fontbox2": "libfontbox2-java",
    "commons-logging": "libcommons-logging-java",
    "javax.activation": "libactivation-java",
    "jaxb-api": "libjaxb-api-java",
}
"""The jars that preflight runs with, and the packages that bring them."""
COMMAND = "org.apache.pdfbox.preflight.Validator_A1b"


def program(name: str, package: str) -> str:
    """Return a program's path; without it the test is skipped, which on CI is a failure."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is missing: install {package}, as .ci/run does")
    return found


def preflight(documents: Mapping[str, bytes], folder: Path) -> dict[str, list[str]]:
    """
    Return what PDFBox preflight finds wrong in each PDF/A-1b, all read in one virtual machine.

    Args:
        documents: By a name that can be a file's.
        folder: An empty one to work in.
    """
    java = program("java", "default-jre-headless")
    missing = {package for jar, package in NEEDED.items() if not (JARS / f"{jar}.jar").exists()}
    if missing:
        pytest.skip(f"PDFBox preflight is missing: install {', '.join(sorted(missing))}")
    for name, content in documents.items():
        (folder / name).write_bytes(content)
    listed = folder / "listed.txt"
    listed.write_text("".join(f"{folder / name}\n" for name in documents), "utf-8")
    path = ":".join(str(JARS / f"{jar}.jar") for jar in NEEDED)
    options = ("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Djava.awt.headless=true", "-cp", path)
    subprocess.run(
        [java, *options, COMMAND, "xml", "group", str(listed)],
        check=False,  # it fails where a file does not conform
        capture_output=True,
        timeout=240,
    )
    # What it cites of a file may be no text.
    told = etree.XMLParser(recover=True, huge_tree=True)
    report = etree.parse(folder / "listed.txt.preflight.xml", told)
    found = {
        one.get("name"): [" ".join(error.itertext()).split() for error in one.iter("error")]
        for one in report.iter("preflight")
    }
    assert found.keys() == documents.keys()
    return {name: [" ".join(words) for words in errors] for name, errors in found.items()}


def qpdf_says(document: bytes, folder: Path) -> list[str]:
    """Return the warnings and errors of `qpdf --check`."""
    command = program("qpdf", "qpdf")
    file = folder / "looked-at.pdf"
    file.write_bytes(document)
    run = subprocess.run([command, "--check", file], check=False, capture_output=True, text=True)
    said = (run.stdout + run.stderr).splitlines()
    if run.returncode == 0:
        return []
    return [line for line in said if "WARNING" in line or "ERROR" in line] or said
