from django.apps import AppConfig


class ClockConfig(AppConfig):
    name = "foundation.clock"
    verbose_name = "Clock"
