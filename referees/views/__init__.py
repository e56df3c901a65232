"""Pages of referees (by link, without an account) and of applicants about their referees."""
