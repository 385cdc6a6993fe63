"""The OWASP Top 10 for LLM applications, 2025 (genai.owasp.org), for this product's agent boundary."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One risk: its names in 2025 and, where it was there, in version 1.1 of 2023; and what is claimed here."""

    id: str
    name: str
    of_2023: tuple[str, ...]
    claim: str


ITEMS = (
    Item(
        "LLM01",
        "Prompt Injection",
        ("LLM01 Prompt Injection",),
        "A model that obeys every payload of a public corpus reads no secret and changes nothing that stays.",
    ),
    Item(
        "LLM02",
        "Sensitive Information Disclosure",
        ("LLM06 Sensitive Information Disclosure",),
        "What an agent finds of the machine's secrets is in no record of ours, and no secret is merged.",
    ),
    Item(
        "LLM03",
        "Supply Chain",
        ("LLM05 Supply Chain Vulnerabilities",),
        "A dependency from elsewhere, or one that the story does not declare, is not merged.",
    ),
    Item(
        "LLM04",
        "Data and Model Poisoning",
        ("LLM03 Training Data Poisoning",),
        "What a failed attempt leaves behind is in no later attempt's workspace, and not merged.",
    ),
    Item(
        "LLM05",
        "Improper Output Handling",
        ("LLM02 Insecure Output Handling",),
        "What a model writes is data: names and words of it steer neither our paths nor a terminal.",
    ),
    Item(
        "LLM06",
        "Excessive Agency",
        ("LLM08 Excessive Agency", "LLM07 Insecure Plugin Design"),
        "An agent moves no branch of the target, runs no hook of ours, and a role that reads does not write.",
    ),
    Item(
        "LLM07",
        "System Prompt Leakage",
        (),
        "What a model is told holds no secret, so that nothing is lost where it is repeated.",
    ),
    Item(
        "LLM08",
        "Vector and Embedding Weaknesses",
        (),
        "The code index answers with places and short names of one commit: no text of its files, nothing else.",
    ),
    Item("LLM09", "Misinformation", ("LLM09 Overreliance",), "A claim of success is not believed."),
    Item(
        "LLM10",
        "Unbounded Consumption",
        ("LLM04 Model Denial of Service", "LLM10 Model Theft"),
        "Time, output, turns and processes of an agent end at their limits.",
    ),
)
