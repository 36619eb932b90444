"""/sdm/personel/<uuid>/pelatihan/: what one officer owes, did and still lacks, and why."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from enrolments.permissions import officers_to_relieve, reliefs_for_actor
from organisation.decorators import role_required
from organisation.permissions import READS_LEARNING, officers_for_actor
from reports import services
from reports.record import learning_record
from reports.scope import scope_of


@role_required(READS_LEARNING)
def record(request, uuid):
    scope = scope_of(request.user, at=timezone.now())
    mine = officers_for_actor(request.user, at=scope.at, roles=READS_LEARNING)
    officer = get_object_or_404(mine, uuid=uuid)
    posting = scope.postings.filter(officer=officer).for_officer_list().get()
    services.record_learning_view(scope=scope, officer=officer, unit=posting.unit)
    reliefs = list(reliefs_for_actor(request.user, at=scope.at).filter(officer=officer).for_list(at=scope.at))
    for relief in reliefs:
        relief.shown_state = relief.state(at=scope.at)
    context = {
        "officer": officer,
        "posting": posting,
        "zone": posting.unit.zone,
        "now": scope.at,
        "courses": learning_record(officer, scope),
        "reliefs": reliefs,
        "may_relieve": officers_to_relieve(request.user, at=scope.at).filter(pk=officer.pk).exists(),
        "old": officer.imported_sittings.for_history(),
        "crumbs": [
            {"url": f"/sdm/personel/{officer.uuid}/", "label": f"{posting.rank.short} {officer.full_name}"},
            {"label": "Riwayat belajar"},
        ],
    }
    return render(request, "reports/learning_record.html", context)
