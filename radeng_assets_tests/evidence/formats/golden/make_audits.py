"""Makes the golden dependency audits again with the real pip-audit and npm. Run by hand; no test runs it.

    python make_audits.py          # in an environment with pip-audit; npm on PATH

Their databases are online services, so two stand-ins answer on loopback: one for OSV (``pip-audit --osv-url``) and one
for npm's registry. They know one real advisory each; all the rest is the tools' own. ``pip_audit.offline.json`` is
what pip-audit writes where PyPI does not answer as PyPI does.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

HERE = Path(__file__).resolve().parent

OSV = {
    "id": "GHSA-462w-v97r-4m45",
    "aliases": ["CVE-2019-10906", "PYSEC-2019-217"],
    "summary": "High severity vulnerability that affects Jinja2",
    "details": "In Pallets Jinja before 2.10.1, str.format_map allows a sandbox escape.",
    "published": "2019-04-10T14:30:24Z",
    "modified": "2024-09-24T20:54:48Z",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.10.1"}]}],
        }
    ],
}
NPM = {
    "minimist": [
        {
            "id": 1097678,
            "url": "https://github.com/advisories/GHSA-xvch-5gv4-984h",
            "title": "Prototype Pollution in minimist",
            "severity": "critical",
            "vulnerable_versions": "<0.2.4",
            "cwe": ["CWE-1321"],
            "cvss": {"score": 9.8, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
        }
    ]
}


class Services(BaseHTTPRequestHandler):
    """OSV's query and npm's bulk advisories."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        asked = json.loads(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)
        if self.path == "/v1/query":
            answer: object = {"vulns": [OSV]} if asked["package"]["name"] == "jinja2" else {}
        else:
            answer = {name: known for name, known in NPM.items() if name in asked}
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        del code, size


def lock(*packages: str) -> str:
    """A lock file of npm with a root that needs mkdirp, which needs minimist."""
    root = {"name": "sample", "version": "1.0.0", "dependencies": dict.fromkeys(packages, "*")}
    known = {
        "mkdirp": {"version": "0.5.1", "dependencies": {"minimist": "0.0.8"}},
        "minimist": {"version": "0.0.8"},
        "once": {"version": "1.4.0", "dependencies": {"wrappy": "1"}},
        "wrappy": {"version": "1.0.2"},
    }
    names = ("mkdirp", "minimist") if "mkdirp" in packages else ("once", "wrappy")
    entries = {"": root} | {f"node_modules/{name}": known[name] for name in names}
    return json.dumps(
        {"name": "sample", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": entries}
    )


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Services)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        audit = (sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "-f", "json")
        osv = ("-s", "osv", "--osv-url", f"{url}/v1/query")
        (work / "weak.txt").write_text("jinja2==2.10\nmarkupsafe==2.1.5\n", encoding="utf-8")
        (work / "sound.txt").write_text("markupsafe==2.1.5\n", encoding="utf-8")
        keep("pip_audit.json", (*audit, *osv, "-r", "weak.txt"), work, 1)
        keep("pip_audit.clean.json", (*audit, *osv, "-r", "sound.txt"), work, 0)
        keep("pip_audit.offline.json", (*audit, "-r", "weak.txt"), work, 0)
        for name, packages, code in (("npm_audit", ("mkdirp",), 1), ("npm_audit.clean", ("once",), 0)):
            (work / "package.json").write_text(json.dumps({"name": "sample", "version": "1.0.0"}), encoding="utf-8")
            (work / "package-lock.json").write_text(lock(*packages), encoding="utf-8")
            npm = ("npm", "audit", "--json", "--package-lock-only", "--registry", url, "--audit=true")
            keep(f"{name}.json", npm, work, code)
        offline = ("npm", "audit", "--json", "--package-lock-only", "--registry", "http://127.0.0.1:9", "--audit=true")
        keep("npm_audit.offline.json", (*offline, "--fetch-retries=0"), work, 1)


def keep(name: str, argv: tuple[str, ...], work: Path, code: int) -> None:
    done = subprocess.run(argv, cwd=work, capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{argv}: {done.returncode}\n{done.stdout}\n{done.stderr}")
    (HERE / name).write_text(json.dumps(json.loads(done.stdout), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
