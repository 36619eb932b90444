"""What is done to a document that WeasyPrint has set, before it is written: marks, metadata, place of the seal.

The seal's place is written empty into the file itself, so that sealing later fills a gap of known
size instead of appending a new version of the file: nothing in a sealed file is ever superseded.
"""

import re
import zlib
from functools import lru_cache
from typing import Any

import pydyf

SEAL_FIELD = "Segel"
# Long enough for any file; fixed, because the positions are known only once the file is written.
RANGE = b"[0 0000000000 0000000000 0000000000]"
MOMENT = b"(D:00000000000000Z)"
REASON = "Segel elektronik instansi, bukan TTE tersertifikasi"
PRINT, LOCKED = 4, 128

# PDF/UA-1 says so in the metadata, and PDF/A accepts that only with a description of the words.
PDFUA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""\
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""\
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"\
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description></rdf:li>\
</rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


class _Empty(pydyf.Object):
    """The signature with nothing in it yet; stands in the file itself, never in a compressed object stream."""

    compressible = False

    def __init__(self, size: int, contact: str) -> None:
        super().__init__()
        self.size = size
        self.contact = contact

    @property
    def data(self) -> bytes:
        return (
            b"<</Type /Sig/Filter /Adobe.PPKLite/SubFilter /ETSI.CAdES.detached/M "
            + MOMENT
            + b"/Reason "
            + pydyf.String(REASON).data
            + b"/ContactInfo "
            + pydyf.String(self.contact).data
            + b"/Reference [<<"
            b"/Type /SigRef/TransformMethod /DocMDP/TransformParams <</Type /TransformParams/P 1/V /1.2>>>>]"
            b"/ByteRange " + RANGE + b"/Contents <" + b"0" * (2 * self.size) + b">>>"
        )


def say_pdfua(pdf: Any) -> None:
    metadata = next(item for item in pdf.objects if isinstance(item, pydyf.Stream) and "Metadata" in str(item.extra))
    metadata.stream = [b"".join(metadata.stream).replace(b"</rdf:RDF>", PDFUA + b"</rdf:RDF>", 1)]


def leave_place_for_seal(pdf: Any, size: int, *, contact: str) -> None:
    """Add a signature of ``size`` bytes that nobody has made yet, forbidding every later change, without a picture.

    ``contact`` tells whoever opens the signature in a viewer where to check the file.
    """
    page = next(item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/Page")
    empty = _Empty(size, contact)
    pdf.add_object(empty)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(SEAL_FIELD),
            "TU": pydyf.String("Segel elektronik instansi"),
            "V": empty.reference,
            "F": PRINT | LOCKED,
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "P": pdf.page_references[0],
        }
    )
    pdf.add_object(field)
    page["Annots"] = pydyf.Array([*page.get("Annots", []), field.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference]), "SigFlags": 3})
    pdf.catalog["Perms"] = pydyf.Dictionary({"DocMDP": empty.reference})


# --- the code -----------------------------------------------------------------------------------------------------


def code_places(html: str) -> dict[bytes, bytes]:
    """Return what the code's square is drawn as → the drawing that belongs there, for each ``<svg data-modules>``."""
    found = [modules.split("-") for modules in re.findall(r'<svg [^>]*data-modules="([0-9a-f-]+)"', html)]
    return {f"0 0 {len(rows)} {len(rows)} re".encode(): _dark(rows) for rows in found}


def _dark(rows: list[str]) -> bytes:
    """One path of all dark modules: each row in hexadecimal, each run of modules one rectangle."""
    size = len(rows)
    runs = []
    for y, row in enumerate(rows):
        bits = f"{int(row, 16):0{size}b}"
        runs += [f"{run.start()} {y} {run.end() - run.start()} 1 re" for run in re.finditer("1+", bits)]
    return " ".join(runs).encode()


def draw_codes(pdf: Any, places: dict[bytes, bytes]) -> None:
    """Put each code where its square stands: thousands of path commands cost WeasyPrint more than all the text."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and "Filter" not in item.extra:
            item.stream = [places.get(part, part) if isinstance(part, bytes) else part for part in item.stream]


# --- writing ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _deflated(content: bytes) -> bytes:
    return zlib.compress(content, 9)


class _Written(pydyf.Object):
    """An object whose bytes are made: the writer asks for them twice, once for the file's own id."""

    def __init__(self, item: Any) -> None:
        super().__init__()
        self.number, self.generation, self.free = item.number, item.generation, item.free
        self._compressible = item.compressible
        self._data = item.data if item.free == "n" else b""

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._compressible


def write_once(pdf: Any) -> None:
    """Make every object's bytes now. Fonts, frame and profile are often those of the page before."""
    for place, item in enumerate(pdf.objects):
        if isinstance(item, pydyf.Stream) and item.compress:
            item.stream = [_deflated(b"\n".join(map(pydyf._to_bytes, item.stream)))]
            item.extra = {**item.extra, "Filter": "/FlateDecode"}
            item.compress = False
        pdf.objects[place] = _Written(item)
