"""Keys and sealed files for tests that need no database, and the setting for those that do."""

from datetime import UTC, datetime

from certificates.rendering.preview import example
from certificates.rendering.store import sheet_of
from certificates.sealing import filling, keys
from certificates.sealing.signers import ROOM
from certificates.wording import worded
from tests.clock import NOON

KEY = keys.make(name="Polresta Uji", at=datetime(2026, 1, 1, tzinfo=UTC))
OTHER_KEY = keys.make(name="Polresta Uji", at=datetime(2026, 1, 1, tzinfo=UTC))


def printed_words(certificate) -> dict[str, str]:
    """The texts of an example after its facts were changed."""
    return worded(certificate.template_version.texts, certificate)


def unsealed(shape: str = "short", *, room: int = ROOM, crest: bytes | None = None, **fields) -> bytes:
    """The bytes of an invented officer's certificate as the press sets them; ``fields`` replace printed ones."""
    certificate = example(shape=shape)
    for name, value in fields.items():
        setattr(certificate, name, value)
    certificate.wording = printed_words(certificate)
    if crest:
        certificate.crest = "new"
    return sheet_of(certificate, crest=crest, room=room).pdf


def sealed(shape: str = "short", *, key: keys.SealKey = KEY, **options) -> bytes:
    return filling.fill(unsealed(shape, **options), key=key, at=NOON)
