"""``radeng``: the verbs."""

from __future__ import annotations

import typer

from radeng_assets.cli.audit import audit_command
from radeng_assets.cli.ess import ess_app
from radeng_assets.cli.load import load_command
from radeng_assets.cli.report import report_command
from radeng_assets.cli.run import run_command
from radeng_assets.cli.sign import sign_command
from radeng_assets.cli.stop import stop_command
from radeng_assets.cli.ui import ui_command
from radeng_assets.cli.verdict import verdict_command
from radeng_assets.cli.verify import verify_command

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
app.command("ui")(ui_command)


def main() -> None:
    """Entry point of the ``radeng`` script."""
    app()
