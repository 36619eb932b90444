"""Templates and letterheads, number series, certificates and every version of their bytes. Nothing is deleted."""

from .letterhead import UnitLetterhead
from .numbers import NumberSeries, SetAsideNumber
from .rows import Certificate, CertificateFile, CertificateState
from .seals import SealCertificate, SealKind, SignatureBatch, SignatureOrder
from .template import CertificateTemplate, CertificateTemplateVersion, TemplateApproval

__all__ = [
    "Certificate",
    "CertificateFile",
    "CertificateState",
    "CertificateTemplate",
    "CertificateTemplateVersion",
    "NumberSeries",
    "SealCertificate",
    "SealKind",
    "SetAsideNumber",
    "SignatureBatch",
    "SignatureOrder",
    "TemplateApproval",
    "UnitLetterhead",
]
