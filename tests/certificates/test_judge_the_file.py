"""Programs of others find every kind of certificate faultless, and find the faults of files that have some."""

import pytest

from certificates.crests import clean_crest
from certificates.rendering.document import html_of
from certificates.rendering.press import print_sheet, stop_press
from certificates.rendering.preview import example
from certificates.wording import DEFAULT_TEXTS, EXAMPLES
from tests import judges
from tests.certificates.sealing import sealed, unsealed
from tests.clock import NOON
from tests.factories.certificates import picture

pytestmark = pytest.mark.judges

LARGEST = 120_000
ODD_NAMES = {
    "degrees": "Prof. Dr. Ir. H. Muhammad Abdurrahman Wahid, S.H., S.I.K., M.Si.",
    "one-word": "Sari",
    "diacritics": "Ñusantara Güneş Łukasiewicz Ātmāja Öztürk",
    "endless": "Yohanis Kristoforus Wamafma Rumbiak Kafiar Mandacan Warinussy Sawaki " * 3,
}


def kinds() -> dict[str, bytes]:
    """Every kind of certificate that we issue, sealed and unsealed."""
    made = {f"unsealed-{shape}": unsealed(shape, room=0) for shape in EXAMPLES}
    made |= {f"sealed-{shape}": sealed(shape) for shape in EXAMPLES}
    made |= {f"name-{kind}": sealed(holder_name=name[:250]) for kind, name in ODD_NAMES.items()}
    made["crest"] = sealed(crest=clean_crest(picture(size=(300, 260)))[1])
    made["general"] = sealed(holder_rank_full="Brigadir Jenderal Polisi", prints_number=False)
    return made


def known_bad() -> dict[str, bytes]:
    """Files with one fault each, for the judges to find."""
    good = sealed()
    place = good.index(b"stream") + 200
    html = html_of(example(texts=DEFAULT_TEXTS))
    without_words = html.replace("<title>Kode QR ke halaman verifikasi</title>", "")
    assert without_words != html
    return {
        "place-left-empty": unsealed(),
        "picture-without-words": print_sheet(without_words, crest=None, at=NOON).pdf,
        "flipped": good[:place] + bytes([good[place] ^ 1]) + good[place + 1 :],
        "truncated": good[: len(good) // 2],
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged")
    for name, content in {**kinds(), **known_bad()}.items():
        (folder / name).write_bytes(content)
    return {file.name: file for file in sorted(folder.iterdir())}


def test_every_kind_of_certificate_follows_both_standards_and_a_faulty_one_does_not(files):
    verdicts = judges.verapdf(list(files.values()))

    bad = {name: verdicts.pop(name) for name in known_bad()}
    assert {name: broken for name, broken in verdicts.items() if any(broken.values())} == {}
    assert bad["place-left-empty"]["3a"]
    assert bad["picture-without-words"] == {"3a": [], "ua1": ["7.3-1"]}
    assert bad["truncated"]["3a"]
    assert bad["truncated"]["ua1"]


def test_every_kind_of_certificate_is_a_sound_pdf_and_a_truncated_one_is_not(files):
    found = {name: judges.qpdf(file) for name, file in files.items()}

    assert not found.pop("truncated")
    # A bit inside a picture is sound PDF: only the seal notices.
    found.pop("flipped")
    assert all(found.values())


def test_every_seal_is_valid_over_the_whole_file_and_a_flipped_bit_breaks_it(files):
    found = {name: judges.pdfsig(file) for name, file in files.items()}

    assert "Digest Mismatch" in found.pop("flipped")
    assert "Signature is Valid" not in found.pop("place-left-empty") + found.pop("truncated")
    for name, words in found.items():
        is_sealed = "Signature is Valid." in words and "Total document signed" in words
        assert is_sealed != (name.startswith("unsealed") or name == "picture-without-words"), (name, words)
        assert not is_sealed or "ETSI.CAdES.detached" in words


def test_every_kind_of_certificate_is_light(files):
    assert max(len(file.read_bytes()) for file in files.values()) < LARGEST


def test_setting_a_page_twice_gives_the_same_bytes_before_the_seal():
    first = unsealed("titles")
    stop_press()

    assert unsealed("titles") == first
