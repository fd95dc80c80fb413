import cv2
import numpy as np
import pytest
from PIL import Image

from oasis_studio.core.files.pictures.animation import AnimationCancelled, check_writable, write_animation
from oasis_studio.errors import StudioError


def _frames(count=8, width=33, height=20):
    frames = np.zeros((count, height, width, 3), np.uint8)
    for number, frame in enumerate(frames):
        frame[:, : 4 * (number + 1)] = (200, 40, 30)
    return list(frames)


def _go_on(_done, _total):
    return True


@pytest.mark.parametrize("ending", [".gif", ".webp"])
def test_a_loop_of_pictures(tmp_path, ending):
    path = tmp_path / f"loop{ending}"
    write_animation(path, _frames(), 10, _go_on)
    with Image.open(path) as image:
        assert image.n_frames == 8 and image.size == (33, 20) and image.info["loop"] == 0
        image.seek(7)
        assert np.abs(np.asarray(image.convert("RGB")).astype(int)[10, 16] - (200, 40, 30)).max() < 24


def test_a_video_has_all_frames_at_that_speed(tmp_path):
    path = tmp_path / "loop.mp4"
    write_animation(path, _frames(12, 64, 48), 24, _go_on)
    video = cv2.VideoCapture(str(path))
    assert video.get(cv2.CAP_PROP_FPS) == pytest.approx(24)
    count = 0
    while video.read()[0]:
        count += 1
    assert count == 12


def test_a_folder_of_frames_is_exact(tmp_path):
    frames = _frames()
    write_animation(tmp_path / "frames", frames, 10, _go_on)
    names = sorted(path.name for path in (tmp_path / "frames").iterdir())
    assert names[0] == "frame-0000.png" and len(names) == 8
    assert np.array_equal(np.asarray(Image.open(tmp_path / "frames" / names[3])), frames[3])


@pytest.mark.parametrize("ending", [".gif", ".webp", ".mp4"])
def test_what_is_cancelled_leaves_the_old_file(tmp_path, ending):
    path = tmp_path / f"loop{ending}"
    path.write_bytes(b"old")
    with pytest.raises(AnimationCancelled):
        write_animation(path, _frames(), 10, lambda done, _total: done < 4)
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["none/loop.mp4", "none/loop.gif", "file/frames"])
def test_a_place_that_cannot_be_written(tmp_path, name):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StudioError, match=r"cannot be written|could not be saved"):
        write_animation(tmp_path / name, _frames(), 10, _go_on)
    with pytest.raises(StudioError, match="cannot be written"):
        check_writable(tmp_path / name)


def test_unknown_endings_and_nothing(tmp_path):
    with pytest.raises(StudioError, match="ending"):
        write_animation(tmp_path / "loop.avi", _frames(), 10, _go_on)
    with pytest.raises(StudioError, match="no frames"):
        write_animation(tmp_path / "loop.gif", [], 10, _go_on)
