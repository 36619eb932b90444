"""Templates and letterheads, number series, certificates and every version of their bytes. Nothing is deleted."""

from .letterhead import UnitLetterhead
from .life import Mailing, Ruling, RulingKind
from .numbers import NumberSeries, SetAsideNumber
from .rows import Certificate, CertificateFile, CertificateState
from .seals import SealCertificate, SealKind, SignatureBatch, SignatureOrder, StatusList
from .template import CertificateTemplate, CertificateTemplateVersion, TemplateApproval
from .uncertified import without_certificate
from .works import CertificateWork, PrintFile, WorkKind

__all__ = [
    "Certificate",
    "CertificateFile",
    "CertificateState",
    "CertificateTemplate",
    "CertificateTemplateVersion",
    "CertificateWork",
    "Mailing",
    "NumberSeries",
    "PrintFile",
    "Ruling",
    "RulingKind",
    "SealCertificate",
    "SealKind",
    "SetAsideNumber",
    "SignatureBatch",
    "SignatureOrder",
    "StatusList",
    "TemplateApproval",
    "UnitLetterhead",
    "WorkKind",
    "without_certificate",
]
