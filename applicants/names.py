"""What an applicant is called in letters and lists."""

from applicants.models import Application, PersonalDetails


def name_of(application: Application) -> str:
    """The legal name once it is given, else the name of the account."""
    try:
        return application.personal_details.legal_name
    except PersonalDetails.DoesNotExist:
        return application.applicant.get_full_name()
