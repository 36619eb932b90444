"""Addresses of programmes."""

from django.urls import path

from . import views

urlpatterns = [
    path("sdm/program/", views.programme_list, name="programme-list"),
    path("sdm/program/<slug:kind>/tambah/", views.programme_edit, name="programme-add"),
    path("sdm/program/<slug:kind>/<int:pk>/", views.programme_edit, name="programme-edit"),
    path("sdm/program/<slug:kind>/<int:pk>/hapus/", views.programme_delete, name="programme-delete"),
]
