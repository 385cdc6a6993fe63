"""``radeng``: the verbs."""

from __future__ import annotations

import sys

import typer

from radeng_assets.cli import console
from radeng_assets.cli.audit import audit_command
from radeng_assets.cli.backup import backup_command, restore_command
from radeng_assets.cli.ess import ess_app
from radeng_assets.cli.gc import gc_command
from radeng_assets.cli.load import load_command
from radeng_assets.cli.logs import logs_command
from radeng_assets.cli.metrics import metrics_command
from radeng_assets.cli.report import report_command
from radeng_assets.cli.run import run_command
from radeng_assets.cli.sign import sign_command
from radeng_assets.cli.stop import stop_command
from radeng_assets.cli.traces import traces_command
from radeng_assets.cli.ui import ui_command
from radeng_assets.cli.verdict import verdict_command
from radeng_assets.cli.verify import verify_command
from radeng_assets.cli.worker import worker_command
from radeng_assets.database import NoDatabase
from radeng_assets.evidence.ledger import LedgerParted
from radeng_assets.evidence.shared_database import LockLost
from radeng_assets.execution.git import GitError

app = typer.Typer(
    name="radeng",
    help="Production readiness shown by evidence: planning documents in, a verdict out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("audit")(audit_command)
app.command("run")(run_command)
app.command("verdict")(verdict_command)
app.command("verify")(verify_command)
app.command("report")(report_command)
app.add_typer(ess_app)
app.command("load")(load_command)
app.command("sign")(sign_command)
app.command("stop")(stop_command)
app.command("gc")(gc_command)
app.command("backup")(backup_command)
app.command("restore")(restore_command)
app.command("ui")(ui_command)
app.command("metrics")(metrics_command)
app.command("logs")(logs_command)
app.command("traces")(traces_command)
app.command("worker")(worker_command)


def main() -> None:
    """Entry point of the ``radeng`` script.

    A file that cannot be read or written, a repository that is damaged and a fleet whose commons are not there are
    unusable input, wherever they turn up.
    """
    try:
        app()
    except (OSError, GitError, NoDatabase, LedgerParted, LockLost) as error:
        console.err.print(f"radeng: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(console.UNUSABLE)
