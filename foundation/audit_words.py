"""What each verb of the audit trail means in words. Every room names its own when it is ready."""

_words: dict[str, str] = {}


def names_verbs(words: dict[str, str]) -> None:
    """Register the words of audit verbs: ``{"officer.viewed": "membuka catatan personel"}``."""
    _words.update(words)


def verb_in_words(verb: str) -> str:
    return _words.get(verb, verb)


def is_named(verb: str) -> bool:
    return verb in _words


def verbs_in_words() -> list[tuple[str, str]]:
    """(verb, words) of every verb, by their words; for a filter."""
    return sorted(_words.items(), key=lambda pair: pair[1])


names_verbs(
    {
        "approval.approved": "menyetujui permintaan",
        "approval.asked": "meminta persetujuan",
        "approval.document_opened": "membuka pindaian di balik permintaan",
        "approval.refused": "menolak permintaan",
        "audit.removed": "menghapus catatan audit yang sudah lewat masa simpan",
        "backup.made": "membuat cadangan",
        "backup.restored": "memulihkan dari cadangan",
    }
)
