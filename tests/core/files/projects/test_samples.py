import numpy as np
import pytest

from oasis_studio import paths
from oasis_studio.core.classes.palette import UNPAINTED, Palette
from oasis_studio.core.files.projects.project import read_project

SAMPLES = sorted(paths.resource("samples").glob("*.oasis"))


def test_there_are_ten():
    assert len(SAMPLES) == 10


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_a_small_landscape_of_named_layers_for_the_starter_model(path):
    project = read_project(path)
    document = project.document
    assert document.palette == Palette.read(paths.resource("classes", "outdoor8.json"))
    assert document.model == "outdoor"
    assert (document.width, document.height) in {(256, 256), (320, 256), (384, 256)}
    names = [layer.name for layer in document.layers]
    assert len(names) >= 3 and len(set(names)) == len(names) and all(names)
    assert all((layer.labels != UNPAINTED).any() for layer in document.layers)
    shares = np.bincount(document.flatten().ravel(), minlength=8) / (document.width * document.height)
    assert (shares > 0.02).sum() >= 3 and shares[0] > 0.15
