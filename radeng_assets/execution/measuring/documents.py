"""``radeng:documents``: the documents of a commit, byte for byte, and what their marked code blocks do.

The bytes come from git's objects and not from the worktree, which filters and earlier commands may change.
"""

from __future__ import annotations

from radeng_assets.evidence.formats.block_run import RUNS, BlockRun, run_name
from radeng_assets.evidence.formats.prose import RUN, SHELLS, Block, is_document, read_prose
from radeng_assets.execution.measuring.scene import Scene, Taken

DOCUMENTS = "documents"
"""The measure, and the role of its files."""

MOST_FILES = 1_000
MOST_BYTES = 256 * 1024
"""Documents of a commit that are kept, those nearest to the top first, and bytes of one."""

MOST_RUNS = 50
"""Marked blocks that are run."""

_SHOWN = 4_000


def measure(scene: Scene) -> Taken:
    """Collect every document of the commit, and run the blocks that are marked. What is left out is said."""
    listed = _listed(scene)
    small = {path: blob for path, (blob, size) in listed.items() if size <= MOST_BYTES}
    kept = dict(sorted(small.items(), key=lambda item: (item[0].count("/"), item[0]))[:MOST_FILES])
    content = scene.mirror.contents(kept.values())
    files = {(DOCUMENTS, path): content[blob][1] for path, blob in kept.items()}
    said = [f"{path}: {listed[path][1]:,} bytes are too many, left out" for path in listed if path not in small]
    said += [f"{path}: left out, {MOST_FILES:,} documents are kept" for path in small if path not in kept]
    marked = [(path, block) for (_, path), data in files.items() for block in read_prose(data, path).blocks]
    marked = [(path, block) for path, block in marked if block.marked]
    said += [f"{path}:{block.line}: not run, {MOST_RUNS} blocks are" for path, block in marked[MOST_RUNS:]]
    for path, block in marked[:MOST_RUNS]:
        run = _run(scene, path, block)
        said.append(f"{path}:{block.line}: {run.state} {run.reason}".rstrip())
        files[RUNS, run_name(path, block.line)] = run.model_dump_json().encode()
    return Taken("passed", "", "".join(f"{line}\n" for line in said), files)


def _listed(scene: Scene) -> dict[str, tuple[str, int]]:
    """Path → (blob, bytes) of the commit's documents; submodules have no bytes here."""
    listing = scene.mirror.git("ls-tree", "-r", "-z", "-l", "--full-tree", scene.commit.commit)
    found: dict[str, tuple[str, int]] = {}
    for entry in listing.split("\0"):
        head, _, path = entry.partition("\t")
        parts = head.split()
        if len(parts) == 4 and parts[1] == "blob" and is_document(path):
            found[path] = (parts[2], int(parts[3]))
    return found


def _run(scene: Scene, path: str, block: Block) -> BlockRun:
    text = block.text.rstrip("\n")
    if block.language not in SHELLS:
        reason = f"only {', '.join(SHELLS)} can be marked with `{RUN}`, not {block.language[:40]!r}"
        return BlockRun(
            path=path,
            line=block.line,
            text=text,
            exit_code=None,
            state="no_runner",
            reason=reason,
            started="",
            ended="",
            output="",
        )
    says = any(line.strip() and not line.lstrip().startswith("#") for line in text.split("\n"))
    # A script goes on behind a line that failed, unless it is told not to. One of comments alone shows nothing.
    ran = scene.run(f"set -e\n{text}" if says else "#")
    envelope = ran.envelope
    return BlockRun(
        path=path,
        line=block.line,
        text=text,
        exit_code=envelope.exit_code,
        state=envelope.state,
        reason=f"ended with exit code {envelope.exit_code}" if envelope.state == "failed" else envelope.reason,
        started=envelope.started,
        ended=envelope.ended,
        output=ran.output.decode("utf-8", errors="replace")[-_SHOWN:],
    )
