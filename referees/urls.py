"""Addresses of referees, and of applicants about their referees."""

from django.urls import path

from referees.views import applicants, referees

app_name = "referees"
urlpatterns = [
    path("applications/<str:reference>/referees/", applicants.section, name="section"),
    path(
        "applications/<str:reference>/referees/<int:position>/",
        applicants.nominee,
        name="nominee",
    ),
    path(
        "applications/<str:reference>/referees/<int:position>/ask/",
        applicants.ask,
        name="ask",
    ),
    path(
        "applications/<str:reference>/referees/<int:position>/remind/",
        applicants.remind,
        name="remind",
    ),
    path("reference/", referees.write, name="write"),
    path("reference/check/", referees.check, name="check"),
    path("reference/file/", referees.draft_file, name="draft_file"),
    path("reference/sent/", referees.sent, name="sent"),
    path("reference/decline/", referees.decline, name="decline"),
    path("reference/declined/", referees.declined, name="declined"),
    path("reference/new-link/", referees.new_link, name="new_link"),
    path("reference/new-link/sent/", referees.new_link_sent, name="new_link_sent"),
    path("reference/<str:token>/", referees.link, name="link"),
]
