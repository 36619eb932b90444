"""Addresses of courses: its files. Pages are served by Wagtail through the gate of ``enrolments``."""

from django.urls import path

from . import views

urlpatterns = [
    path("berkas/<path:name>", views.media, name="lesson-media"),
    path("dokumen/<int:document_id>/<str:filename>", views.document, name="lesson-document"),
]
