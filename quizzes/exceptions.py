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
