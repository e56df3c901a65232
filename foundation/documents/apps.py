from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "foundation.documents"
    verbose_name = "Documents"
