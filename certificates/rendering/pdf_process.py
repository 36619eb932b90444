"""The process that sets certificates and reports: HTML in, PDF out, limited, own fonts, no way to the outside.

Run by press.py as ``python -m certificates.rendering.pdf_process``; it knows neither Django nor the
database. One request is a line of JSON, the answer a line of JSON and then ``size`` bytes. Fonts,
style sheet, frame and seal are read once for the life of the process.
"""

import base64
import json
import os
import resource
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

MEMORY = 1 << 30
CPU_SECONDS_PER_DOCUMENT = 20
# Two thousand rows of thirteen columns take 35 s and 750 MB on a quiet machine: whoever asks stays below that.
CPU_SECONDS_PER_TABLE = 80
OPEN_FILES = 64
# The only addresses a template can name, beside the pictures that come with the request.
SCHEME = "presisi"
FONTS = Path(__file__).with_name("fonts")
STYLES = {name: Path(__file__).with_name(f"{name}.css") for name in ("certificate", "document")}
# The same sheet without frame and seal.
STYLES["certificate-bare"] = STYLES["certificate"]
# A document that is one long table.
STYLES["table"] = STYLES["document"]
KNOWN_ASSETS = {
    f"{SCHEME}:font/{name}": FONTS / f"{name}.ttf"
    for name in ("latin-400", "latin-700", "latin-ext-400", "latin-ext-700")
}
VARIANT = "pdf/a-3a"
CREST = f"{SCHEME}:crest"


def _fetcher(crest: bytes | None, refused: list[str], pictures: Mapping[str, bytes] | None = None) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class DenyAll(URLFetcher):
        """Gives the shipped fonts and this request's crest; opens nothing else, not even a data address."""

        def fetch(self, url, headers=None):
            if url in KNOWN_ASSETS:
                return URLFetcherResponse(url, KNOWN_ASSETS[url].read_bytes())
            if url == CREST and crest:
                return URLFetcherResponse(url, crest, {"Content-Type": "image/png"})
            if picture := (pictures or {}).get(url.removeprefix(f"{SCHEME}:")):
                return URLFetcherResponse(url, picture)
            refused.append(url)
            raise ValueError("refused")

    return DenyAll(allowed_protocols={SCHEME}, allow_redirects=False)


@lru_cache(maxsize=len(STYLES))
def _shared(style: str) -> tuple[Any, Any]:
    """The font configuration and the parsed style sheet, which load the fonts once."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    words = STYLES[style].read_text(encoding="utf-8")
    sheet = CSS(string=words, font_config=fonts, url_fetcher=_fetcher(None, []))
    return fonts, sheet


@lru_cache(maxsize=len(STYLES))
def _options(style: str) -> dict[str, Any]:
    from weasyprint import DEFAULT_OPTIONS
    from weasyprint.pdf import VARIANTS

    chosen = {"stylesheets": [_shared(style)[1]], "pdf_variant": VARIANT, "pdf_tags": True}
    return {**DEFAULT_OPTIONS, **VARIANTS[VARIANT][1], **chosen}


def _read(html: str, fetcher: Any) -> Any:
    from weasyprint import HTML

    return HTML(string=html, url_fetcher=fetcher, base_url=f"{SCHEME}:nowhere/")


@lru_cache(maxsize=1)
def _moulds() -> Any:
    from .moulds import Moulds

    return Moulds()


@lru_cache(maxsize=1)
def _drawings() -> tuple[dict[str, tuple[bytes, Any]], bytes]:
    from . import guilloche

    forms = {name: (operators.encode(), box) for name, (operators, box) in guilloche.forms().items()}
    # Ornament, so no reader should read it aloud: an artifact of the tagged document.
    return forms, b"/Artifact BMC\n" + guilloche.frame().encode() + b"\nEMC"


def _lay_frame_under(pdf: Any) -> None:
    """Put the frame and the seal beneath what is set on the first page."""
    import pydyf

    forms, frame = _drawings()
    page = next(item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/Page")
    resources = pdf.objects[int(page["Resources"].split()[0])]
    for name, (operators, box) in forms.items():
        form = pydyf.Stream(
            [operators],
            {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array(box), "Resources": pydyf.Dictionary()},
            compress=True,
        )
        pdf.add_object(form)
        resources["XObject"][name] = form.reference
    under = pydyf.Stream([frame], compress=True)
    pdf.add_object(under)
    page["Contents"] = pydyf.Array([under.reference, page["Contents"]])


def render(
    html: str,
    *,
    crest: bytes | None,
    epoch: int,
    style: str = "certificate",
    pictures: Mapping[str, bytes] | None = None,
    seal: int = 0,
) -> tuple[bytes, list[str]]:
    """Return the PDF and every address that the HTML asked for and did not get.

    ``pictures`` are those beside the crest, by the names the page calls them; ``seal`` is the room in bytes that is
    left for a signature; 0 leaves none.
    """
    from . import finishing, moulds

    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    refused: list[str] = []
    fetcher = _fetcher(crest, refused, pictures)
    codes = finishing.code_places(html)

    def finish(document: Any, pdf: Any) -> None:
        if style == "certificate":
            _lay_frame_under(pdf)
        if STYLES[style] != STYLES["document"]:
            # Said only of what the tests have judged.
            finishing.say_pdfua(pdf)
        finishing.draw_codes(pdf, codes)
        if seal:
            finishing.leave_place_for_seal(pdf, seal, contact=document.metadata.description or "")
        finishing.write_once(pdf)

    def written(document: Any) -> bytes:
        # What an earlier page of the same boxes has used is not in this one.
        document.fonts, document.color_profiles = {}, {}
        return document.write_pdf(finisher=finish, **_options(style))

    shape = moulds.shape_of(html)
    key = (style, shape.tags, crest, tuple(sorted((pictures or {}).items())))
    kept = _moulds()
    mould = kept.get(key)
    poured = mould is not None and mould.fits(shape)
    if mould is not None and poured and mould.checked:
        mould.document.metadata = moulds.metadata_of(_read(html.partition("</head>")[0], fetcher))
        return written(mould.document), refused
    document, context = moulds.lay_out(_read(html, fetcher), fonts=_shared(style)[0], options=_options(style))
    pdf = written(document)
    if mould is not None and poured:
        # The first page out of a mould is compared with one laid out in full.
        mould.document.metadata = document.metadata
        mould.checked = written(mould.document) == pdf
    # To find the lines of a long table again takes longer than setting them, and no two are alike.
    if style != "table" and not refused and not (mould and mould.checked):
        kept.keep(key, moulds.Mould(document, context, shape))
    return pdf, refused


def _limit_cpu(style: str) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime)
    until += CPU_SECONDS_PER_TABLE if style == "table" else CPU_SECONDS_PER_DOCUMENT
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Libraries may print; the answer's channel is kept out of their reach.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin.buffer:
        request = json.loads(line)
        _limit_cpu(request["style"])
        crest = base64.b64decode(request["crest"]) if request["crest"] else None
        pictures = {name: base64.b64decode(picture) for name, picture in request["pictures"].items()}
        try:
            pdf, refused = render(
                request["html"],
                crest=crest,
                epoch=request["epoch"],
                style=request["style"],
                pictures=pictures,
                seal=request["seal"],
            )
            answer: dict[str, Any] = {"size": len(pdf), "refused": refused}
        except Exception as error:  # Whatever it is, the caller hears of it and keeps the work queued.
            pdf, answer = b"", {"size": 0, "error": f"{type(error).__name__}: {error}"[:500]}
        answers.write(json.dumps(answer).encode() + b"\n" + pdf)
        answers.flush()


if __name__ == "__main__":
    main()
