"""What can go wrong in a quiz. Each message is a sentence for the person who reads it."""


class QuizError(Exception):
    """Base of the errors of this room; ``str()`` is shown to people."""


class AttemptRefused(QuizError):
    """No attempt can be opened now."""


class AttemptLimitReached(AttemptRefused):
    def __init__(self) -> None:
        super().__init__("Semua percobaan sudah dipakai. Hubungi SDM satuan Anda untuk meminta percobaan tambahan.")


class AlreadyPassed(AttemptRefused):
    def __init__(self) -> None:
        super().__init__("Anda sudah lulus kuis ini. Lihat hasilnya di halaman kuis.")


class QuizLocked(AttemptRefused):
    """The gate is closed; the message says what must be done first."""


class QuizNotOpen(AttemptRefused):
    def __init__(self, when: str) -> None:
        super().__init__(f"Kuis ini dibuka {when}. Datanglah lagi saat itu.")


class QuizClosed(AttemptRefused):
    def __init__(self, when: str) -> None:
        super().__init__(
            f"Kuis ini ditutup {when}. Hubungi SDM satuan Anda bila Anda memerlukan waktu yang lebih lambat."
        )


class MarkingPending(AttemptRefused):
    def __init__(self) -> None:
        super().__init__("Jawaban Anda masih dinilai. Tunggu nilainya keluar; kabarnya muncul di beranda.")


class RetryTooSoon(AttemptRefused):
    """The waiting time between attempts runs; ``in_vain`` when the quiz closes before it ends."""

    def __init__(self, when: str, *, in_vain: bool = False) -> None:
        super().__init__(
            f"Jeda antarpercobaan baru berakhir {when}, sesudah kuis ditutup. Hubungi SDM satuan Anda."
            if in_vain
            else f"Anda dapat mencoba lagi {when}."
        )


class AnswerRefused(QuizError):
    """What was sent is no answer to the question."""


class GrantRefused(QuizError):
    """Another attempt cannot be given."""


class CorrectionRefused(QuizError):
    """The key cannot be corrected this way, or not by this person."""


class MarkingRefused(QuizError):
    """The answer cannot be marked this way, or not by this person now."""


class DisputeRefused(QuizError):
    """The result cannot be questioned, or the question not answered this way."""


class LateDecisionRefused(QuizError):
    """The late answer cannot be accepted or refused any more."""


class AccommodationRefused(QuizError):
    """An accommodation cannot be asked for or given this way."""


class OutageRefused(QuizError):
    """An outage cannot be recorded or ended this way."""


class RedoRefused(QuizError):
    """Nobody can be asked to take the quiz again this way."""


class QuestionImportRefused(QuizError):
    """A file of questions is not taken; nothing of it was stored."""


class BankRefused(QuizError):
    """The bank, or a quiz that uses it, cannot be changed this way."""
