"""Addresses of quizzes."""

from django.urls import path

from .views import accommodations, attempts, grants, outages, redo, sheet

urlpatterns = [
    path("kuis/mulai/<uuid:item>/", attempts.start, name="quiz-start"),
    path("kuis/<uuid:uuid>/", attempts.resume, name="quiz-attempt"),
    path("kuis/<uuid:uuid>/<int:position>/", attempts.question, name="quiz-question"),
    path("kuis/<uuid:uuid>/semua/", sheet.sheet, name="quiz-sheet"),
    path("kuis/<uuid:uuid>/periksa/", attempts.check, name="quiz-check"),
    path("kuis/<uuid:uuid>/kirim/", attempts.submit, name="quiz-submit"),
    path("kuis/<uuid:uuid>/hasil/", attempts.result, name="quiz-result"),
    path("sdm/percobaan/", grants.used_up, name="used-up-attempts"),
    path("sdm/percobaan/akomodasi/", accommodations.accommodations, name="accommodations"),
    path("sdm/percobaan/akomodasi/baru/", accommodations.ask, name="accommodation-ask"),
    path("sdm/percobaan/gangguan/", outages.outages, name="outages"),
    path("sdm/percobaan/gangguan/baru/", outages.record, name="outage-record"),
    path("sdm/percobaan/gangguan/<uuid:uuid>/selesai/", outages.end, name="outage-end"),
    path("sdm/percobaan/ulang/", redo.requests, name="redo-requests"),
    path("sdm/percobaan/ulang/<uuid:uuid>/", redo.order, name="redo-order"),
    path("sdm/percobaan/<uuid:uuid>/", grants.grant, name="grant-attempt"),
]
