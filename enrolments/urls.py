"""Addresses of learning and assigning."""

from django.urls import path

from .views import assignments, learner, notices, reminders

urlpatterns = [
    path("pelatihan/<slug:slug>/mulai/", learner.start_course, name="start-course"),
    path("belajar/<uuid:uuid>/selesai/", learner.complete_lesson, name="complete-lesson"),
    path("sdm/penugasan/", assignments.assignment_list, name="assignment-list"),
    path("sdm/penugasan/baru/", assignments.assignment_new, name="assignment-new"),
    path("sdm/penugasan/<uuid:uuid>/", assignments.assignment_detail, name="assignment-detail"),
    path("sdm/penugasan/<uuid:uuid>/cabut/", assignments.assignment_withdraw, name="assignment-withdraw"),
    path(
        "sdm/penugasan/<uuid:uuid>/unduh.xlsx", assignments.assignment_export, {"kind": "xlsx"}, name="assignment-xlsx"
    ),
    path("sdm/penugasan/<uuid:uuid>/unduh.csv", assignments.assignment_export, {"kind": "csv"}, name="assignment-csv"),
    path("pemberitahuan/", notices.notice_list, name="notice-list"),
    path("pemberitahuan/dibaca/", notices.notices_read, name="notices-read"),
    path("pemberitahuan/<int:pk>/", notices.notice_open, name="notice-open"),
    path("sdm/pengingat/", reminders.sent_list, name="reminders-sent"),
    path("sdm/pengingat/besok/", reminders.tomorrow, name="reminders-tomorrow"),
    path("sdm/pengingat/jadwal/", reminders.rules, name="reminder-rules"),
    path("sdm/pengingat/templat/", reminders.template_list, name="reminder-templates"),
    path("sdm/pengingat/templat/<slug:kind>/", reminders.template_edit, name="reminder-template"),
]
