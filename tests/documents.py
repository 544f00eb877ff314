"""The README and the pages of docs/ as tests read them: what they print to be run, and what they link."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.conftest import ROOT

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```\n", flags=re.MULTILINE | re.DOTALL)
# What is rendered has its own tests, and its lines are as long as they are.
_RENDERED = re.compile(r"<!-- (\w+): begin .*?<!-- \1: end -->\n", flags=re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page of markdown: `blocks` are its fenced blocks, each (language, text), "" where it names none."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def flowing(self) -> str:
        """The text with every run of blanks and line ends as one blank: for sentences, wherever they are broken."""
        return " ".join(self.text.split())

    @cached_property
    def blocks(self) -> list[tuple[str, str]]:
        return _FENCED.findall(self.text)

    @cached_property
    def prose(self) -> str:
        """The text without its blocks and without what is rendered."""
        return _FENCED.sub("", _RENDERED.sub("", self.text))

    @cached_property
    def links(self) -> list[str]:
        """What the page links, without what lies elsewhere on the net."""
        found = re.findall(r"\]\(([^)\s]+)\)", _FENCED.sub("", self.text))
        return [target for target in found if not re.match(r"[a-z]+://", target)]

    @cached_property
    def anchors(self) -> set[str]:
        """What `#...` may name on the page: its headings, as GitHub writes them, and the anchors that it sets."""
        headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", self.text), flags=re.MULTILINE)
        kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
        return {words.strip().replace(" ", "-") for words in kept} | set(re.findall(r'<a id="([^"]+)">', self.text))

    @cached_property
    def commands(self) -> list[str]:
        """Every command line that is printed, in a block or within a sentence; `a && b` are two."""
        lines = [line for language, text in self.blocks if language == "sh" for line in text.splitlines()]
        spans = re.findall(r"`([^`]+)`", self.prose)
        lines += [" ".join(span.split()) for span in spans if re.match(r"(?:python -m|pipx run|nox -s) \w", span)]
        return [part for line in lines for part in line.partition("  #")[0].strip().split(" && ")]


README = Page(ROOT / "README.md")
DOCS = [Page(path) for path in sorted((ROOT / "docs").glob("*.md"))]
PAGES = [README, *DOCS]
# The files of plugins that are printed, by their names, each with the page it stands on.
PLUGINS = {
    text.split("\n")[0].removeprefix("# "): text
    for page in PAGES
    for language, text in page.blocks
    if language == "python" and text.startswith("# my_")
}


def page(name: str) -> Page:
    """Return the page of docs/ of this name."""
    [found] = [each for each in DOCS if each.path.stem == name]
    return found
