"""The template that every installation starts with. Once it exists, edits in the CMS are kept."""

NAME = "Sertifikat pelatihan"


def ensure_default_template(**_kwargs) -> None:
    """Make the general template when there is none; run after every migrate."""
    from .models import CertificateTemplate

    CertificateTemplate.objects.get_or_create(name=NAME, course=None, defaults={"active": True, "live": True})
