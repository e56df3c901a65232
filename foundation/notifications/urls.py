"""The outbox's pages for the office, and in the demonstration the mailbox."""

from django.conf import settings
from django.urls import path

from foundation.notifications.views import demo, office

app_name = "notifications"

urlpatterns = [
    path("office/messages/", office.message_list, name="messages"),
    path("office/messages/switch/", office.switch, name="switch"),
    path("office/messages/switch/stop/", office.stop, name="stop"),
    path("office/messages/switch/start/", office.start, name="start"),
    path("office/messages/<uuid:message_id>/", office.message, name="message"),
    path("office/messages/<uuid:message_id>/retry/", office.retry, name="retry"),
    path("office/messages/<uuid:message_id>/cancel/", office.cancel, name="cancel"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/mailbox/", demo.mailbox_list, name="mailbox"),
        path("demo/mailbox/<slug:name>/", demo.mail, name="mailbox_mail"),
        path("demo/mailbox/<slug:name>/html/", demo.mail_html, name="mailbox_html"),
    ]
