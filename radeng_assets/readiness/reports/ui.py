"""``ui``: a browser went through the product: its tests, and pictures of what it saw."""

from __future__ import annotations

from dataclasses import dataclass, field

from radeng_assets.evidence.formats.image import NoPicture, Picture, read_picture
from radeng_assets.evidence.states import State, combine
from radeng_assets.execution.globs import covers
from radeng_assets.planning.findings import Finding
from radeng_assets.planning.located import Place
from radeng_assets.readiness.reports.assessment import Assessment, Cell, Table
from radeng_assets.readiness.reports.junit_runs import recount
from radeng_assets.readiness.reports.material import LeftFile, Material
from radeng_assets.readiness.reports.whole import lacking

UI = "ui"
SCREENSHOTS = "screenshots"
"""The role of pictures."""

SMALLEST = 64
"""Pixels that each side of a screenshot has at least: what is smaller is an icon."""


def assess(material: Material) -> Assessment:
    """The browser's tests passed, and enough different pictures show something.

    ``measured`` is the number of tests that passed, ``threshold`` that of all tests.
    """
    runs = recount(material)
    terms = material.policy.reports.ui
    shots = _Shots()
    for file in material.files(SCREENSHOTS):
        shots.take(file)
    reasons = [runs.reason, *lacking(material, SCREENSHOTS)]
    reasons += [
        f"no screenshot {glob} that shows anything"
        for glob in terms.screenshots
        if not any(covers(glob, path) for path in shots.good.values())
    ]
    if len(shots.good) < terms.screenshots_minimum:
        reasons.append(
            f"{len(shots.good)} different screenshots show something, at least {terms.screenshots_minimum} are demanded"
        )
    states: list[State] = [runs.state, *(["missing"] if any(reasons[1:]) else [])]
    return Assessment(
        report=UI,
        state=combine(states),
        reason="; ".join(reason for reason in reasons if reason),
        measured=float(runs.report.counts["passed"]),
        threshold=float(len(runs.report.cases)),
        issues=runs.issues,
        findings=(*runs.findings, *shots.findings),
        tables=(
            runs.table,
            Table(
                title="Screenshots",
                columns=("file", "format", "width", "height", "blank", "digest"),
                rows=tuple(shots.rows),
            ),
        ),
    )


@dataclass
class _Shots:
    """The pictures that count, path by the digest of their pixels, and why others do not."""

    good: dict[str, str] = field(default_factory=dict[str, str])
    rows: list[tuple[Cell, ...]] = field(default_factory=list[tuple[Cell, ...]])
    findings: list[Finding] = field(default_factory=list[Finding])

    def take(self, file: LeftFile) -> None:
        """Count a picture, if it is one that shows something and was not there under another name."""
        try:
            picture = read_picture(file.data)
        except NoPicture as error:
            self._refuse(file.path, "ui-no-picture", f"{file.path} is no screenshot: {error}.")
            return
        blank = {True: "yes", False: "no", None: "unknown"}[picture.blank]
        digest = picture.pixels
        self.rows.append((file.path, picture.format, picture.width, picture.height, blank, file.artifact.digest))
        fault = _fault(picture)
        if fault:
            self._refuse(file.path, "ui-empty-picture", f"{file.path} {fault}.")
        elif digest in self.good:
            same = self.good[digest]
            self._refuse(file.path, "ui-same-picture", f"{file.path} is the very picture {same}.")
        else:
            self.good[digest] = file.path

    def _refuse(self, path: str, rule: str, message: str) -> None:
        self.findings.append(
            Finding(
                rule=rule,
                severity="error",
                subject=path,
                message=message,
                at=(Place(path),),
                fix="Let the browser take a picture of what it shows.",
            )
        )


def _fault(picture: Picture) -> str:
    if picture.blank:
        return "is blank: all of its pixels are alike"
    if picture.blank is None:
        return f"may be blank, as nobody can tell of a lossy {picture.format}: write PNG or JPEG"
    if min(picture.width, picture.height) < SMALLEST:
        return f"has {picture.width} x {picture.height} pixels, which shows no screen"
    return ""
