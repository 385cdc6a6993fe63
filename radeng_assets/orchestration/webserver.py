"""Asking the web server to load this code location again."""

from __future__ import annotations

import json

from radeng_assets.orchestration.posting import NotSent, post_json

ASK_S = 2.0
"""How long the answer is waited for (s). Loading takes longer, and ends the very process that asks: what came of it is
seen in the next one."""

_RELOAD = """mutation ($name: String!) { reloadRepositoryLocation(repositoryLocationName: $name) {
  __typename ... on WorkspaceLocationEntry { locationOrLoadError { __typename } }
} }"""


def ask_to_reload(address: str, location: str) -> str:
    """Ask for it; why it was refused, or nothing. ``address`` is the web server's, ``location`` the code location's."""
    request = {"query": _RELOAD, "variables": {"name": location}}
    try:
        answer = post_json(f"{address}/graphql", request, ASK_S)
    except NotSent as error:
        return "" if error.late else str(error)
    try:
        found = json.loads(answer)["data"]["reloadRepositoryLocation"]
        if found["__typename"] != "WorkspaceLocationEntry":
            return str(found["__typename"])
        loaded = found["locationOrLoadError"]
    except (ValueError, KeyError, TypeError):
        return "it answers in no words of Dagster's web server"
    return "the definitions failed to load" if loaded and loaded["__typename"] == "PythonError" else ""
