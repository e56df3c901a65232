"""Addresses of the office's files, and of the applicant's decision."""

from django.urls import path

from admissions.views import applicant, deciding, files, queue, reviewing

app_name = "admissions"

FILE = "office/files/<str:reference>/"
DECISION = "applications/<str:reference>/decision/"

urlpatterns = [
    path("office/queue/", queue.queue_page, name="queue"),
    path("office/reviews/", queue.my_reviews, name="my_reviews"),
    path(FILE, files.file, name="file"),
    path(f"{FILE}documents/<uuid:version_id>/", files.document, name="document"),
    path(f"{FILE}assign/", files.assign, name="assign"),
    path(f"{FILE}assign/release/", files.release_reviewer, name="release_reviewer"),
    path(f"{FILE}recuse/", files.recuse, name="recuse"),
    path(f"{FILE}review/", reviewing.review, name="review"),
    path(f"{FILE}propose/", deciding.propose, name="propose"),
    path(f"{FILE}approve/", deciding.approve, name="approve"),
    path(f"{FILE}return/", deciding.return_decision, name="return"),
    path(f"{FILE}release/", deciding.release, name="release"),
    path(f"{FILE}take-back/", deciding.take_back, name="take_back"),
    path(f"{FILE}conditions/", deciding.conditions, name="conditions"),
    path(DECISION, applicant.decision, name="decision"),
    path(f"{DECISION}letter/", applicant.letter, name="letter"),
    path(f"{DECISION}accept/", applicant.accept, name="accept"),
    path(f"{DECISION}decline/", applicant.decline, name="decline"),
]
