import pytest

from oasis_studio.core.files.projects.project import write_project
from tests.core import painters


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "scene.oasis"
    write_project(path, painters.document())
    return path
