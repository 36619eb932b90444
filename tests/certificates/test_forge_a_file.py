"""A forger's ways with a sealed file, at the level of bytes: none of them passes for what we issued."""

import random
import subprocess
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from django.core.files.storage import storages
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from certificates.identifiers import new_identifier
from certificates.rendering.document import html_of
from certificates.rendering.press import print_sheet
from certificates.sealing import ceremony, filling, keys
from certificates.sealing.inspection import Verdict, inspect, signatures_in
from certificates.sealing.signers import ROOM
from tests.certificates.sealing import KEY, OTHER_KEY, sealed
from tests.clock import NOON
from tests.factories.certificates import issued
from tests.factories.organisation import OfficerFactory

# What the bytes of a file are does not depend on the database.
pytestmark = pytest.mark.once_on("sqlite")

FLIPS = 250


@pytest.fixture
def certificate(seal):
    return issued(OfficerFactory(name="Yohanis Wamafma"), rendered=True)


@pytest.fixture
def genuine(certificate) -> bytes:
    with storages["private"].open(certificate.files.get().storage_name) as stored:
        return stored.read()


def saved(pdf: pikepdf.Pdf) -> bytes:
    target = BytesIO()
    pdf.save(target)
    return target.getvalue()


def gap(content: bytes) -> tuple[int, int]:
    """Where the signature stands, its brackets included."""
    start = content.rfind(b"/Contents <") + len(b"/Contents ")
    return start, content.index(b">", start) + 1


def reset(certificate, **changes) -> bytes:
    """The page of the same certificate with other words, as a forger with our own press would set it."""
    for name, value in changes.items():
        setattr(certificate, name, value)
    return print_sheet(html_of(certificate), crest=None, at=certificate.issued_at, seal=ROOM).pdf


def test_the_right_file_is_genuine_whatever_it_is_called(certificate, genuine, seal):
    found = inspect(genuine)

    assert found.verdict == Verdict.GENUINE
    assert found.file.certificate == certificate
    assert found.seal == seal
    assert found.signature.intact
    assert found.signature.covers_whole_file
    assert found.signature.signer == "Segel Elektronik Polresta Uji"


def test_an_edited_text_does_not_pass(genuine):
    with pikepdf.open(BytesIO(genuine)) as pdf:
        page = pdf.pages[0]
        words = pdf.make_stream(b"BT /F0 20 Tf 300 300 Td (Nama Lain) Tj ET")
        page.Contents = pikepdf.Array([*page.Contents, words])
        edited = saved(pdf)

    assert inspect(edited).verdict in (Verdict.ALTERED, Verdict.UNSEALED)


def test_a_swapped_code_is_altered(certificate, genuine):
    # Ranges and all are right for the new page; only the signature is the old one.
    swapped = filling.fill(reset(certificate, public_id=new_identifier()), key=OTHER_KEY, at=NOON)
    start, end = gap(swapped)
    old_start, old_end = gap(genuine)
    swapped = swapped[:start] + genuine[old_start:old_end] + swapped[end:]

    found = inspect(swapped)

    assert found.verdict == Verdict.ALTERED
    assert found.signature.covers_whole_file


def flipped(content: bytes, first: int, last: int):
    dice = random.Random(20261122)
    for _ in range(FLIPS):
        place, bit = dice.randrange(first, last), 1 << dice.randrange(8)
        yield content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


def test_no_flipped_bit_passes(genuine):
    start, end = gap(genuine)
    for first, last in ((0, start), (end, len(genuine))):
        for forged in flipped(genuine, first, last):
            assert inspect(forged).verdict in (Verdict.ALTERED, Verdict.UNSEALED)


def test_no_flipped_bit_in_the_signature_itself_is_genuine(genuine):
    """Some bits there mean nothing; then every other byte is ours, and the file is still not one that we issued."""
    start, end = gap(genuine)
    for forged in flipped(genuine, start, end):
        found = inspect(forged)
        assert found.verdict in (Verdict.ALTERED, Verdict.UNSEALED, Verdict.FOREIGN, Verdict.LOST)
        assert found.file is None
        assert forged[:start] + forged[end:] == genuine[:start] + genuine[end:]


def test_an_incremental_update_is_named_as_something_appended(certificate, genuine):
    writer = IncrementalPdfFileWriter(BytesIO(genuine))
    writer.root["/PageLayout"] = writer.add_object(writer.root["/ViewerPreferences"])
    writer.update_root()
    target = BytesIO()
    writer.write(target)
    appended = target.getvalue()

    assert appended.startswith(genuine)
    found = inspect(appended)
    assert found.verdict == Verdict.EXTENDED
    assert found.file.certificate == certificate
    assert not found.signature.covers_whole_file


def test_a_few_bytes_behind_the_end_are_something_appended(genuine):
    assert inspect(genuine + b"\n").verdict == Verdict.EXTENDED


def test_a_file_sealed_again_under_the_same_name_is_foreign(certificate):
    assert OTHER_KEY.certificate.subject == KEY.certificate.subject
    forged = filling.fill(reset(certificate, holder_name="Nama Lain"), key=OTHER_KEY, at=NOON)

    found = inspect(forged)

    assert found.verdict == Verdict.FOREIGN
    assert found.signature.signer == "Segel Elektronik Polresta Uji"
    assert found.seal is None


def test_our_certificate_beside_a_signature_by_another_key_is_altered(certificate):
    impostor = keys.SealKey(OTHER_KEY.private, KEY.certificate)
    forged = filling.fill(reset(certificate, holder_name="Nama Lain"), key=impostor, at=NOON)

    assert inspect(forged).verdict == Verdict.ALTERED


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_does_not_pass(genuine, part):
    assert inspect(genuine[: int(len(genuine) * part)]).verdict in (Verdict.UNSEALED, Verdict.ALTERED)


def test_another_issuers_file_is_foreign(seal):
    key = keys.make(name="Lembaga Lain", at=datetime(2026, 1, 1, tzinfo=UTC))

    found = inspect(sealed(key=key))

    assert (found.verdict, found.signature.signer) == (Verdict.FOREIGN, "Segel Elektronik Lembaga Lain")


def test_an_unsealed_file_that_nobody_knows_is_nothing(certificate):
    unsealed = print_sheet(html_of(certificate), crest=None, at=certificate.issued_at).pdf

    assert inspect(unsealed).verdict == Verdict.UNSEALED


def test_a_seal_over_only_a_part_of_the_file_is_altered(genuine):
    start, end = gap(genuine)
    spot = genuine.index(b"\n", 20)
    # Bytes smuggled in before the signature, ranges left as they were.
    assert inspect(genuine[:spot] + b"\n%x" + genuine[spot:]).verdict != Verdict.GENUINE
    # Bytes smuggled into the room behind the signature.
    assert inspect(genuine[: end - 9] + b"deadbeef" + genuine[end - 1 :]).verdict == Verdict.ALTERED
    assert start < end


def test_a_file_that_the_register_lost_still_proves_its_origin_and_a_leaked_key_proves_nothing(seal):
    found = inspect(sealed())
    assert (found.verdict, found.seal) == (Verdict.LOST, seal)

    ceremony.declare_compromised(fingerprint=seal.fingerprint, note="Kunci disalin.", at=NOON)

    assert inspect(sealed()).verdict == Verdict.DISTRUSTED


def test_a_known_file_stays_genuine_after_its_key_was_replaced_or_leaked(genuine, seal):
    ceremony.retire(at=NOON, note="Rutin.")
    assert inspect(genuine).verdict == Verdict.GENUINE

    ceremony.declare_compromised(fingerprint=seal.fingerprint, note="Kunci disalin.", at=NOON)
    assert inspect(genuine).verdict == Verdict.GENUINE


@pytest.mark.parametrize("size", [0, 1, 1000])
def test_nonsense_is_nothing(db, size):
    assert inspect(random.Random(size).randbytes(size)).verdict == Verdict.UNSEALED


@pytest.mark.parametrize("numbers", [b"0 9999999999 1 1", b"0 1 0 0", b"0 5 3 9", b"0 0 0 0"])
def test_ranges_that_point_nowhere_are_no_signature(numbers):
    assert signatures_in(b"%PDF-1.7 /ByteRange [" + numbers + b"]") == []


@pytest.mark.judges
def test_poppler_agrees_about_the_forgeries(genuine, tmp_path):
    """A second opinion: what we call altered, pdfsig does not call valid and total."""
    start, _end = gap(genuine)
    forged = {
        "bit": genuine[:500] + bytes([genuine[500] ^ 1]) + genuine[501:],
        "appended": genuine + b"\n%later",
        "smuggled": genuine[: start + 60] + b"00" + genuine[start + 62 :],
    }
    for name, content in forged.items():
        (tmp_path / name).write_bytes(content)
        words = subprocess.run(["pdfsig", "-nocert", tmp_path / name], capture_output=True, text=True).stdout
        assert not ("Signature is Valid" in words and "Total document signed" in words), name
