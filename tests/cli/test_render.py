"""``oasis-studio render`` and ``batch``: the published numbers from the shell, and clear words for bad input."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from oasis_studio.cli import main
from oasis_studio.cli.memory_size import parse_bytes
from oasis_studio.core.files.label_maps.files import write_labels
from oasis_studio.core.files.pictures.photo import read_metadata, read_photo
from oasis_studio.errors import StudioError
from oasis_studio.synthesis.rendering.renderer import to_bytes
from tests.cli.test_model import Capture, fails
from tests.synthesis.official_weights import golden, palette

SMALL_MAP = np.kron(np.arange(8, dtype=np.uint8).reshape(2, 4) % 7, np.ones((16, 16), np.uint8))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.png"
    write_labels(path, SMALL_MAP, palette())
    return path


def test_floats_equal_the_published_numbers(small: Path, tmp_path: Path) -> None:
    facts = golden()
    label_file, noise_file, out = tmp_path / "labels.png", tmp_path / "noise.npy", tmp_path / "out.npy"
    write_labels(label_file, facts["labels"][0], palette())
    for noise, expected in (("z_global", "image_global"), ("z_region", "image_region")):
        np.save(noise_file, facts[noise][0])
        arguments = ["-o", str(out), "--model", "small", "--noise", str(noise_file), "--device", "cpu"]
        assert main(["render", str(label_file), *arguments]) == 0
        image = np.load(out)
        assert (image.shape, image.dtype) == ((64, 128, 3), np.float32)
        assert np.abs(image - facts[expected][0].transpose(1, 2, 0)).max() < 1e-4


def test_a_seed_gives_the_same_bytes_and_another_one_others(small: Path, labels: Path, tmp_path: Path) -> None:
    def rendered(name: str, *options: str) -> Path:
        out = tmp_path / name
        assert main(["render", str(labels), "-o", str(out), "--model", str(small), *options]) == 0
        return out

    first, again = rendered("a.png", "--seed", "3"), rendered("b.png", "--seed", "3")
    assert first.read_bytes() == again.read_bytes()
    assert rendered("c.png", "--seed", "4").read_bytes() != first.read_bytes()
    assert read_metadata(first)["Seed"] == "3"
    floats = np.load(rendered("d.npy", "--seed", "3"))
    assert np.array_equal(to_bytes(floats), read_photo(first))
    half = np.load(rendered("e.npy", "--seed", "3", "--precision", "bf16"))
    assert 0 < np.abs(half - floats).mean() < 0.05
    coarse = np.load(rendered("f.npy", "--seed", "3", "--precision", "int8"))
    assert np.abs(coarse - floats).mean() < 0.05


def test_a_map_in_the_palettes_colours_is_the_same_map(small: Path, labels: Path, tmp_path: Path) -> None:
    colours = tmp_path / "colours.png"
    Image.fromarray(palette().colors[SMALL_MAP]).save(colours)
    for file, out in ((labels, "a.png"), (colours, "b.png")):
        assert main(["render", str(file), "-o", str(tmp_path / out), "--model", "small"]) == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_unpainted_pixels_become_dont_care(small: Path, tmp_path: Path) -> None:
    holes, filled = SMALL_MAP.copy(), SMALL_MAP.copy()
    holes[3:9, 3:9], filled[3:9, 3:9] = 255, 0
    for name, array in (("holes", holes), ("filled", filled)):
        write_labels(tmp_path / f"{name}.png", array, palette())
        file, out = str(tmp_path / f"{name}.png"), str(tmp_path / f"{name}.npy")
        assert main(["render", file, "-o", out, "--model", "small"]) == 0
    assert (tmp_path / "holes.npy").read_bytes() == (tmp_path / "filled.npy").read_bytes()


def test_unpainted_pixels_are_refused_where_no_class_means_nothing(
    small: Path, labels: Path, tmp_path: Path, capsys: Capture
) -> None:
    card = (small / "model.json").read_text()
    (small / "model.json").write_text(card.replace('"dont_care": 0', '"dont_care": null'))
    holes = SMALL_MAP.copy()
    holes[:2, :5] = 255
    write_labels(labels, holes, palette())
    fails(["render", str(labels), "-o", str(tmp_path / "a.png"), "--model", "small"], capsys, "10 unpainted")


def test_every_bad_input_says_why_and_writes_nothing(
    small: Path, labels: Path, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "out.png"

    def refused(*words: str, file: Path = labels, to: Path = out, options: tuple[str, ...] = ()) -> None:
        fails(["render", str(file), "-o", str(to), "--model", "small", *options], capsys, *words)
        assert not to.exists()

    unknown = SMALL_MAP.copy()
    unknown[0, :3] = 9
    Image.fromarray(unknown).save(tmp_path / "unknown.png")
    refused("9", "3 pixels", file=tmp_path / "unknown.png")
    Image.new("RGB", (32, 32), (250, 251, 252)).save(tmp_path / "colour.png")
    refused("#fafbfc", "1024 pixels", file=tmp_path / "colour.png")
    Image.new("L", (1, 1)).save(tmp_path / "dot.png")
    refused("1×1", file=tmp_path / "dot.png")
    (tmp_path / "text.png").write_text("no image")
    refused("text.png", file=tmp_path / "text.png")
    refused("missing.png", file=tmp_path / "missing.png")
    refused("ending", to=tmp_path / "out.xyz")
    refused("does not exist", to=tmp_path / "nowhere" / "out.png")
    fails(["render", str(labels), "-o", str(out), "--model", "smal"], capsys, 'no model "smal"', "small")


def test_every_bad_noise_says_why(small: Path, labels: Path, tmp_path: Path, capsys: Capture) -> None:
    noise = tmp_path / "noise.npy"

    def refused(*words: str, seed: tuple[str, ...] = ()) -> None:
        arguments = ["-o", str(tmp_path / "out.png"), "--model", "small", "--noise", str(noise), *seed]
        fails(["render", str(labels), *arguments], capsys, *words)

    refused("Cannot read the noise")
    for wrong in (np.zeros(9, np.float32), np.zeros((6, 8), np.float32), np.zeros((1, 7, 8)), np.float32(0)):
        np.save(noise, wrong)
        refused("takes 8 or 7×8")
    np.save(noise, np.zeros(8, np.int64))
    refused("float32")
    for number in (np.inf, np.nan):
        np.save(noise, np.array([0.5] * 7 + [number]))
        refused("finite")
    np.save(noise, np.array([object()] * 8), allow_pickle=True)
    refused("Cannot read the noise")
    noise.write_bytes(b"")
    refused("Cannot read the noise")
    with noise.open("wb") as stream:
        np.savez(stream, a=np.zeros(8))
    refused("several arrays")
    refused("not both", seed=("--seed", "1"))


def test_a_device_that_is_not_there(
    small: Path, labels: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    arguments = ["-o", str(tmp_path / "out.png"), "--model", "small", "--device", "cuda"]
    fails(["render", str(labels), *arguments], capsys, "no cuda device")
    assert main(["render", str(labels), *arguments[:-1], "tpu"]) == 2


def test_too_little_memory_is_told(
    small: Path, labels: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oasis_studio.synthesis.rendering.memory.available_bytes", lambda _device: 10)
    fails(["render", str(labels), "-o", str(tmp_path / "a.png"), "--model", "small"], capsys, "not enough memory")


def test_a_limit_of_memory_gives_the_same_photo_in_tiles(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit reaches the engine, for one photo and for a batch."""
    from oasis_studio.synthesis.engine import fitting
    from oasis_studio.synthesis.rendering.memory import resident_bytes

    folder = tmp_path / "maps"
    folder.mkdir()
    large = folder / "large.png"
    write_labels(large, np.kron(SMALL_MAP, np.ones((3, 2), np.uint8)), palette())
    arguments = ["--model", "small", "--device", "cpu"]
    assert main(["render", str(large), "-o", str(tmp_path / "one.png"), *arguments]) == 0
    pieces: list[int] = []
    tiles = fitting.tiles

    def counted(*whole) -> list:
        pieces.append(len(tiles(*whole)))
        return tiles(*whole)

    monkeypatch.setattr(fitting, "tiles", counted)
    needed = fitting.tile_bytes
    monkeypatch.setattr(fitting, "whole_bytes", lambda *_arguments: 10**15)
    monkeypatch.setattr(fitting, "tile_bytes", lambda *asked: needed(*asked) if asked[1] < 128 else 10**15)
    arguments += ["--max-memory", f"{resident_bytes() // 2**20 + 2048}MB"]
    assert main(["render", str(large), "-o", str(tmp_path / "tiled.png"), *arguments]) == 0
    assert main(["batch", str(folder), "-o", str(tmp_path / "photos"), *arguments]) == 0
    one = read_photo(tmp_path / "one.png").astype(int)
    assert pieces == [4, 4]
    for tiled in (tmp_path / "tiled.png", tmp_path / "photos" / "large.png"):
        assert np.abs(read_photo(tiled) - one).max() <= 1
    assert main(["render", str(large), "-o", str(tmp_path / "none.png"), *arguments[:-1], "1MB"]) == 2


@pytest.mark.parametrize(
    ("text", "size"), [("512MB", 512 << 20), ("4g", 4 << 30), ("1.5 GiB", 3 << 29), ("1000000", 10**6), (None, None)]
)
def test_amounts_of_memory(text: str | None, size: int | None) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1GB", "0", "4XB", "GB", "1e9"])
def test_what_is_no_amount_of_memory_is_refused(small: Path, labels: Path, tmp_path: Path, text: str) -> None:
    with pytest.raises(StudioError, match="no amount"):
        parse_bytes(text)
    out = tmp_path / "out.png"
    assert main(["render", str(labels), "-o", str(out), "--model", "small", "--max-memory", text]) == 2
    assert not out.exists()


def test_a_batch_does_all_but_the_bad_ones(small: Path, tmp_path: Path, capsys: Capture) -> None:
    folder, out = tmp_path / "maps", tmp_path / "photos" / "deep"
    folder.mkdir()
    for name in ("a", "c"):
        write_labels(folder / f"{name}.png", SMALL_MAP, palette())
    (folder / "b.png").write_text("no image")
    (folder / "notes.txt").write_text("not a map")
    assert main(["batch", str(folder), "-o", str(out), "--model", "small", "--seed", "5"]) == 2
    shown = capsys.readouterr()
    assert "2 of 3" in shown.out
    assert "error: b.png: " in shown.err
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "c.png"]
    alone = tmp_path / "alone.png"
    assert main(["render", str(folder / "a.png"), "-o", str(alone), "--model", "small", "--seed", "5"]) == 0
    assert (out / "a.png").read_bytes() == alone.read_bytes()
    (folder / "b.png").unlink()
    assert main(["batch", str(folder), "-o", str(out), "--model", "small"]) == 0


def test_folders_that_cannot_be_a_batch(small: Path, tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "maps"
    folder.mkdir()
    verb = ["--model", "small"]
    fails(["batch", str(folder), "-o", str(tmp_path / "out"), *verb], capsys, "no label maps")
    fails(["batch", str(tmp_path / "missing"), "-o", str(tmp_path / "out"), *verb], capsys, "not a folder")
    write_labels(folder / "a.png", SMALL_MAP, palette())
    before = (folder / "a.png").read_bytes()
    fails(["batch", str(folder), "-o", str(folder), *verb], capsys, "overwrite")
    fails(["batch", str(folder), "-o", str(folder / "a.png" / "x"), *verb], capsys, "cannot be made")
    assert (folder / "a.png").read_bytes() == before
