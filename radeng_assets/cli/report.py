"""``radeng report``: the verdict as one page for stakeholders."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.options import recall_settings
from radeng_assets.execution.git import GitError, NotARepository
from radeng_assets.home import Home


def report_command(
    out: Annotated[Path, typer.Option(help="Write the page here.")],
    plan: Annotated[Path | None, typer.Option(help="The planning folder; by default the last run's.")] = None,
    target: Annotated[str | None, typer.Option(help="The git repository; by default the last run's.")] = None,
    agent: Annotated[str | None, typer.Option(help="As for run; by default the last run's.")] = None,
    home: Annotated[Path | None, typer.Option(help="Where state lives.")] = None,
) -> None:
    """Judge again from evidence, and write one self-contained HTML page: no script, no network.

    Exit 0: written. 2: there was no run yet, or it cannot be written.
    """
    settings = recall_settings(plan_dir=plan, target_repo=target, agent=agent, home=home)
    if not Home.of(settings).verdict.is_file():
        console.fail(f"there is no verdict in {settings.home} yet.", hint="Run `radeng run` first.")
    if settings.mode != "rehearse" and settings.target_repo is None:
        console.fail(f"--agent {settings.mode} needs a repository.", hint="Name it with --target REPO.")
    if not out.absolute().parent.is_dir():
        console.fail(f"{out} cannot be written: there is no folder {out.absolute().parent}.")
    from radeng_assets.orchestration.page import page_facts
    from radeng_assets.orchestration.site import Site
    from radeng_assets.readiness.judge import judge
    from radeng_assets.readiness.page.render import page

    try:
        site = Site.current()
        case = site.case()
        document = page(page_facts(site, case, judge(case)))
    except (NotARepository, GitError) as error:
        console.fail(str(error), hint="Name the repository with --target REPO.")
    try:
        _write(out, document)
    except OSError as error:
        console.fail(
            f"{out} cannot be written: {error.strerror}", hint="Name a file in a folder that you may write to."
        )
    console.err.print(f"report: {out}")


def _write(path: Path, document: str) -> None:
    """Whole or not at all: whoever opens the page never sees half of one."""
    handle, draft = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(document)
            stream.flush()
            os.fsync(stream.fileno())
        # As any file that a program makes: mkstemp's own mode would hide the page from everybody else.
        mask = os.umask(0)
        os.umask(mask)
        Path(draft).chmod(0o666 & ~mask)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
