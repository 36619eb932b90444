"""Templates and letterheads, number series, certificates and every version of their bytes. Nothing is deleted."""

from .letterhead import UnitLetterhead
from .rows import Certificate, CertificateFile, CertificateState, NumberSeries
from .seals import SealCertificate, SealKind, SignatureBatch, SignatureOrder
from .template import CertificateTemplate

__all__ = [
    "Certificate",
    "CertificateFile",
    "CertificateState",
    "CertificateTemplate",
    "NumberSeries",
    "SealCertificate",
    "SealKind",
    "SignatureBatch",
    "SignatureOrder",
    "UnitLetterhead",
]
