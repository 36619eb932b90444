"""What a certificate costs from its row to sealed bytes on the disk: four chains, and the same bytes in the end.

Run: make bench-certificates (COUNT= how many each). Writes benchmarks/results/certificates.json. Costs are processor
time of this process and of the press together, so that a busy machine changes them little. No database is touched.

- naive: WeasyPrint, pikepdf and pyHanko as their manuals begin: nothing kept between two certificates
- reused: the same with fonts, style sheet and parsed key kept
- ours, one by one: each of another look, so that the press has laid out nothing like it
- ours, in bulk: a cohort, whose pages are poured from one mould
"""

import hashlib
import json
import logging
import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")
os.environ["FONTCONFIG_FILE"] = str(ROOT / "certificates" / "rendering" / "fonts.conf")

import django  # noqa: E402

django.setup()

import pikepdf  # noqa: E402
import segno  # noqa: E402
from cryptography.hazmat.primitives import serialization  # noqa: E402
from django.conf import settings  # noqa: E402
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: E402
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: E402
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from certificates.identifiers import new_identifier  # noqa: E402
from certificates.rendering import pdf_process, press  # noqa: E402
from certificates.rendering.document import html_of, verification_url  # noqa: E402
from certificates.rendering.finishing import PDFUA  # noqa: E402
from certificates.rendering.preview import example, pictures_of  # noqa: E402
from certificates.rendering.store import keep, sheet_of  # noqa: E402
from certificates.sealing import filling, keys  # noqa: E402
from certificates.sealing.signers import ROOM  # noqa: E402
from certificates.wording import worded  # noqa: E402

COUNT = int(os.environ.get("COUNT", "100"))
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FIRST = "Muhammad Siti Agus Dewi Yohanis Budi Ratna Andi Maria Ketut Yusuf Hendra Rizky Nur Eko".split()
LAST = "Wamafma Saputra Lestari Simanjuntak Rumbiak Hidayat Nasution Manurung Kafiar Pratama Sembiring".split()
TICKS = os.sysconf("SC_CLK_TCK")
PASSPHRASE = b"bench"


def cohort(count: int):
    """Invented certificates of one course, with its list of material overleaf."""
    dice = random.Random(7)
    for number in range(1, count + 1):
        certificate = example(shape="long")
        certificate.holder_name = f"{dice.choice(FIRST)} {dice.choice(LAST)}{dice.choice(['', '', ', S.H.'])}"
        certificate.holder_number = f"{dice.randrange(70000000, 99999999)}"
        certificate.number = f"Sertif/{number}/XI/DIK.2.6./2026"
        certificate.public_id = new_identifier()
        certificate.wording = worded(certificate.template_version.texts, certificate)
        yield certificate


def processor_ms() -> float:
    """What this process and the press have used so far, presses that were replaced among them."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = (time.process_time() + ended.ru_utime + ended.ru_stime) * 1000
    if press._press:
        fields = Path(f"/proc/{press._press.process.pid}/stat").read_text().rpartition(")")[2].split()
        used += (int(fields[11]) + int(fields[12])) * 1000 / TICKS
    return used


def memory_mb() -> float:
    pid = press._press.process.pid if press._press else os.getpid()
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024, 1)


# --- the chains ---------------------------------------------------------------------------------------------------


class Naive:
    """A new document for each, every key and font read again; ``kept`` keeps what can be kept so simply."""

    def __init__(self, key: keys.SealKey, folder: Path, *, kept: bool) -> None:
        self.kept = kept
        encryption = serialization.BestAvailableEncryption(PASSPHRASE)
        private = key.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        (folder / "key.pem").write_bytes(private)
        (folder / "certificate.pem").write_text(key.pem)
        self.folder = folder
        self.fonts, self.sheet = self._style()
        self.signer = self._signer()

    def _style(self):
        fonts = FontConfiguration()
        words = pdf_process.STYLES["certificate"].read_text(encoding="utf-8")
        return fonts, CSS(string=words, font_config=fonts, url_fetcher=pdf_process._fetcher(None, []))

    def _signer(self):
        return SimpleSigner.load(
            str(self.folder / "key.pem"), str(self.folder / "certificate.pem"), key_passphrase=PASSPHRASE
        )

    def __call__(self, certificate) -> bytes:
        fonts, sheet = (self.fonts, self.sheet) if self.kept else self._style()
        code = segno.make(verification_url(certificate.public_id), error="m", boost_error=False)
        picture = code.svg_inline(border=0, omitsize=True).replace(">", "><title>Kode QR</title>", 1)
        html = html_of(certificate)
        start, end = html.index("<svg"), html.index("</svg>") + 6
        os.environ["SOURCE_DATE_EPOCH"] = str(int(certificate.issued_at.timestamp()))
        page = HTML(string=html[:start] + picture + html[end:], url_fetcher=pdf_process._fetcher(None, []))
        pdf = page.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/a-3a", pdf_tags=True)
        return self._signed(self._marked(pdf))

    def _marked(self, pdf: bytes) -> bytes:
        target = BytesIO()
        with pikepdf.open(BytesIO(pdf)) as opened:
            metadata = opened.Root.Metadata
            metadata.write(metadata.read_bytes().replace(b"</rdf:RDF>", PDFUA + b"</rdf:RDF>"))
            opened.save(target, deterministic_id=True)
        return target.getvalue()

    def _signed(self, pdf: bytes) -> bytes:
        how = PdfSignatureMetadata(
            field_name="Segel",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            md_algorithm="sha256",
        )
        signer = self.signer if self.kept else self._signer()
        return PdfSigner(how, signer).sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf))).getvalue()


def ours(key: keys.SealKey):
    return lambda certificate: filling.fill(sheet_of(certificate, room=ROOM).pdf, key=key, at=NOW)


def ours_alone(key: keys.SealKey):
    """As ``ours``, but no page looks like an earlier one: each is laid out in full."""

    def chain(certificate) -> bytes:
        html = html_of(certificate).replace("<body>", f'<body data-course="{certificate.number}">', 1)
        return filling.fill(
            press.print_sheet(html, crest=None, at=certificate.issued_at, seal=ROOM).pdf, key=key, at=NOW
        )

    return chain


def measured(name: str, chain, certificates) -> dict:
    """Run one chain over all; the first two are left out of the figures, as the programs load then."""
    costs, waits, sizes, memory = [], [], [], []
    for number, certificate in enumerate(certificates):
        before, began = processor_ms(), time.perf_counter()
        pdf = chain(certificate)
        keep(f"bench/{name}-{number}-{hashlib.sha256(pdf).hexdigest()[:12]}.pdf", pdf)
        if number >= 2:
            costs.append(processor_ms() - before)
            waits.append((time.perf_counter() - began) * 1000)
            sizes.append(len(pdf))
            memory.append(memory_mb())
    quarter = max(1, len(memory) // 4)
    return {
        "count": len(costs),
        "cpu_ms": round(statistics.fmean(costs), 1),
        "wall_p50_ms": round(statistics.median(waits), 1),
        "wall_p95_ms": round(statistics.quantiles(waits, n=20)[18], 1),
        "bytes": round(statistics.fmean(sizes)),
        "memory_mb": memory[-1],
        "memory_growth_kb_each": round((memory[-1] - memory[quarter]) * 1024 / max(1, len(memory) - quarter), 1),
    }


def main() -> None:
    # What is said about each step costs the chains that run in this process.
    for chatty in ("weasyprint", "pikepdf", "pyhanko", "fontTools"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        settings.STORAGES["private"]["OPTIONS"]["location"] = folder / "private"
        key = keys.make(name="Polres Uji", at=NOW)
        # What is slow is known after some dozens.
        few = max(12, min(COUNT // 4, 60))
        results = {"naive": measured("naive", Naive(key, folder, kept=False), cohort(few))}
        results["reused"] = measured("reused", Naive(key, folder, kept=True), cohort(few))
        results["ours, one by one"] = measured("single", ours_alone(key), cohort(few))
        press.stop_press()
        results["ours, in bulk"] = measured("bulk", ours(key), cohort(COUNT))
        page = next(cohort(1))
        sheet_of(page, room=ROOM)
        began = processor_ms()
        pdf = sheet_of(page, room=ROOM).pdf
        parts = {"page out of a mould": round(processor_ms() - began, 1)}
        began = processor_ms()
        for _ in range(100):
            filling.fill(pdf, key=key, at=NOW)
        parts["seal"] = round((processor_ms() - began) / 100, 2)
        began = processor_ms()
        for _ in range(20):
            html_of(page)
        parts["words and code to HTML"] = round((processor_ms() - began) / 20, 1)
        began = processor_ms()
        pictures_of(pdf)
        parts["pictures of the preview"] = round(processor_ms() - began, 1)
        press.stop_press()
    naive = results["naive"]["cpu_ms"]
    for row in results.values():
        row["times_naive"] = round(naive / row["cpu_ms"], 1)
    print(f"{'chain':18}{'cpu ms':>9}{'× naive':>9}{'p50 ms':>9}{'p95 ms':>9}{'bytes':>9}{'growth KB':>11}")
    for name, row in results.items():
        figures = (row["cpu_ms"], row["times_naive"], row["wall_p50_ms"], row["wall_p95_ms"], row["bytes"])
        print(f"{name:18}" + "".join(f"{figure:>9}" for figure in figures) + f"{row['memory_growth_kb_each']:>11}")
    for name, cost in parts.items():
        print(f"{name}: {cost} ms")
    report = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": [round(value, 1) for value in os.getloadavg()],
        "libraries": {name: version(name) for name in ("weasyprint", "pyhanko", "pikepdf")},
        "chains": results,
        "parts_cpu_ms": parts,
        "goal": {"times_naive": 5, "reached": results["ours, in bulk"]["times_naive"] >= 5},
    }
    target = ROOT / "benchmarks" / "results" / "certificates.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
