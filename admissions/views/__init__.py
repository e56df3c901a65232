"""Pages: the office's, and the applicant's about their decision."""
