"""What can stand in the way of learning or assigning; each message tells a person what to do."""


class EnrolmentError(Exception):
    """Base of this app's refusals."""


class CourseNotOpen(EnrolmentError):
    """The course is not published, or the officer has neither a duty nor the right to enrol."""


class CompletionNotEarned(EnrolmentError):
    """The item cannot be completed now: locked, no part of the course, or decided by a quiz."""


class AssignmentRefused(EnrolmentError):
    """The order cannot be given this way."""


class ReliefRefused(EnrolmentError):
    """The exemption, deferral or pause cannot be asked for, given or ended this way."""


class RecognitionRefused(EnrolmentError):
    """The training done elsewhere cannot be recognised, or taken back, this way."""


class WordingRefused(EnrolmentError):
    """The words of a message cannot be used like this."""


class SharingRefused(EnrolmentError):
    """A reminder by hand cannot be recorded now."""
