from django.apps import AppConfig


class RefereesConfig(AppConfig):
    name = "referees"
    verbose_name = "Referees"
