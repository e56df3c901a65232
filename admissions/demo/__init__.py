"""The demonstration's files in the office, at every stage, made through the same doors as anybody's."""

from admissions.demo.loading import load

__all__ = ["load"]
