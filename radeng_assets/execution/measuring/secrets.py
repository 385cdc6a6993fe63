"""``radeng:secrets``: secrets in the commit, in its history, and on every branch and attempt of the plan.

Contents are looked at, not files: no name, folder, kind of file or comment makes it look away. What is packed or
encrypted is not unpacked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import replace
from importlib.metadata import version

from radeng_assets.execution.git import GitError
from radeng_assets.execution.measuring import kingfisher
from radeng_assets.execution.measuring.history import Reachable, reachable
from radeng_assets.execution.measuring.scene import Scene, Taken
from radeng_assets.execution.measuring.secret_report import Catch, SecretScan, to_sarif
from radeng_assets.execution.objects import contents, sizes
from radeng_assets.execution.secret_forms import FORMS, disguises, sightings

ROLE, PATH = "secrets", "secrets.sarif"
TOOL = "radeng:secrets"

MOST_BLOBS = 200_000
MOST_BYTES = 64 * 1024 * 1024
MOST_BYTES_IN_ALL = 2 * 1024 * 1024 * 1024
"""Contents, bytes of one, and bytes of all that are looked at. What is more is named, and then nothing is shown."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def measure(scene: Scene) -> Taken:
    """Scan everything: one run for our own forms of secrets, and one of kingfisher where it is installed."""
    try:
        there = reachable(scene)
        chosen, faults = _chosen(sizes(scene.mirror.path, there.ever), there)
        scans = _scanned(scene, chosen, faults)
    except GitError as error:
        return Taken("no_runner", f"not all of the repository can be read: {error}")
    said = f"{len(chosen)} contents of {len({p for paths in there.ever.values() for p in paths})} paths"
    return Taken("passed", output=said, files={(ROLE, PATH): to_sarif(scans, there)})


def _chosen(known: Mapping[str, int], there: Reachable) -> tuple[dict[str, int], tuple[str, ...]]:
    """What is looked at, with its size, and what is not."""
    chosen: dict[str, int] = {}
    faults: list[str] = []
    total = 0
    for blob, paths in there.ever.items():
        size = known.get(blob)
        if size is None:
            faults.append(f"the content of {paths[0]} is not there ({blob[:12]})")
        elif size > MOST_BYTES:
            faults.append(f"{paths[0]} has {size} bytes ({blob[:12]}); at most {MOST_BYTES} are looked at")
        elif len(chosen) >= MOST_BLOBS or total + size > MOST_BYTES_IN_ALL:
            return chosen, (
                *faults,
                f"there is too much: only {len(chosen)} of {len(there.ever)} contents were scanned",
            )
        else:
            chosen[blob] = size
            total += size
    return chosen, tuple(faults)


def _scanned(scene: Scene, chosen: Mapping[str, int], faults: tuple[str, ...]) -> tuple[SecretScan, ...]:
    exact = [form for secret in scene.secrets if secret for form in disguises(secret)]
    program = kingfisher.installed()
    catches: dict[Catch, None] = {}
    with kingfisher.pool() if program else nullcontext() as pool:
        for blob, data in contents(scene.mirror.path, chosen):
            for text in _texts(data):
                catches.update(dict.fromkeys(_caught(blob, text, exact)))
                if pool is not None:
                    pool.add(blob, text)
        fished = pool.scan(program, scene.mirror.home / "scanners") if pool is not None and program else None
    notes = () if fished else ("kingfisher is not installed (extra `scanners`): our own forms alone were looked for",)
    ours = SecretScan(
        TOOL, version("radeng-assets"), {form.id: form.title for form in FORMS}, tuple(catches), faults, notes
    )
    return (ours, replace(fished, catches=_new(fished.catches, ours.catches))) if fished else (ours,)


def _caught(blob: str, text: str, exact: Iterable[str]) -> Iterator[Catch]:
    for seen in sightings(text, exact):
        yield Catch(blob, seen.form.id, text.count("\n", 0, seen.start) + 1, seen.text)


def _texts(data: bytes) -> Iterator[str]:
    """The texts that a content may be: whatever it is as UTF-8, and without NULs, which is UTF-16 as far as ASCII goes.

    That something is binary makes nobody look away: a NUL in front of a key does not hide it.
    """
    if not data.startswith(_UTF16):
        yield data.decode("utf-8", errors="replace")
    if b"\0" in data:
        yield data.replace(b"\0", b"").decode("utf-8", errors="replace")


def _new(catches: Iterable[Catch], known: Iterable[Catch]) -> tuple[Catch, ...]:
    """What the other scanner alone found: the same secret need not be accepted twice."""
    seen: dict[str, list[str]] = {}
    for catch in known:
        seen.setdefault(catch.blob, []).append(catch.text)
    return tuple(
        catch
        for catch in catches
        if not any(catch.text in text or text in catch.text for text in seen.get(catch.blob, ()))
    )
