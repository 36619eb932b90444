"""What every page's frame needs: who is signed in and where they may go."""

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from enrolments.permissions import MOST_UNREAD, count_unread
from organisation.deputies import signed
from organisation.models import Role
from organisation.permissions import held


def _entry(request, url: str, label: str, icon: str) -> dict:
    here = request.path == url if url == "/" else request.path.startswith(url)
    return {"url": url, "label": label, "icon": icon, "current": here}


def navigation(request) -> dict:
    """Return ``navigation`` (url, label, icon, current), ``actor_name`` and ``notices``; empty for a visitor."""
    actor = getattr(request, "user", None)
    if actor is None or not actor.is_authenticated or request.path.startswith("/admin/"):
        return {"navigation": [], "actor_name": "", "notices": None}
    grants = list(held(actor, Role, at=timezone.now()))
    roles = {grant.role for grant in grants}
    deputy = next((f"{grant.title} {grant.unit.short_name}" for grant in grants if grant.is_deputy), "")
    entries = []
    if hasattr(actor, "officer"):
        entries += [
            _entry(request, "/", "Belajar", "home"),
            _entry(request, "/pelatihan/", "Katalog", "course"),
            _entry(request, "/sertifikat/", "Sertifikat", "certificate"),
        ]
    if roles & {Role.SDM, Role.ADMINISTRATOR}:
        entries.append(_entry(request, "/sdm/", "SDM", "people"))
    if Role.HEAD in roles:
        entries.append(_entry(request, "/satuan/", "Satuan", "chart"))
    if roles & {Role.TRAINER, Role.REVIEWER}:
        entries.append(_entry(request, "/admin/", "Isi pelatihan", "file"))
        entries.append(_entry(request, "/nilai/", "Penilaian", "edit"))
    entries.append(_entry(request, "/akun/", "Akun", "shield"))
    # Asked for only where the frame is drawn: an exam page has none.
    return {
        "navigation": entries,
        "actor_name": signed(actor.name, deputy),
        "notices": SimpleLazyObject(lambda: _unread(request)),
    }


def _unread(request) -> dict:
    """The bell: how many notices are unread, counted no further than can be read."""
    count = count_unread(request.user)
    words = f"{MOST_UNREAD}+" if count > MOST_UNREAD else str(count or "")
    return {"count": words, "url": "/pemberitahuan/", "current": request.path.startswith("/pemberitahuan/")}
