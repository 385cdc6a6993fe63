"""The office as people see it: one page, no script, no address but its own."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Post office</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .4rem; border-bottom: 1px solid #767676 }}
</style>
</head>
<body>
<main>
<h1>Post office</h1>
<p>{summary}</p>
<table>
<caption>Letters that wait for their owners</caption>
<thead><tr><th scope="col">Box</th><th scope="col">Letters</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</body>
</html>
"""


def page(counts: Mapping[str, int]) -> str:
    """The page that shows how many letters lie in each box."""
    rows = "\n".join(f"<tr><td>{escape(owner)}</td><td>{count}</td></tr>" for owner, count in counts.items())
    letters = sum(counts.values())
    return _PAGE.format(summary=f"{letters} letters in {len(counts)} boxes.", rows=rows)
