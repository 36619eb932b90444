"""What can stand in the way of issuing, correcting or checking a certificate; each message says what to do."""


class CertificateError(Exception):
    """Base of this app's refusals."""


class UnknownField(CertificateError):
    """A text names a field in braces that does not exist."""


class MistypedIdentifier(CertificateError):
    """What was typed cannot be the id of any certificate."""


class LetterheadRefused(CertificateError):
    """The letterhead cannot be stored this way."""


class TemplateRefused(CertificateError):
    """The template cannot be approved, or not by this person."""


class NumberRefused(CertificateError):
    """The number cannot be given, set aside or cancelled this way."""


class RulingRefused(CertificateError):
    """What is asked about a certificate cannot be done, or not by this person."""


class WorkRefused(CertificateError):
    """The work for many certificates cannot be done this way."""


class FileRefused(CertificateError):
    """An uploaded file is not looked at."""


class SealUnavailable(CertificateError):
    """The seal cannot be put on now; what is to be sealed stays queued."""
