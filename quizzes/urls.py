"""Addresses of quizzes."""

from django.urls import path

from .views import accommodations, attempts, disputes, grants, late, marking, outages, progress, redo, sheet, sittings

urlpatterns = [
    path("kuis/mulai/<uuid:item>/", attempts.start, name="quiz-start"),
    path("kuis/<uuid:uuid>/", attempts.resume, name="quiz-attempt"),
    path("kuis/<uuid:uuid>/<int:position>/", attempts.question, name="quiz-question"),
    path("kuis/<uuid:uuid>/semua/", sheet.sheet, name="quiz-sheet"),
    path("kuis/<uuid:uuid>/periksa/", attempts.check, name="quiz-check"),
    path("kuis/<uuid:uuid>/kirim/", attempts.submit, name="quiz-submit"),
    path("kuis/<uuid:uuid>/hasil/", attempts.result, name="quiz-result"),
    path("kemajuan/", progress.own, name="own-progress"),
    path("sdm/hasil-lama/", progress.unmatched, name="old-results"),
    path("sdm/percobaan/", grants.used_up, name="used-up-attempts"),
    path("sdm/percobaan/akomodasi/", accommodations.accommodations, name="accommodations"),
    path("sdm/percobaan/akomodasi/baru/", accommodations.ask, name="accommodation-ask"),
    path("sdm/percobaan/gangguan/", outages.outages, name="outages"),
    path("sdm/percobaan/gangguan/baru/", outages.record, name="outage-record"),
    path("sdm/percobaan/gangguan/<uuid:uuid>/selesai/", outages.end, name="outage-end"),
    path("sdm/percobaan/ulang/", redo.requests, name="redo-requests"),
    path("sdm/percobaan/ulang/<uuid:uuid>/", redo.order, name="redo-order"),
    path("sdm/percobaan/<uuid:uuid>/", grants.grant, name="grant-attempt"),
    path("kuis/<uuid:uuid>/sanggah/", disputes.question_result, name="question-result"),
    path("sdm/percobaan/riwayat/", sittings.sittings, name="sittings"),
    path("sdm/percobaan/riwayat/<uuid:uuid>/", sittings.sitting, name="sitting"),
    path("sdm/percobaan/terlambat/", late.late_answers, name="late-answers"),
    path("sdm/percobaan/terlambat/<int:pk>/", late.late_answer, name="late-answer"),
    path("nilai/", marking.queue, name="marking-queue"),
    path("nilai/ambil/", marking.take, name="take-answer"),
    path("nilai/<uuid:uuid>/", marking.answer, name="mark-answer"),
    path("nilai/percobaan/", sittings.blind_sittings, name="blind-sittings"),
    path("nilai/percobaan/<uuid:uuid>/", sittings.blind_sitting, name="blind-sitting"),
    path("nilai/terlambat/", late.blind_late_answers, name="blind-late-answers"),
    path("nilai/terlambat/<int:pk>/", late.blind_late_answer, name="blind-late-answer"),
]
