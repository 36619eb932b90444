"""Addresses of quizzes."""

from django.urls import path

from .views import attempts, grants, progress

urlpatterns = [
    path("kuis/mulai/<uuid:item>/", attempts.start, name="quiz-start"),
    path("kuis/<uuid:uuid>/", attempts.resume, name="quiz-attempt"),
    path("kuis/<uuid:uuid>/<int:position>/", attempts.question, name="quiz-question"),
    path("kuis/<uuid:uuid>/periksa/", attempts.check, name="quiz-check"),
    path("kuis/<uuid:uuid>/kirim/", attempts.submit, name="quiz-submit"),
    path("kuis/<uuid:uuid>/hasil/", attempts.result, name="quiz-result"),
    path("kemajuan/", progress.own, name="own-progress"),
    path("sdm/hasil-lama/", progress.unmatched, name="old-results"),
    path("sdm/percobaan/", grants.used_up, name="used-up-attempts"),
    path("sdm/percobaan/<uuid:uuid>/", grants.grant, name="grant-attempt"),
]
