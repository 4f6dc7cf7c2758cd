"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from tenure.web.imports.views import listing, mapping, refusals, reporting, running, uploading

app_name = "imports"
urlpatterns = [
    path("", listing.all_imports, name="list"),
    path("new/", uploading.new, name="new"),
    path("sample.csv", uploading.sample, name="sample"),
    path("uploads/<int:upload_id>/", mapping.agree, name="upload"),
    path("uploads/<int:upload_id>/others/", uploading.add_other, name="add_other"),
    path("uploads/<int:upload_id>/map.yaml", mapping.map_file, name="map_file"),
    path("uploads/<int:upload_id>/map/", mapping.own_map, name="own_map"),
    path("uploads/<int:upload_id>/guess/", mapping.guess_again, name="guess_again"),
    path("uploads/<int:upload_id>/trial/", running.trial, name="trial"),
    path("uploads/<int:upload_id>/running/", running.running, name="running"),
    path("uploads/<int:upload_id>/again/", running.again, name="again"),
    path("uploads/<int:upload_id>/discard/", uploading.discard, name="discard"),
    path("<int:import_id>/", reporting.report, name="report"),
    path("<int:import_id>/progress/", reporting.progress, name="progress"),
    path("<int:import_id>/map.yaml", reporting.map_file, name="report_map"),
    path("<int:import_id>/undo/", reporting.undo, name="undo"),
    path("<int:import_id>/resume/", reporting.resume, name="resume"),
    path("<int:import_id>/refused/", refusals.refused, name="refused"),
    path("<int:import_id>/mended/", refusals.mended_file, name="mended"),
    path("<int:import_id>/refused.csv", refusals.refused_file, name="refused_file"),
]
