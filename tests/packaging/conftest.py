from tests.journeys.conftest import display

__all__ = ["display"]
