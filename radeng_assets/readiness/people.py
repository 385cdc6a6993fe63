"""Who is who: whether two names are one person, and whether a name is a person's at all.

Names are compared for separation of duties, so in doubt two of them are one person: case, white space, order of words,
accents, invisible characters and letters of other alphabets that look alike make no other person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from radeng_assets.execution.agents.claude.roles import ROLES
from radeng_assets.planning.folder import Planning

_MAIL = re.compile(r"[^\s<>@]+@[^\s<>@]+")

_LOOKALIKES = str.maketrans(
    "асеһіјкморԛѕтухԝвнгαβεικνορτυχγηωı",  # looking alike is what they are here for
    "acehijkmopqstuxwbhrabeikvoptuxynwi",
)
"""Cyrillic and Greek small letters → the Latin ones that they are mistaken for (Unicode TR 39, confusables)."""

AGENTS = frozenset(
    {"agent", "ai", "aider", "assistant", "automation", "bot", "chatgpt", "claude", "codex", "copilot", "cursor"}
    | {"devin", "gemini", "gpt", "llm", "radeng"}
)
"""Names that stand for a program. ``Claude Shannon`` is none of them: the whole name is compared."""

_AGENT_WORDS = frozenset(
    {"agent", "ai", "bot", "cli", "code", "llm", "model"}
    | {"flash", "haiku", "latest", "mini", "nano", "opus", "preview", "pro", "sonnet", "turbo", "ultra"}
)
"""Words that make no person of such a name: ``Claude Code``, ``codex-cli``, ``gemini pro``."""

_NUMBER = re.compile(r"v?\d+[a-z]?")
"""What tells programs of one name apart: ``agent-7``, ``gpt-4o``, ``claude v3``."""

_AGENT_MAIL = frozenset({"noreply@anthropic.com"})


def same_person(one: str, other: str) -> bool:
    """Whether two names (``Ada Lovelace``, ``ada@x.org``, ``Ada <ada@x.org>``) share a name or an e-mail address."""
    return bool(_identities(one) & _identities(other))


def is_person(name: str, agents: Iterable[str]) -> bool:
    """Whether a name has a letter and is neither a program's nor one of ``agents``."""
    words = _words(_MAIL.sub(" ", name))
    mails = {mail.casefold() for mail in _MAIL.findall(name)}
    local = {_words(mail.partition("@")[0]) for mail in mails}
    if not (words or mails) or mails & _AGENT_MAIL or "[bot]" in name.casefold():
        return False
    theirs = {_words(agent) for agent in agents}
    theirs |= {_bare(each) for each in theirs} - {()}
    named = ({words} - {()}) | local
    return not any(_program(each) or each in theirs or _bare(each) in theirs for each in named)


def agents_of(planning: Planning) -> frozenset[str]:
    """The names that a plan gives to agents, and those of our own roles."""
    plan = planning.execution_plan
    named = {story.agent.value for story in plan.stories if story.agent} if plan else set[str]()
    return frozenset(named | ROLES.keys())


def _program(words: tuple[str, ...]) -> bool:
    return bool(AGENTS & set(words)) and not set(_bare(words)) - AGENTS


def _bare(words: tuple[str, ...]) -> tuple[str, ...]:
    """A name without what stands beside a program's: numbers, and words that say what kind of program it is."""
    return tuple(word for word in words if word not in _AGENT_WORDS and not _NUMBER.fullmatch(word))


def _identities(text: str) -> set[str]:
    mails = {_address(mail) for mail in _MAIL.findall(text)}
    names = [_words(_MAIL.sub(" ", text))]
    # ada.lovelace@x.org is Ada Lovelace; ada@x.org may be another Ada.
    names += [words for mail in mails if len(words := _words(mail.partition("@")[0])) > 1]
    return mails | {" ".join(words) for words in names if words}


def _address(mail: str) -> str:
    """An address without its tag: ``ada+radeng@x.org`` reaches whom ``ada@x.org`` does."""
    local, _, domain = mail.casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _words(text: str) -> tuple[str, ...]:
    """The words of a name, as people read them, in alphabetical order."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LOOKALIKES)
    seen = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))
    return tuple(sorted(re.findall(r"[^\W_]+", seen)))
