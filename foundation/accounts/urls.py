"""The account's own pages and the legal notices. `allauth_urls` has the pages of django-allauth."""

from django.urls import path

from foundation.accounts import views

app_name = "accounts"

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/landing/", views.land, name="landing"),
    path("account/sessions/end/", views.end_other_sessions, name="end_other_sessions"),
    path("account/notices/", views.accept_notices, name="accept_notices"),
    path("account/invitation/<str:token>/", views.invitation, name="invitation"),
    path("privacy/", views.notice_page("privacy"), name="privacy"),
    path("terms/", views.notice_page("terms"), name="terms"),
    path("accessibility/", views.notice_page("accessibility"), name="accessibility"),
    path("cookies/", views.notice_page("cookies"), name="cookies"),
    path("referee-notice/", views.notice_page("referee"), name="referee_notice"),
]
