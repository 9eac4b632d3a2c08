"""The made runs that the report's tests read, too."""

from tests.report.conftest import rover, runs

__all__ = ["rover", "runs"]
