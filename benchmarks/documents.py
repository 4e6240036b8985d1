"""
How fast documents are set: ours, ReportLab's platypus, typst and WeasyPrint in one run.

`python -m benchmarks.documents` prints one JSON line (needs the extra `benchmark`). All engines set
the same paragraphs, tables and photos in the same faces and sizes on the same page, with the same
QR matrix; what each embeds is read back, and `same_text` says whether it set every character. Each
is used as its manual recommends: fonts loaded once, template or style sheet kept. An engine that is
not installed is named under `missing`.

- `notice`: three pages with a table and a QR code, another text each time. Documents a second and
  core are of processor time; `wall` is the same by the clock. The best of `--rounds` counts.
- `cold_s`: from the start of a new Python process to its first PDF, the best of `--rounds`.
- `case_file`: 270 pages with 100 photos, seconds of processor time and by the clock.
- `peak_mb`: of a process that sets nothing else.
- `photos`: 100 pictures of 12 megapixels as a phone takes them, prepared one after another.
- `sign`: PAdES B-B of the notice with RSA 3072, the key loaded.

`goals` has what the design asks, each {goal, value, met}; ratios are of processor time.
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.documents_engines.content import case_file, notice

ENGINES = ("ours", "platypus", "typst", "weasyprint")
PHOTOS, SIGNED = 100, 50
MOST_COUNTS = ("docs_s", "wall_docs_s", "peak_mb")
"""Of what is measured every round the largest stands; of all else the smallest."""


def main() -> None:
    """Run the benchmark, or one measured step of it in a process of its own."""
    parser = argparse.ArgumentParser(description="Measure how fast documents are set.")
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts")
    parser.add_argument("--seconds", type=float, default=2.0, help="of notices a round and engine")
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--keep", type=Path, help="folder to leave the PDFs in")
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        name, *about = asked.step
        print(json.dumps(STEPS[name](*about)), flush=True)
        return
    with tempfile.TemporaryDirectory(prefix="inspect-bench-") as made:
        folder = asked.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        print(json.dumps(benchmark(folder, asked.engines, asked.rounds, asked.seconds)))


def benchmark(
    folder: Path, engines: tuple[str, ...], rounds: int, seconds: float
) -> dict[str, Any]:
    """Measure these engines in turn, round by round."""
    result: dict[str, Any] = {"benchmark": "documents", "rounds": rounds, "missing": {}}
    result["photos"] = _step("prepare", folder)
    present = []
    for engine in engines:
        said = _step("probe", engine)
        if "missing" in said:
            result["missing"][engine] = said["missing"]
        else:
            present.append(engine)
            result[engine] = {"archive": said["archive"]}
    for engine in present:
        _step("cold", engine, folder)  # compiles and reads from the disk what later rounds have
    result["sign"] = {}
    for _ in range(rounds):
        _keep_round(result["sign"], _step("sign", folder))
        for engine in present:
            began = time.perf_counter()
            _step("cold", engine, folder)
            _keep_best(result[engine], "cold_s", time.perf_counter() - began, min)
            for name in ("notice", "case_file"):
                found = _step(name, engine, folder, seconds)
                _keep_round(result[engine].setdefault(name, {}), found)
    for engine in present:
        for name in ("notice", "case_file"):
            result[engine][name] |= _step("read", engine, name, folder)
    result["ratios"] = _ratios(result)
    result["goals"] = _goals(result)
    rounded: dict[str, Any] = _rounded(result)
    return rounded


def _keep_round(best: dict[str, float], found: Mapping[str, float]) -> None:
    for key, value in found.items():
        _keep_best(best, key, value, max if key in MOST_COUNTS else min)


def _keep_best(best: dict[str, Any], key: str, value: float, choose: Callable[..., float]) -> None:
    best[key] = choose(best[key], value) if key in best else value


def _ratios(result: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return how many times as fast ours is as each other engine."""
    ours = result.get("ours")
    return {
        engine: {
            "notice": ours["notice"]["docs_s"] / other["notice"]["docs_s"],
            "notice_wall": ours["notice"]["wall_docs_s"] / other["notice"]["wall_docs_s"],
            "case_file": other["case_file"]["cpu_s"] / ours["case_file"]["cpu_s"],
            "case_file_wall": other["case_file"]["wall_s"] / ours["case_file"]["wall_s"],
            "cold": other["cold_s"] / ours["cold_s"],
        }
        for engine in ENGINES[1:]
        if ours and (other := result.get(engine))
    }


def _goals(result: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the design's goals that this run can judge."""
    ours, ratios, goals = result.get("ours"), result["ratios"], {}

    def least(name: str, goal: float, value: float) -> None:
        goals[name] = {"goal": goal, "value": value, "met": value >= goal}

    def most(name: str, goal: float, value: float) -> None:
        goals[name] = {"goal": goal, "value": value, "met": value <= goal}

    most("photo_ms", 100, result["photos"]["each_ms"])
    most("sign_ms", 20, result["sign"]["each_ms"])
    if "platypus" in ratios:
        least("notice_times_platypus", 8, ratios["platypus"]["notice"])
    if "typst" in ratios:
        least("notice_times_typst", 3, ratios["typst"]["notice"])
        least("case_file_times_typst", 5, ratios["typst"]["case_file"])
    if ours:
        most("notice_kb", 190, ours["notice"]["kb"])
        most("case_file_mb", 200, ours["case_file"]["peak_mb"])
        most("cold_s", 0.25, ours["cold_s"])
    return goals


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return round(value, 3 if value < 10 else 1) if isinstance(value, float) else value


def _step(name: str, *about: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.documents", "--step", name, *map(str, about)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    values: dict[str, Any] = json.loads(done.stdout)
    return values


# -- steps, each in a process of its own ----------------------------------------------------------


def _engine(name: str) -> Any:
    return importlib.import_module(f"benchmarks.documents_engines.by_{name}")


def _probe(engine: str) -> dict[str, str]:
    """Say what an engine writes, or why it is not there."""
    try:
        archive: str = _engine(engine).ARCHIVE
    except (ImportError, OSError) as error:  # OSError: a system library that it loads
        return {"missing": str(error).splitlines()[0]}
    return {"archive": archive}


def _prepare(folder: str) -> dict[str, float]:
    """Write fonts, the QR matrix and the photos."""
    from benchmarks.documents_engines import inputs

    return inputs.write(Path(folder), PHOTOS)


def _cold(engine: str, folder: str) -> dict[str, int]:
    made = _engine(engine).Engine(Path(folder)).notice(notice(0, _code(folder)))
    return {"bytes": len(made)}


def _notice(engine: str, folder: str, seconds: str) -> dict[str, float]:
    """Set notices for so many seconds of processor time, each with another text."""
    setter, code = _engine(engine).Engine(Path(folder)), _code(folder)
    for number in range(3):
        setter.notice(notice(number, code))
    cpu = wall = size = 0.0
    count = 0
    while cpu < float(seconds):
        content = notice(1000 + count, code)
        began, at = time.process_time(), time.perf_counter()
        made = setter.notice(content)
        cpu += time.process_time() - began
        wall += time.perf_counter() - at
        size += len(made)
        count += 1
    (Path(folder) / f"notice_{engine}.pdf").write_bytes(setter.notice(notice(1000, code)))
    return {
        "docs_s": count / cpu,
        "wall_docs_s": count / wall,
        "kb": size / count / 1000,
        "peak_mb": _peak_mb(),
    }


def _case_file(engine: str, folder: str, _seconds: str) -> dict[str, float]:
    """Set one case file, after one notice."""
    setter = _engine(engine).Engine(Path(folder))
    setter.notice(notice(0, _code(folder)))
    content = case_file(_photos(folder))
    cpu, wall = time.process_time(), time.perf_counter()
    made = setter.case_file(content)
    found = {
        "cpu_s": time.process_time() - cpu,
        "wall_s": time.perf_counter() - wall,
        "kb": len(made) / 1000,
        "peak_mb": _peak_mb(),
    }
    (Path(folder) / f"case_file_{engine}.pdf").write_bytes(made)
    return found


def _sign(folder: str) -> dict[str, float]:
    """Sign our notices."""
    from benchmarks.documents_engines.signed import sign

    setter, code = _engine("ours").Engine(Path(folder)), _code(folder)
    files = [setter.notice(notice(number, code)) for number in range(SIGNED)]
    with tempfile.TemporaryDirectory(prefix="inspect-bench-") as made:
        return sign(Path(made) / "authority", files)


def _read(engine: str, name: str, folder: str) -> dict[str, Any]:
    """Say how many pages a file has and whether all text is on them."""
    from benchmarks.documents_engines.reading import has_all, read

    content = case_file(_photos(folder)) if name == "case_file" else notice(1000, _code(folder))
    pages, text = read(Path(folder) / f"{name}_{engine}.pdf")
    return {"pages": pages, "same_text": has_all(text, content)}


def _code(folder: str) -> dict[str, Any]:
    code: dict[str, Any] = json.loads((Path(folder) / "code.json").read_text())
    return code


def _photos(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).glob("photo-*.jpg"))


def _peak_mb() -> float:
    """Return the peak of this process alone; getrusage would count its parent's before exec."""
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


STEPS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "probe": _probe,
    "prepare": _prepare,
    "cold": _cold,
    "notice": _notice,
    "case_file": _case_file,
    "sign": _sign,
    "read": _read,
}

if __name__ == "__main__":
    main()
