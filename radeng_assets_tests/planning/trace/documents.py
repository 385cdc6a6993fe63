"""Planning folders of a few lines, read by the real readers."""

from __future__ import annotations

from pathlib import Path

from radeng_assets.planning.folder import Planning, read_planning, read_sources

PLAN = """\
waves:
  - id: wave-1
    stories:
      - id: W1-S1
        title: Structured logging
        tasks:
          - {id: "1", description: Replace console output by a logger, files: [src/logging/Logger.ts]}
        acceptance_criteria: [Log lines are JSON, Nothing uses the console]
      - id: W1-S2
        title: Rate limiting
        tasks:
          - {id: "1", description: Add a token bucket, files: [src/security/RateLimiter.ts]}
        acceptance_criteria: [Requests over the limit are refused]
ui_integration:
  stories:
    - id: UI-S1
      title: Window events
      acceptance_criteria: [Events reach every window]
"""

GAPS = """\
category: Operations
gaps:
  - id: LOG-1
    title: Structured logging missing
    severity: HIGH
    current_state: console output everywhere
    recommendation: Use a logger that writes JSON lines
    evidence:
      file: src/logging/Logger.ts
  - id: TAX-1
    title: Payroll declarations unsupported
    severity: LOW
    recommendation: Ask an accountant
"""

RISKS = """\
# Risks

## Critical Risks

### R-001: Unlimited requests exhaust the token bucket

| Attribute | Value |
|-----------|-------|
| Risk Score | HIGH |

**Description**: Without rate limiting nothing refuses requests.
"""

README = """\
# Folder

## Success Criteria

- [ ] All 3 stories completed
- [x] Load test passes
- [ ] Everybody is happy
"""


def read_folder(folder: Path, **texts: str) -> Planning:
    """The planning of a new folder with the texts given: ``plan``, ``gaps``, ``risks``, ``master``, ``readme``,
    ``verification``. The first three are those above unless given."""
    names = {
        "plan": "EXECUTION-PLAN.yaml",
        "gaps": "COMPREHENSIVE-GAP-ANALYSIS.yaml",
        "risks": "RISK-ASSESSMENT.md",
        "master": "MASTER-IMPLEMENTATION-PLAN.md",
        "readme": "README.md",
        "verification": "verification.yaml",
    }
    folder.mkdir(parents=True, exist_ok=True)
    for key, text in {"plan": PLAN, "gaps": GAPS, "risks": RISKS, **texts}.items():
        (folder / names[key]).write_text(text, encoding="utf-8")
    return read_planning(read_sources(folder))
