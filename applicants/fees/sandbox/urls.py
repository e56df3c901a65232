"""The sandbox payment service: a small provider of its own, run beside the embedded default.

It is not part of the portal's addresses. It has its own process and origin, keeps its checkouts in
Redis, and tells the portal what happened by a signed webhook.
"""

from django.urls import path

from applicants.fees.sandbox import views

urlpatterns = [
    path("api/checkouts/", views.create),
    path("api/checkouts/<str:checkout_id>/", views.show),
    path("api/checkouts/<str:checkout_id>/expire/", views.expire),
    path("pay/<str:checkout_id>/", views.page, name="page"),
    path("health/live", views.live),
]
handler404 = views.not_found
