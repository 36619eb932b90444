"""Addresses of learning and assigning."""

from django.urls import path

from organisation.models import ImportKind
from organisation.views import imports

from .views import assignments, learner, notices, path_orders, recognitions, reliefs, reminders

RECOGNISED = {"kind": ImportKind.RECOGNISED}

urlpatterns = [
    path("pelatihan/<slug:slug>/mulai/", learner.start_course, name="start-course"),
    path("belajar/<uuid:uuid>/selesai/", learner.complete_lesson, name="complete-lesson"),
    path("sdm/penugasan/", assignments.assignment_list, name="assignment-list"),
    path("sdm/penugasan/baru/", assignments.assignment_new, name="assignment-new"),
    path("sdm/penugasan/baru/<uuid:uuid>/siapa/", assignments.assignment_whom, name="assignment-whom"),
    path("sdm/penugasan/baru/<uuid:uuid>/apa/", assignments.assignment_what, name="assignment-what"),
    path("sdm/penugasan/baru/<uuid:uuid>/periksa/", assignments.assignment_check, name="assignment-check"),
    path("jalur/<uuid:uuid>/", path_orders.own_path, name="own-path"),
    path("sdm/penugasan/jalur/<uuid:uuid>/", path_orders.path_order_detail, name="path-order"),
    path("sdm/penugasan/jalur/<uuid:uuid>/cabut/", path_orders.path_order_withdraw, name="path-order-withdraw"),
    path("sdm/penugasan/jalur/<uuid:uuid>/batalkan/", path_orders.path_order_undo, name="path-order-undo"),
    path("sdm/penugasan/<uuid:uuid>/", assignments.assignment_detail, name="assignment-detail"),
    path("sdm/penugasan/<uuid:uuid>/cabut/", assignments.assignment_withdraw, name="assignment-withdraw"),
    path("sdm/penugasan/<uuid:uuid>/batalkan/", assignments.assignment_undo, name="assignment-undo"),
    path("sdm/penugasan/<uuid:uuid>/perubahan/", assignments.assignment_changes, name="assignment-changes"),
    path("sdm/pengecualian/", reliefs.relief_list, name="relief-list"),
    path("sdm/pengecualian/baru/", reliefs.relief_new, name="relief-new"),
    path("sdm/pengecualian/<uuid:uuid>/", reliefs.relief_detail, name="relief-detail"),
    path("sdm/pengecualian/<uuid:uuid>/akhiri/", reliefs.relief_end, name="relief-end"),
    path("sdm/pengecualian/<uuid:uuid>/cabut/", reliefs.relief_withdraw, name="relief-withdraw"),
    path("sdm/pengakuan/", recognitions.recognition_list, name="recognition-list"),
    path("sdm/pengakuan/baru/", recognitions.recognition_new, name="recognition-new"),
    path("sdm/pengakuan/impor/", imports.upload, RECOGNISED, name="recognition-import"),
    path("sdm/pengakuan/impor/templat.xlsx", recognitions.import_template, name="recognition-import-template"),
    path("sdm/pengakuan/impor/<uuid:uuid>/", imports.preview, RECOGNISED, name="recognition-import-preview"),
    path("sdm/pengakuan/permintaan/<uuid:uuid>/", recognitions.recognition_request, name="recognition-request"),
    path("sdm/pengakuan/<uuid:uuid>/", recognitions.recognition_detail, name="recognition-detail"),
    path("sdm/pengakuan/<uuid:uuid>/dokumen/", recognitions.recognition_document, name="recognition-document"),
    path("sdm/pengakuan/<uuid:uuid>/cabut/", recognitions.recognition_withdraw, name="recognition-withdraw"),
    path("pengecualian/dokumen/<uuid:uuid>/", reliefs.document, name="relief-document"),
    path("pemberitahuan/", notices.notice_list, name="notice-list"),
    path("pemberitahuan/dibaca/", notices.notices_read, name="notices-read"),
    path("pemberitahuan/<int:pk>/", notices.notice_open, name="notice-open"),
    path("sdm/pengingat/", reminders.sent_list, name="reminders-sent"),
    path("sdm/pengingat/besok/", reminders.tomorrow, name="reminders-tomorrow"),
    path("sdm/pengingat/jadwal/", reminders.rules, name="reminder-rules"),
    path("sdm/pengingat/templat/", reminders.template_list, name="reminder-templates"),
    path("sdm/pengingat/templat/<slug:kind>/", reminders.template_edit, name="reminder-template"),
]
