"""SDM orders for the own units that a changed quiz or course is taken again, after seeing whom it concerns."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organisation.decorators import role_required
from quizzes import services
from quizzes.choices import RedoScope
from quizzes.exceptions import RedoRefused
from quizzes.forms import RedoOrderForm, RedoUnitForm
from quizzes.models import RedoRequest
from quizzes.permissions import ORDERS_REDO, redo_orders_for_actor
from quizzes.redo import reach_of

PAGE = 25


def _asked():
    """What authors asked for; it concerns content and names nobody, so every SDM may read it."""
    asked = RedoRequest.objects.exclude(scope=RedoScope.NOBODY)
    return asked.select_related("version__item__course", "course_version__course", "asked_by")


@role_required(ORDERS_REDO)
def requests(request):
    page = Paginator(_asked().order_by("-asked_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "quizzes/redo_requests.html", {"page": page})


@role_required(ORDERS_REDO)
def order(request, uuid):
    """Choose a unit, read whom it concerns, then order it; only the last step changes anything."""
    now = timezone.now()
    asked = get_object_or_404(_asked(), uuid=uuid)
    answers = request.POST if request.method == "POST" else request.GET
    whom = RedoUnitForm(answers if "unit" in answers else None, actor=request.user, at=now)
    mine = redo_orders_for_actor(request.user, at=now).filter(request=asked)
    context = {
        "asked": asked,
        "whom": whom,
        "orders": mine.select_related("unit", "assignment", "ordered_by").order_by("-ordered_at"),
    }
    if not (whom.is_bound and whom.is_valid()):
        return render(request, "quizzes/redo_order.html", context)
    unit = whom.cleaned_data["unit"]
    reach = reach_of(services.redo_below(asked, unit, at=now), at=now)
    posted = request.method == "POST"
    form = RedoOrderForm(request.POST if posted else None) if reach.completed else None
    if posted and reach.total and (form is None or form.is_valid()):
        try:
            services.order_redo(
                request=asked,
                unit=unit,
                due_at=form.due_at(unit) if form else None,
                order_number=form.cleaned_data["order_number"] if form else "",
                issuer=form.cleaned_data["issuer"] if form else "",
                actor=request.user,
                at=now,
            )
        except RedoRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{reach.total} personel diminta mengulang.")
        return redirect("redo-order", asked.uuid)
    return render(request, "quizzes/redo_order.html", context | {"unit": unit, "reach": reach, "form": form})
