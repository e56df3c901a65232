"""Addresses of the fee: the applicant's, finance's, and the providers' webhooks."""

from django.urls import path

from applicants.fees.views import applicants, finance, webhooks

app_name = "fees"
urlpatterns = [
    path("applications/<str:reference>/fee/", applicants.fee, name="fee"),
    path("applications/<str:reference>/fee/pay/", applicants.pay, name="pay"),
    path("applications/<str:reference>/fee/returned/", applicants.returned, name="returned"),
    path("applications/<str:reference>/fee/give-up/", applicants.give_up, name="give_up"),
    path("applications/<str:reference>/fee/waiver/", applicants.waiver, name="waiver"),
    path(
        "applications/<str:reference>/fee/waiver/evidence/",
        applicants.evidence,
        name="evidence",
    ),
    path(
        "applications/<str:reference>/fee/waiver/withdraw/",
        applicants.withdraw,
        name="withdraw_waiver",
    ),
    path("office/waivers/", finance.waivers, name="waivers"),
    path("office/waivers/<uuid:waiver>/", finance.waiver, name="decide_waiver"),
    path("office/waivers/<uuid:waiver>/grant/", finance.grant, name="grant_waiver"),
    path(
        "office/waivers/<uuid:waiver>/evidence/<uuid:document>/",
        finance.evidence,
        name="waiver_evidence",
    ),
    path("payments/webhooks/<str:provider>/", webhooks.receive, name="webhook"),
]
