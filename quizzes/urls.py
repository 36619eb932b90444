"""Addresses of quizzes."""

from django.urls import path

from .views import analysis, attempts, corrections, grants

urlpatterns = [
    path("kuis/mulai/<uuid:item>/", attempts.start, name="quiz-start"),
    path("kuis/<uuid:uuid>/", attempts.resume, name="quiz-attempt"),
    path("kuis/<uuid:uuid>/<int:position>/", attempts.question, name="quiz-question"),
    path("kuis/<uuid:uuid>/periksa/", attempts.check, name="quiz-check"),
    path("kuis/<uuid:uuid>/kirim/", attempts.submit, name="quiz-submit"),
    path("kuis/<uuid:uuid>/hasil/", attempts.result, name="quiz-result"),
    path("sdm/percobaan/", grants.used_up, name="used-up-attempts"),
    path("sdm/percobaan/<uuid:uuid>/", grants.grant, name="grant-attempt"),
    path("analisis/", analysis.quiz_list, name="analysis"),
    path("analisis/unduh.xlsx", analysis.list_export, {"kind": "xlsx"}, name="analysis-xlsx"),
    path("analisis/unduh.csv", analysis.list_export, {"kind": "csv"}, name="analysis-csv"),
    path("analisis/koreksi/", corrections.correction_list, name="key-corrections"),
    path("analisis/koreksi/<uuid:uuid>/", corrections.correction, name="key-correction"),
    path("analisis/<uuid:item>/", analysis.quiz, name="analysis-quiz"),
    path("analisis/<uuid:item>/unduh.xlsx", analysis.quiz_export, {"kind": "xlsx"}, name="analysis-quiz-xlsx"),
    path("analisis/<uuid:item>/unduh.csv", analysis.quiz_export, {"kind": "csv"}, name="analysis-quiz-csv"),
    path("analisis/<uuid:item>/soal/<uuid:question>/", analysis.question, name="analysis-question"),
    path(
        "analisis/<uuid:item>/soal/<uuid:question>/unduh.xlsx",
        analysis.question_export,
        {"kind": "xlsx"},
        name="analysis-question-xlsx",
    ),
    path(
        "analisis/<uuid:item>/soal/<uuid:question>/unduh.csv",
        analysis.question_export,
        {"kind": "csv"},
        name="analysis-question-csv",
    ),
    path("analisis/<uuid:item>/soal/<uuid:question>/perbaiki/", corrections.correct, name="correct-key"),
]
