"""Addresses of the settings."""

from __future__ import annotations

from django.urls import path

from tenure.web.settings.views import about, audit, organisation, people, places, roles, tokens, why

app_name = "settings"
urlpatterns = [
    path("people/", people.everybody, name="people"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/<int:account_id>/", people.one, name="person"),
    path("people/<int:account_id>/off", people.off, name="person_off"),
    path("people/<int:account_id>/on", people.on, name="person_on"),
    path("people/<int:account_id>/sessions", people.sessions, name="person_sessions"),
    path("people/<int:account_id>/link", people.link, name="person_link"),
    path("invitations/<int:invitation_id>/revoke", people.revoke, name="revoke"),
    path("why/", why.why, name="why"),
    path("roles/", roles.all_roles, name="roles"),
    path("roles/<slug:key>/", roles.one, name="role"),
    path("roles/<slug:key>/copy", roles.copy, name="role_copy"),
    path("roles/<slug:key>/reset", roles.reset, name="role_reset"),
    path("roles/<slug:key>/remove", roles.remove, name="role_remove"),
    path("tokens/", tokens.mine, name="tokens"),
    path("tokens/<int:token_id>/revoke", tokens.revoke, name="token_revoke"),
    path("services/", tokens.all_services, name="services"),
    path("services/<int:service_id>/", tokens.one_service, name="service"),
    path("services/<int:service_id>/change", tokens.change, name="service_change"),
    path("departments/", places.tree, name="departments"),
    path("departments/add", places.add, name="department_add"),
    path("departments/<int:department_id>/change", places.change, name="department_change"),
    path("departments/<int:department_id>/remove", places.remove, name="department_remove"),
    path("teams/add", places.add_one_team, name="team_add"),
    path("teams/<int:team_id>/change", places.change_team, name="team_change"),
    path("teams/<int:team_id>/remove", places.remove_one_team, name="team_remove"),
    path("organisation/", organisation.organisation_page, name="organisation"),
    path("organisation/ledger", organisation.set_ledger, name="ledger"),
    path("organisation/days/add", organisation.add_days, name="days_add"),
    path("organisation/days/remove", organisation.remove_day, name="day_remove"),
    path("audit/", audit.entries, name="audit"),
    path("audit/export", audit.export, name="audit_export"),
    path("about/", about.about, name="about"),
    path("about/licences/", about.licences, name="licences"),
]
