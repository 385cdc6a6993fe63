"""The page as markup: whole, still, accessible by its structure, and deaf to whatever a plan says."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

from radeng_assets.readiness.page.facts import PageFacts
from radeng_assets.readiness.page.render import page
from radeng_assets_tests.folders import write_folder
from radeng_assets_tests.readiness.page.markup import Page, parsed
from radeng_assets_tests.readiness.page.sample import rich_facts

TEXTS = {
    "approver", "by", "claimed", "claimed_duration", "criterion", "digest", "do", "fix", "headline", "id", "message",
    "name", "next", "owner", "plan_name", "problem", "producer", "reason", "risk", "role", "rule", "story",
    "stated_score", "subject", "text", "title", "version", "vision", "ledger_head", "plan_digest", "as_of", "at",
    "verdict_digest", "file", "commit", "tree", "report",
}  # fmt: skip
"""The fields that hold free text, or text that a damaged file could make free."""

LISTS = {"evidence", "needs", "broken", "above", "below", "columns", "waves", "unestimated"}

HOSTILE = (
    '"><script>alert(1)</script><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title></style></svg></table></details><svg onload=alert(1)>",
    "<!-- --><iframe srcdoc=x>]]>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "sha256:" + "<" * 64,
)


@pytest.fixture(scope="module")
def document(facts: PageFacts) -> str:
    return page(facts)


@pytest.fixture(scope="module")
def seen(document: str) -> Page:
    return parsed(document)


def filled(facts: PageFacts, text: str) -> PageFacts:
    """The same facts, with one text wherever a text can stand."""

    def put(value: object, key: str = "") -> object:
        if isinstance(value, dict):
            return {name: put(one, str(name)) for name, one in cast("dict[str, object]", value).items()}
        if isinstance(value, list | tuple):
            return [put(one, key) for one in cast("list[object]", value)]
        if not isinstance(value, str) or not value:
            return value
        return text if key in TEXTS | LISTS | {"rows"} else value

    plain = facts.model_dump()
    # A place is a line of a file, or the moment of a decision; risks and stories are found again by their ids.
    return PageFacts.model_validate(put(plain))


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_no_text_makes_markup(self, facts: PageFacts, text: str) -> None:
        calm = parsed(page(filled(facts, "calm")))
        loud = parsed(page(filled(facts, text)))
        assert loud.shape == calm.shape

    def test_the_texts_do_arrive(self, facts: PageFacts) -> None:
        text = HOSTILE[0]
        found = parsed(page(filled(facts, text)))
        # Each of these is its own template; a field that nobody fills would make the test above empty.
        for tag, least in (("h1", 1), ("th", 60), ("td", 150), ("dd", 20), ("li", 20), ("caption", 5), ("desc", 1)):
            assert sum(text in one.text for one in found.all(tag)) >= least, tag

    def test_what_reorders_or_hides_is_shown(self, facts: PageFacts) -> None:
        document = page(filled(facts, "safe\u202eevil\x00\x1b\ud800end"))
        assert "safe\ufffdevil\ufffd\ufffd\ufffdend" in document
        document.encode()
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", document)

    def test_only_digests_are_links(self, facts: PageFacts) -> None:
        links = [one.attributes["href"] for one in parsed(page(filled(facts, "javascript:alert(1)"))).all("a")]
        assert links
        assert all(re.fullmatch(r"#[a-z0-9-]+", link) for link in links)

    def test_the_browser_would_run_nothing_anyway(self, seen: Page, document: str) -> None:
        policy = next(one.attributes["content"] for one in seen.all("meta") if "http-equiv" in one.attributes)
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert not any(name.startswith("on") or name == "style" for one in seen.elements for name in one.attributes)
        assert not seen.all("script", "link", "iframe", "img", "object", "form", "base")
        assert "://" not in document
        assert not re.search(r"url\(|@import|@font-face", document)


class TestStillness:
    def test_equal_facts_are_equal_bytes(self, facts: PageFacts, document: str) -> None:
        again = PageFacts.model_validate_json(facts.model_dump_json())
        assert page(again) == document

    def test_another_fact_is_another_page(self, facts: PageFacts, document: str) -> None:
        assert page(facts.model_copy(update={"headline": "Another."})) != document


class TestStructure:
    def test_headings_go_down_by_one(self, seen: Page) -> None:
        levels = [int(one.tag[1]) for one in seen.all("h1", "h2", "h3", "h4")]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_landmarks_and_language(self, seen: Page) -> None:
        assert seen.all("html")[0].attributes["lang"] == "en"
        assert [len(seen.all(tag)) for tag in ("main", "nav", "header", "footer")] == [1, 1, 1, 1]
        first = seen.all("a")[0]
        assert (first.attributes["class"], first.attributes["href"]) == ("skip", "#main")

    def test_every_table_has_caption_and_scopes(self, seen: Page) -> None:
        assert len(seen.all("table")) == len(seen.all("caption")) > 15
        assert all(one.text.strip() for one in seen.all("caption"))
        assert {one.attributes.get("scope") for one in seen.all("th")} == {"col", "row"}
        captions = [one.text for one in seen.all("caption")]
        assert len(captions) == len(set(captions))

    def test_every_table_scrolls_in_its_own_box(self, seen: Page) -> None:
        boxes = [one for one in seen.elements if one.attributes.get("class") == "scroll"]
        assert len(boxes) == len(seen.all("table"))
        assert all(one.attributes["tabindex"] == "0" for one in boxes)

    def test_every_plot_says_what_it_shows(self, seen: Page) -> None:
        plots = [one for one in seen.all("svg") if one.attributes.get("role") == "img"]
        assert len(plots) >= 4 + 7
        assert len(plots) == len(seen.all("title")) - 1 == len(seen.all("desc"))
        assert all(one.text.strip() for one in seen.all("title", "desc"))

    def test_ids_are_unique_and_whatever_names_one_finds_it(self, seen: Page) -> None:
        ids = [one.attributes["id"] for one in seen.elements if "id" in one.attributes]
        assert len(ids) == len(set(ids))
        for element in seen.elements:
            wanted = element.attributes.get("aria-labelledby", "").split()
            href = element.attributes.get("href", "")
            wanted += [href[1:]] if href.startswith("#") else []
            assert set(wanted) <= set(ids), element

    def test_every_status_has_a_word_and_an_icon(self, seen: Page) -> None:
        chips = [one for one in seen.all("span") if one.attributes.get("class", "").startswith("chip")]
        assert len(chips) > 40
        assert all(one.text.strip() for one in chips)
        inside = [one for one in seen.all("svg") if one.attributes.get("class") == "icon" and one.parents[-1] == "span"]
        assert len(inside) == len(chips)


class TestContents:
    def test_says_what_issue_six_asks_for(self, facts: PageFacts, seen: Page) -> None:
        text = seen.all("body")[0].text
        for words in (
            "Not ready", "79.996 %", "Name the commands that measure coverage", "872 of 1,004 lines are covered",
            "R-002", "P85", "$36.04", "gap-count-differs", "Grace Hopper", "11", "src/auth.ts changed since",
            "owner and approver are the same person", "2026-12-11", "radeng verify", "Coverage by module",
            facts.provenance.ledger_head, facts.provenance.verdict_digest, facts.provenance.tree or "?",
            "it was shown on 77aa01d2c9b4",
        ):  # fmt: skip
            assert words in text, words

    def test_evidence_is_named_as_in_the_bundle(self, facts: PageFacts, seen: Page) -> None:
        links = {one.attributes["href"] for one in seen.all("a")}
        for story in facts.stories:
            assert {f"evidence/{digest.removeprefix('sha256:')}" for digest in story.evidence} <= links

    @pytest.mark.parametrize(
        ("claimed", "said"),
        [
            ("All done (ticked, README.md:3)", "claims it"),
            ("All done (ticked, README.md:1) (not ticked, README.md:3)", "does not claim it"),
            ("", "says nothing"),
        ],
    )
    def test_a_claim_is_what_the_box_says(self, facts: PageFacts, claimed: str, said: str) -> None:
        items = tuple(item.model_copy(update={"claimed": claimed}) for item in facts.verdict.criteria)
        verdict = facts.verdict.model_copy(update={"criteria": items})
        cells = [one.text for one in parsed(page(facts.model_copy(update={"verdict": verdict}))).all("td")]
        assert cells.count(said) == 8

    def test_a_damaged_record_is_said_first(self, facts: PageFacts) -> None:
        text = page(facts.model_copy(update={"broken": ("ledger.jsonl:3: record 3 was edited",)}))
        assert text.index("record 3 was edited") < text.index("The eight criteria at a glance")

    def test_an_empty_home_makes_a_page_too(self, tmp_path: Path) -> None:
        facts = rich_facts(write_folder(tmp_path / "plan"), tmp_path).model_copy(
            update={"trends": (), "waivers": (), "signoffs": (), "reports": (), "steps": (), "forecast": None}
        )
        text = page(facts)
        for words in ("Nothing is waived", "Nobody has signed", "no risk register", "There is no forecast"):
            assert words in text
        parsed(text)


def test_five_hundred_stories_are_folded_and_small(tmp_path: Path) -> None:
    plan = ["meta: {version: '1'}", "global: {constraints: [{max_parallel_agents: 5}]}", "waves:"]
    for wave in range(1, 26):
        plan += [f"  - id: wave-{wave}", f"    name: Part {wave}", "    parallel: true", "    stories:"]
        for story in range(1, 21):
            plan += [
                f"      - id: W{wave}-S{story}",
                f"        title: Story {story} of part {wave}",
                "        points: 3",
                "        acceptance_criteria: [It works, It is fast, It is documented]",
            ]
    facts = rich_facts(write_folder(tmp_path / "plan", "\n".join(plan) + "\n", None), tmp_path)
    assert len(facts.stories) == 500
    document = page(facts)
    waves = re.findall(r"<details class=\"wave paper\"[^>]*>", document)
    assert len(waves) == 25
    assert not any(" open" in tag for tag in waves)
    assert document.count("Story 20 of part ") == 25
    assert len(document) < 2_000_000
