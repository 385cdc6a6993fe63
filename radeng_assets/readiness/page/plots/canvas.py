"""A drawing: shapes and words on a grid of units, with a title and a description for those who cannot see it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markupsafe import Markup

from radeng_assets.readiness.page.words import visible


class Canvas:
    """An SVG image under construction. ``name`` makes its ids unique on the page; sizes are in units.

    A ``stretched`` one fills whatever room it has. Colours and fonts come from classes of the page's style sheet, so
    that dark mode and paper change plots too.
    """

    def __init__(
        self, name: str, title: str, description: str, width: float, height: float, *, stretched: bool = False
    ) -> None:
        self._root = ET.Element(
            "svg",
            {
                "viewBox": f"0 0 {number(width)} {number(height)}",
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-desc",
                "class": "plot",
            },
        )
        if stretched:
            self._root.set("preserveAspectRatio", "none")
        for tag, text in (("title", title), ("desc", description)):
            ET.SubElement(self._root, tag, {"id": f"{name}-{tag}"}).text = visible(text)

    def rect(self, x: float, y: float, width: float, height: float, kind: str, *, round_: float = 0) -> None:
        """A rectangle of a class."""
        attributes = {"x": x, "y": y, "width": max(0.0, width), "height": max(0.0, height), "rx": round_}
        self._add("rect", kind, {key: number(value) for key, value in attributes.items()})

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A line of a class."""
        self._add("line", kind, {key: number(v) for key, v in {"x1": x1, "y1": y1, "x2": x2, "y2": y2}.items()})

    def path(self, points: list[tuple[float, float]], kind: str) -> None:
        """A line through points, of a class."""
        steps = " L".join(f"{number(x)} {number(y)}" for x, y in points)
        self._add("path", kind, {"d": f"M{steps}"})

    def dot(self, x: float, y: float, radius: float, kind: str) -> None:
        """A dot of a class."""
        self._add("circle", kind, {"cx": number(x), "cy": number(y), "r": number(radius)})

    def text(self, x: float, y: float, words: str, kind: str = "", *, anchor: str = "start") -> None:
        """Words at a place; ``anchor`` is ``start``, ``middle`` or ``end``."""
        self._add("text", kind, {"x": number(x), "y": number(y), "text-anchor": anchor}).text = visible(words)

    def _add(self, tag: str, kind: str, attributes: dict[str, str]) -> ET.Element:
        return ET.SubElement(self._root, tag, ({"class": kind} if kind else {}) | attributes)

    def markup(self) -> Markup:
        """The image, escaped by the serializer, for the template to take as it is."""
        return Markup(ET.tostring(self._root, encoding="unicode"))  # noqa: S704  # every text went through ElementTree


def number(value: float) -> str:
    """A coordinate to a hundredth of a unit."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
