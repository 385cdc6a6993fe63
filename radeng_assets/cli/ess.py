"""``radeng ess``: the code index of a repository - make it, ask it, see where it stands."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from radeng_assets.cli import console
from radeng_assets.cli.ess_tables import hits_table, index_table, status_table
from radeng_assets.cli.options import apply_settings
from radeng_assets.ess.access import EssAccess, Standing, remembered
from radeng_assets.ess.gateway.client import Gateway
from radeng_assets.ess.gateway.key import read_key
from radeng_assets.ess.status import status_of, status_of_gateway
from radeng_assets.execution.git import GitError, NotARepository, TargetRepository
from radeng_assets.home import Home
from radeng_assets.planning.folder import POLICY, read_sources
from radeng_assets.readiness.policy import read_policy
from radeng_assets.settings import Settings

ess_app = typer.Typer(name="ess", help="The code index: make it, ask it, see where it stands.", no_args_is_help=True)

Target = Annotated[str | None, typer.Option(help="The git repository: a path or a URL.")]
HomeFolder = Annotated[Path | None, typer.Option(help="Where state lives.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


@ess_app.command("index")
def index_command(
    target: Target = None,
    commit: Annotated[str, typer.Option(help="The revision to index.")] = "HEAD",
    json: Json = False,
    home: HomeFolder = None,
) -> None:
    """Make the index of a commit; what an earlier one has already is not read again.

    Exit 0: it is there. 2: no such repository or revision.
    """
    access = _named(apply_settings(target_repo=target, home=home))
    with _usable():
        wanted = _revision(access, commit)
        console.err.print(f"Indexing {wanted[:12]} of {access.repository.git_dir}", soft_wrap=True, markup=False)
        with access.at(wanted) as (service, counts):
            digest = service.index.digest
    if json:
        found = {"commit": wanted, "index": digest, **counts.model_dump(mode="json")}
        console.print_json({"schema": "radeng/ess-index/v1", **found})
    else:
        console.out.print(index_table(wanted, digest, counts))


@ess_app.command("query")
def query_command(
    text: Annotated[str, typer.Argument(help="What you look for, in your own words or as a name.")],
    target: Target = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Most places.")] = 10,
    json: Json = False,
    home: HomeFolder = None,
) -> None:
    """Ask for places in the code at the repository's HEAD: the gateway where there is one, else the index.

    Exit 0, also where no place answers. 2: no such repository.
    """
    access = _named(apply_settings(target_repo=target, home=home))
    with _usable():
        head = _revision(access, "HEAD")
        with access.at(head) as (service, _):
            asked = service.ask(text, limit)
    if asked.why:
        console.err.print(f"Answered by {asked.branch}: {asked.why}.", soft_wrap=True, markup=False)
    if json:
        console.print_json({"schema": "radeng/ess-query/v1", **asked.answer.model_dump(mode="json")})
    else:
        console.out.print(hits_table(asked.answer))


@ess_app.command("status")
def status_command(target: Target = None, json: Json = False, home: HomeFolder = None) -> None:
    """Who answers now, what the last index holds, and whether the code has moved on since.

    Without a repository it is about the one that was last indexed in this home. Exit 0; 2: no such repository.
    """
    settings = apply_settings(target_repo=target, home=home)
    with _usable():
        repository = _reached(settings) or remembered(settings.home)
        access = _access(settings, repository) if repository else None
        status = status_of(access) if access else status_of_gateway(Standing.of(_gateway(settings)))
    if json:
        console.print_json(status.document())
    else:
        console.out.print(status_table(status))


def _named(settings: Settings) -> EssAccess:
    """The access to the repository that settings name; leaves with code 2 where they name none."""
    with _usable():
        repository = _reached(settings)
    if repository is None:
        console.fail("no repository is named.", hint="Name it with --target REPO (or RADENG_TARGET_REPO).")
    return _access(settings, repository)


def _reached(settings: Settings) -> TargetRepository | None:
    if settings.target_repo is None:
        return None
    return TargetRepository.reach(settings.target_repo, Home.of(settings).made().path)


def _access(settings: Settings, repository: TargetRepository) -> EssAccess:
    policy, _ = read_policy(read_sources(settings.plan_dir).sources.get(POLICY))
    return EssAccess(
        home=settings.home,
        repository=repository,
        terms=policy.ess,
        address=settings.ess_url,
        key=read_key(os.environ),
    )


def _gateway(settings: Settings) -> Gateway | None:
    return Gateway(settings.ess_url) if settings.ess_url else None


def _revision(access: EssAccess, revision: str) -> str:
    """A revision's commit. Raises ``NotARepository`` and ``GitError``."""
    repository = access.repository
    return (repository.head() if revision == "HEAD" else repository.resolve(revision)).commit


@contextmanager
def _usable() -> Generator[None]:
    """Leave with code 2 for what is no repository, no commit, or a disk that does not do."""
    try:
        yield
    except NotARepository as error:
        console.fail(str(error))
    except GitError as error:
        console.fail(f"no such revision, or git cannot read it: {error}")
    except (OSError, sqlite3.Error) as error:
        console.fail(f"the index cannot be made or read: {error}")
