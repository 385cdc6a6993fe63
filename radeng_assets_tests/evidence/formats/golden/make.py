"""Makes the golden reports again from `sample/` with the real tools. Run by hand; no test runs it.

    python make.py --node DIR --jars DIR

The interpreter that runs it has coverage, pytest, pytest-cov and bandit[sarif] (`pip install`); DIR of `--node` is
where `npm install c8 nyc` was run; DIR of `--jars` holds JaCoCo's core and report and ASM's jars (Debian:
libjacoco-java, libasm-java). In what the tools wrote, the folder in which they worked is `/checkout` and the machine is
`host`; nothing else is changed.

`tools.txt` keeps what the tools themselves said of the totals: the tests' figures are taken from there, not from our
readers.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from socket import gethostname

HERE = Path(__file__).resolve().parent
CHECKOUT = "/checkout"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node", type=Path, required=True)
    parser.add_argument("--jars", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder).resolve()
        shutil.copytree(HERE / "sample", work, dirs_exist_ok=True)
        said = [
            *python(work / "python"),
            *javascript(work / "js", options.node.resolve()),
            *java(work / "java", options.jars),
        ]
        (HERE / "tools.txt").write_text("\n".join(said).replace(str(work), CHECKOUT) + "\n", encoding="utf-8")
        for made in sorted((work / "out").iterdir()):
            text = (
                made.read_text(encoding="utf-8")
                .replace(str(work), CHECKOUT)
                .replace(f'hostname="{gethostname()}"', 'hostname="host"')
            )
            (HERE / made.name).write_text(text, encoding="utf-8")


def run(*argv: str | Path, cwd: Path, ok: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([str(arg) for arg in argv], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode not in ok:
        sys.exit(f"{argv}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def python(work: Path) -> list[str]:
    """One pytest run with contexts, written by coverage.py in four forms; its JUnit file; bandit over the code."""
    out = work.parent / "out"
    out.mkdir(exist_ok=True)
    for source in work.rglob("*.py.txt"):  # under that name the project's own linters and pytest let them be
        source.rename(source.with_suffix(""))
    (work / "tests/__init__.py").touch()
    said = run(
        *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--cov=shop", "--cov=tools"),
        *("--cov-context=test", "--cov-report=", f"--junitxml={out / 'pytest.junit.xml'}"),
        cwd=work,
        ok=(1,),
    )
    cov = (sys.executable, "-m", "coverage")
    run(*cov, "json", "-o", out / "coverage_py.json", "--pretty-print", cwd=work)
    run(*cov, "json", "-o", out / "coverage_py.contexts.json", "--show-contexts", cwd=work)
    run(*cov, "lcov", "-o", out / "coverage_py.lcov", cwd=work)
    run(*cov, "xml", "-o", out / "coverage_py.cobertura.xml", cwd=work)
    (work / "two.rc").write_text("[run]\nsource =\n    shop\n    tools\n", encoding="utf-8")
    run(*cov, "xml", "--rcfile", "two.rc", "-o", out / "coverage_py.sources.cobertura.xml", cwd=work)
    table = run(*cov, "report", cwd=work)
    run(
        sys.executable,
        "-m",
        "bandit",
        "-q",
        "-r",
        "tools",
        "-f",
        "sarif",
        "-o",
        out / "bandit.sarif",
        cwd=work,
        ok=(1,),
    )
    run(sys.executable, "-m", "bandit", "-q", "-r", "shop", "-f", "sarif", "-o", out / "bandit.clean.sarif", cwd=work)
    versions = ", ".join(f"{name} {version(name)}" for name in ("coverage", "pytest", "pytest-cov", "bandit"))
    return [f"== {versions}", said.splitlines()[-1], table]


def javascript(work: Path, node: Path) -> list[str]:
    """The same check under c8 (V8's own coverage) and under nyc (Istanbul's instrumentation)."""
    out, said = work.parent / "out", [f"== node {run('node', '--version', cwd=work).strip()}"]
    for tool in ("c8", "nyc"):
        kinds = ("json", "lcovonly", "json-summary")
        argv = (node / "node_modules/.bin" / tool, "--all", "--include", "lib/**", "--report-dir", tool)
        run(*argv, *(f"--reporter={kind}" for kind in kinds), "node", "check.js", cwd=work)
        shutil.copy(work / tool / "coverage-final.json", out / f"{tool}.istanbul.json")
        shutil.copy(work / tool / "lcov.info", out / f"{tool}.lcov")
        release = json.loads((node / "node_modules" / tool / "package.json").read_text(encoding="utf-8"))["version"]
        said += [f"== {tool} {release}", (work / tool / "coverage-summary.json").read_text(encoding="utf-8")]
    return said


def java(work: Path, jars: Path) -> list[str]:
    """One class run under JaCoCo's core."""
    classes = work / "classes"
    run("javac", "--release", "11", "-g", "-d", classes, "com/example/stock/Shelf.java", cwd=work)
    path = ":".join(str(jar.resolve()) for jar in sorted(jars.glob("*.jar")))
    out = work.parent / "out/jacoco.xml"
    run("java", "-cp", path, "Report.java", classes, "com.example.stock.Shelf", out, cwd=work)
    return ["== JaCoCo: its own counters stand in jacoco.xml"]


if __name__ == "__main__":
    main()
