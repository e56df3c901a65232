"""The pages of django-allauth that this portal has, under the names that django-allauth reverses.

Not `include("allauth.urls")`: what is not listed here (sign-in by code, several addresses, passkeys)
does not exist, so no page can be reached that is not the portal's own.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from foundation.accounts import views
from foundation.accounts.views import in_one_transaction

urlpatterns: list[URLPattern] = [
    path("login/", in_one_transaction(account.login), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", in_one_transaction(views.SignUpView.as_view()), name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("email/", in_one_transaction(account.email), name="account_email"),
    path(
        "confirm-email/",
        views.EmailVerificationSentView.as_view(),
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        in_one_transaction(views.ConfirmEmailView.as_view()),
        name="account_confirm_email",
    ),
    path(
        "password/change/",
        in_one_transaction(account.password_change),
        name="account_change_password",
    ),
    path(
        "password/reset/",
        in_one_transaction(views.PasswordResetView.as_view()),
        name="account_reset_password",
    ),
    path(
        "password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        in_one_transaction(views.PasswordResetFromKeyView.as_view()),
        name="account_reset_password_from_key",
    ),
    path("2fa/", RedirectView.as_view(pattern_name="accounts:account"), name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "2fa/totp/activate/",
        in_one_transaction(views.ActivateTOTPView.as_view()),
        name="mfa_activate_totp",
    ),
    path(
        "2fa/totp/deactivate/",
        in_one_transaction(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "2fa/recovery-codes/",
        views.ViewRecoveryCodesView.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        in_one_transaction(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
