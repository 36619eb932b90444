"""Many certificates bound into one PDF for the printer, tags and language kept, seals left out.

The pages are those of the stored files. A seal holds for the bytes of one file and cannot hold for a bound copy, so
the copy bears none and says so in its title; each certificate's own file stays the document.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String

TITLE = "Salinan cetak sertifikat, tanpa segel elektronik"


def bind(contents: Iterable[bytes], target: BinaryIO) -> int:
    """Write the pages of all ``contents`` into ``target``; return how many pages there are.

    Where one has more than one page, each begins on a new sheet, so that the stack can be printed on both sides.
    """
    bound = pikepdf.new()
    tags = _Tags(bound)
    with ExitStack() as opened:
        # What was copied is read from its source when the copy is saved.
        sources = [opened.enter_context(pikepdf.open(BytesIO(content))) for content in contents]
        both_sides = any(len(source.pages) > 1 for source in sources)
        for source in sources:
            _append(source, bound, tags)
            if both_sides and len(source.pages) % 2:
                bound.add_blank_page(page_size=_size(bound.pages[-1]))
        tags.finish()
        bound.Root.Lang = String("id")
        bound.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        with bound.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = TITLE
            metadata["dc:language"] = ["id"]
        bound.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return len(bound.pages)


def _append(source: pikepdf.Pdf, bound: pikepdf.Pdf, tags: "_Tags") -> None:
    first = len(bound.pages)
    for original in source.pages:
        bound.pages.append(original)
    copies: list[Any] = [bound.pages[place].obj for place in range(first, len(bound.pages))]
    for page in copies:
        # The field of a seal would point at a signature that does not hold here.
        if "/Annots" in page:
            kept = [note for note in page.Annots if note.get("/Subtype") != Name.Widget]
            page.Annots = Array(kept)
    tags.take(source, copies)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return right - left, top - bottom


class _Tags:
    """The structure trees of many documents under one root; keys of pages and notes are counted on."""

    def __init__(self, bound: pikepdf.Pdf) -> None:
        self._bound = bound
        self._next = 0
        self._parents = Array()
        root = bound.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        # One document whose parts are the certificates: a reader hears where each begins.
        self._whole: Any = bound.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
        root.K = self._whole
        self._root: Any = root

    def take(self, source: pikepdf.Pdf, pages: list[Any]) -> None:
        """Add the tree of ``source``, whose pages are in the bound document already, as ``pages``."""
        tree = source.Root.get("/StructTreeRoot")
        if tree is None:
            return
        start = self._next
        copied = self._bound.copy_foreign(tree)
        for page in pages:
            self._count_on(page, "/StructParents", start)
            for note in page.get("/Annots", []):
                self._count_on(note, "/StructParent", start)
        for place, value in _numbers(copied.get("/ParentTree", Dictionary())):
            self._parents.append(place + start)
            self._parents.append(value)
            self._next = max(self._next, place + start + 1)
        children = copied.get("/K", Array())
        for child in children if isinstance(children, Array) else [children]:
            child.P = self._whole
            if child.get("/S") == Name.Document:
                child.S = Name.Part
            self._whole.K.append(child)
        for names in ("/RoleMap", "/ClassMap"):
            if names in copied:
                self._root[names] = Dictionary({**dict(self._root.get(names, Dictionary())), **dict(copied[names])})

    @staticmethod
    def _count_on(holder: Any, key: str, start: int) -> None:
        if key in holder:
            holder[key] = int(holder[key]) + start

    def finish(self) -> None:
        self._root.ParentTree = self._bound.make_indirect(Dictionary(Nums=self._parents))
        self._root.ParentTreeNextKey = self._next
        self._bound.Root.StructTreeRoot = self._root
        self._bound.Root.MarkInfo = Dictionary(Marked=True)


def _numbers(tree: Any) -> Iterator[tuple[int, Any]]:
    """Key and value of a number tree, however many levels it has."""
    entries = list(tree.get("/Nums", []))
    for place in range(0, len(entries), 2):
        yield int(entries[place]), entries[place + 1]
    for branch in tree.get("/Kids", []):
        yield from _numbers(branch)
