"""Pages that were laid out before, for the next certificate of the same shape: only the lines that differ are set anew.

Certificates of one course and letterhead differ in a few lines: name, number, code, grade. Reading
the page, computing its styles and laying it out takes most of WeasyPrint's time and gives the same
boxes again. So the boxes are kept, and a line whose words differ is broken, aligned and placed by
WeasyPrint's own functions. Whatever is not exactly such a line (a name that wraps, another size, a
table of another length) is laid out in full. Both ways give the same bytes: the first page out of
each mould is compared with a full one, and tests compare many.
"""

import html as markup
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, DocumentMetadata, Page
from weasyprint.formatting_structure import boxes
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import get_html_metadata
from weasyprint.layout import layout_document
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.inline import iter_line_boxes

KEPT = 16
TAG = re.compile(r"(<[^>]*>)")
# Attributes whose words are drawn, not looked up: the code, and what runs at the foot of a page.
DRAWN = re.compile(r'data-(?:modules|foot)="([^"]*)"')


@dataclass(frozen=True)
class Shape:
    """What a page has in common with others (``tags``) and what is its own (``words``, ``drawn``)."""

    tags: tuple[str, ...]
    words: list[str]
    drawn: list[str]


def shape_of(html: str) -> Shape:
    _head, _end, body = html.partition("</head>")
    drawn = DRAWN.findall(body)
    parts = TAG.split(DRAWN.sub("data-drawn", body))
    return Shape(tuple(parts[1::2]), [_shown(part) for part in parts[::2]], [_shown(part) for part in drawn])


def _shown(text: str) -> str:
    return " ".join(markup.unescape(text).split())


@dataclass
class _Line:
    """A laid out line of nothing but one run of words, and where it hangs."""

    holder: Any
    place: int

    @property
    def box(self) -> Any:
        return self.holder.children[self.place]


class Mould:
    """A laid out document whose lines can be set anew."""

    def __init__(self, document: Document, context: Any, shape: Shape) -> None:
        self.document, self.context = document, context
        # Lines are placed as in a box of their own: nothing floats beside them.
        context.create_block_formatting_context(document.pages[0]._page_box)
        self.words = [*shape.words, *shape.drawn]
        self.checked = False
        self.lines: dict[int, _Line] = {}
        self._find(shape)

    def _find(self, shape: Shape) -> None:
        """Match words with lines in the order of the document; what is drawn at the foot, by its words alone."""
        there = [line for page in self.document.pages for line in _single_lines(page._page_box)]
        place = 0
        for number, text in enumerate(shape.words):
            for ahead in range(place, len(there)) if text else ():
                if there[ahead].box.children[0].text == text:
                    self.lines[number], place = there[ahead], ahead + 1
                    break
        for number, text in enumerate(shape.drawn, start=len(shape.words)):
            found = [line for line in there if line.box.children[0].text == text and line not in self.lines.values()]
            if len(found) == 1:
                self.lines[number] = found[0]

    def fits(self, shape: Shape) -> bool:
        """Set every line that differs; False, and nothing is changed, where one cannot be set by itself."""
        words = [*shape.words, *shape.drawn]
        made = []
        for number, (old, new) in enumerate(zip(self.words, words, strict=True)):
            if old == new or _is_code(old):
                continue
            line = self.lines.get(number)
            box = self._set(line, new) if line and new else None
            if line is None or box is None:
                return False
            made.append((line, box))
        for line, box in made:
            children = list(line.holder.children)
            children[line.place] = box
            line.holder.children = children
        self.words = words
        return True

    def _set(self, line: _Line, text: str) -> Any:
        """The line with other words, if it is still one line of the same height."""
        old = line.box
        run = old.children[0]
        unset = old.copy_with_children([boxes.TextBox(run.element_tag, run.style, run.element, text)])
        found = list(iter_line_boxes(self.context, unset, old.position_y, 0, None, line.holder, [], [], None, None))
        if len(found) != 1 or found[0][0].height != old.height:
            return None
        return found[0][0]


def _is_code(text: str) -> bool:
    """The modules of a code: drawn by finishing.py from the page itself."""
    return bool(re.fullmatch(r"[0-9a-f]+(?:-[0-9a-f]+){20,}", text))


def _single_lines(box: Any) -> Iterator[_Line]:
    box = box._box if isinstance(box, AbsolutePlaceholder) else box
    for place, child in enumerate(getattr(box, "children", ())):
        if isinstance(child, boxes.LineBox) and [type(one) for one in child.children] == [boxes.TextBox]:
            # A box as wide as its words would change with them.
            if not _shrinks(box):
                yield _Line(box, place)
        else:
            yield from _single_lines(child)


def _shrinks(box: Any) -> bool:
    style = box.style
    if style["width"] != "auto" or isinstance(box, boxes.MarginBox | boxes.TableCellBox):
        return False
    floating = style["position"] in ("absolute", "fixed") and "auto" in (style["left"], style["right"])
    return floating or style["float"] != "none" or style["display"][0] == "inline"


class Moulds:
    """The last few shapes, each with its boxes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, Mould] = OrderedDict()

    def get(self, key: Any) -> Mould | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Any, mould: Mould) -> None:
        self._kept[key] = mould
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def drop(self, key: Any) -> None:
        self._kept.pop(key, None)


def lay_out(html: Any, *, fonts: Any, options: dict[str, Any]) -> tuple[Document, Any]:
    """What ``HTML.render`` does, with the context that lays out single lines later."""
    counters: Any = CounterStyle()
    context = Document._build_layout_context(html, fonts, counters, {}, options)
    root = build_formatting_structure(
        html.etree_element,
        context.style_for,
        context.get_image_from_uri,
        html.base_url,
        context.target_collector,
        counters,
        context.footnotes,
    )
    pages = [Page(box) for box in layout_document(html, root, context)]
    return Document(pages, metadata_of(html), html.url_fetcher, fonts, {}, options["output_intent"]), context


def metadata_of(html: Any) -> DocumentMetadata:
    return DocumentMetadata(**get_html_metadata(html))
