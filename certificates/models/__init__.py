"""Templates and letterheads, number series, certificates and every version of their bytes. Nothing is deleted."""

from .letterhead import UnitLetterhead
from .life import Mailing, Ruling, RulingKind
from .rows import Certificate, CertificateFile, CertificateState, NumberSeries
from .template import CertificateTemplate
from .uncertified import without_certificate
from .works import CertificateWork, PrintFile, WorkKind

__all__ = [
    "Certificate",
    "CertificateFile",
    "CertificateState",
    "CertificateTemplate",
    "CertificateWork",
    "Mailing",
    "NumberSeries",
    "PrintFile",
    "Ruling",
    "RulingKind",
    "UnitLetterhead",
    "WorkKind",
    "without_certificate",
]
