"""The applicant's pages. `overview` and `mine` are where other rooms lead back to."""

from django.urls import path

from applicants.views import files, overview, sections, start, submission

app_name = "applicants"
_own = "applications/<str:reference>/"

urlpatterns = [
    path("apply/<slug:intake_reference>/", start.start, name="start"),
    path("applications/", start.mine, name="mine"),
    path(_own, overview.overview, name="overview"),
    path(f"{_own}personal-details/", sections.personal_details, name="personal_details"),
    path(f"{_own}qualifications/", sections.qualifications, name="qualifications"),
    path(f"{_own}qualifications/add/", sections.qualification, name="add_qualification"),
    path(
        f"{_own}qualifications/<uuid:public_id>/",
        sections.qualification,
        name="change_qualification",
    ),
    path(
        f"{_own}qualifications/<uuid:public_id>/remove/",
        sections.remove_qualification,
        name="remove_qualification",
    ),
    path(f"{_own}english/", sections.english, name="english"),
    path(f"{_own}english/<slug:basis>/", sections.english_details, name="english_details"),
    path(f"{_own}statement/", sections.statement, name="statement"),
    path(f"{_own}transcripts/", files.transcripts, name="transcripts"),
    path(f"{_own}cv/", files.cv, name="cv"),
    path(f"{_own}files/<uuid:document_id>/", files.download, name="file"),
    path(f"{_own}files/<uuid:document_id>/remove/", files.remove, name="remove_file"),
    path(f"{_own}files/<uuid:document_id>/replace/", files.replace, name="replace_file"),
    path(f"{_own}check/", submission.check, name="check"),
    path(f"{_own}submitted/", submission.submitted, name="submitted"),
    path(f"{_own}withdraw/", submission.withdraw, name="withdraw"),
]
