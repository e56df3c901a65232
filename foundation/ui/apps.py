from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "foundation.ui"
    verbose_name = "Ui"
