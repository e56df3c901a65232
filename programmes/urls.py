"""Addresses of the catalogue, of the office's first page and of its people."""

from django.urls import include, path

from programmes.views import accounts, catalogue, office, people

named = (
    [
        path("", catalogue.programme_list, name="list"),
        path("programmes/<slug:slug>/", catalogue.programme, name="programme"),
        path("office/people/", people.people, name="people"),
        path("office/people/invite/", people.invite, name="invite"),
        path("office/people/<uuid:public_id>/", people.person, name="person"),
        path("office/people/<uuid:public_id>/roles/", people.grant, name="grant"),
        path(
            "office/people/<uuid:public_id>/roles/<uuid:grant_id>/end/",
            people.end,
            name="end_role",
        ),
        path("office/people/<uuid:public_id>/close/", accounts.close, name="close_account"),
        path("office/people/<uuid:public_id>/open/", accounts.reopen, name="open_account"),
        path(
            "office/people/<uuid:public_id>/second-factor/",
            accounts.reset,
            name="reset_second_factor",
        ),
        path(
            "office/people/<uuid:public_id>/sessions/", accounts.end_sessions, name="end_sessions"
        ),
    ],
    "programmes",
)

urlpatterns = [
    path("", catalogue.programme_list, name="home"),
    path("office/", office.office, name="office"),
    path("", include(named)),
]
