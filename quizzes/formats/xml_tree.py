"""XML as a small tree that knows its lines. No entities, no document types, no depth without end, nothing fetched."""

from dataclasses import dataclass, field
from xml.parsers import expat

from .model import Unreadable

DEEPEST = 40
MOST_ELEMENTS = 400_000
UNSAFE = "Berkas XML ini memuat DOCTYPE atau ENTITY, yang tidak dibaca demi keamanan. Ekspor lagi dari Moodle."


@dataclass
class Element:
    name: str
    fields: dict[str, str]
    line: int
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands directly inside, without the children's."""
        return "".join(self.pieces)

    def all(self, name: str) -> list["Element"]:
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        return next((child for child in self.children if child.name == name), None)

    def word(self, name: str, default: str = "") -> str:
        """The stripped text of a child, or of the ``<text>`` inside it."""
        child = self.first(name)
        if child is None:
            return default
        inner = child.first("text")
        return (inner or child).text.strip() or default


def parse(text: str) -> Element:
    """Read a document. Raises Unreadable with the line of its first fault."""
    builder = _Builder()
    parser = expat.ParserCreate(encoding="utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, fields: builder.opens(name, fields, parser.CurrentLineNumber)
    parser.EndElementHandler = builder.closes
    parser.CharacterDataHandler = builder.says
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as fault:
        raise Unreadable(
            f"Susunan XML rusak di kolom {fault.offset + 1}. Ekspor lagi berkasnya dari Moodle.", fault.lineno
        ) from None
    assert builder.root is not None  # noqa: S101 (expat refuses a document without an element)
    return builder.root


def _refuse(*_declaration) -> None:
    raise Unreadable(UNSAFE)


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0

    def opens(self, name: str, fields: dict[str, str], line: int) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST_ELEMENTS:
            raise Unreadable("Susunan XML ini tidak wajar: terlalu dalam atau terlalu banyak unsur.", line)
        element = Element(name.lower(), fields, line)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def closes(self, _name: str) -> None:
        self.open.pop()

    def says(self, text: str) -> None:
        self.open[-1].pieces.append(text)
