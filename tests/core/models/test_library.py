"""The library shows whole models only, and takes nothing from an archive that it cannot trust."""

import zipfile
from pathlib import Path

import pytest

from oasis_studio.core.models import archive
from oasis_studio.core.models.card import (
    CARD_FILE,
    DISCRIMINATOR_FILE,
    GENERATOR_FILE,
    PREVIEW_FILE,
    ModelCard,
    sha256_of,
)
from oasis_studio.core.models.library import ModelLibrary, default_library, is_model_id
from oasis_studio.errors import StudioError
from tests.core.models.test_card import make_card


def make_model(folder: Path, weights: bytes = b"weights", **changes) -> ModelCard:
    folder.mkdir(parents=True)
    (folder / GENERATOR_FILE).write_bytes(weights)
    (folder / PREVIEW_FILE).write_bytes(b"png")
    digests = {GENERATOR_FILE: sha256_of(folder / GENERATOR_FILE)}
    card = make_card(**({"id": folder.name, "name": folder.name.title(), "sha256": digests} | changes))
    card.write(folder)
    return card


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    make_model(tmp_path / "shipped" / "outdoor")
    return ModelLibrary(tmp_path / "shipped", tmp_path / "own")


def leftovers(tmp_path: Path) -> list[str]:
    own = tmp_path / "own"
    return [path.name for path in own.iterdir() if path.name.startswith(".")] if own.is_dir() else []


def test_shipped_and_own_models_are_listed_by_name(library: ModelLibrary, tmp_path: Path) -> None:
    make_model(tmp_path / "own" / "alps")
    make_model(tmp_path / "own" / "broken")
    (tmp_path / "own" / "broken" / CARD_FILE).write_text("{")
    assert [card.id for card in library.cards()] == ["alps", "outdoor"]
    with pytest.raises(StudioError, match="Cannot read the model card"):
        library.find("broken")


def test_a_model_is_found_by_id_name_and_folder(library: ModelLibrary, tmp_path: Path) -> None:
    make_model(tmp_path / "elsewhere" / "run7", name="Run 7")
    make_model(tmp_path / "own" / "alps", name="The Alps")
    assert library.find("outdoor")[0] == tmp_path / "shipped" / "outdoor"
    assert library.find("the alps")[1].id == "alps"
    folder, card = library.find(str(tmp_path / "elsewhere" / "run7"))
    assert (folder.name, card.name) == ("run7", "Run 7")


def test_an_unknown_name_brings_near_ones(library: ModelLibrary) -> None:
    with pytest.raises(StudioError, match='no model "outdor"') as caught:
        library.find("outdor")
    assert "outdoor" in caught.value.hint


def test_a_changed_card_is_read_again(library: ModelLibrary, tmp_path: Path) -> None:
    assert library.find("outdoor")[1].description == "A test."
    make_card(description="Better.").write(tmp_path / "shipped" / "outdoor")
    assert library.find("outdoor")[1].description == "Better."


def test_install_copies_checks_and_replaces(library: ModelLibrary, tmp_path: Path) -> None:
    make_model(tmp_path / "run", weights=b"first")
    assert library.install(tmp_path / "run", "mine").id == "mine"
    make_model(tmp_path / "run2", weights=b"second")
    library.install(tmp_path / "run2", "mine")
    assert (tmp_path / "own" / "mine" / GENERATOR_FILE).read_bytes() == b"second"
    assert leftovers(tmp_path) == []


def test_damaged_weights_are_not_installed(library: ModelLibrary, tmp_path: Path) -> None:
    make_model(tmp_path / "run")
    (tmp_path / "run" / GENERATOR_FILE).write_bytes(b"other")
    with pytest.raises(StudioError, match=r"generator\.safetensors is not the one"):
        library.install(tmp_path / "run", "mine")
    (tmp_path / "run" / GENERATOR_FILE).unlink()
    with pytest.raises(StudioError, match="lacks its file"):
        library.install(tmp_path / "run", "mine")
    assert [card.id for card in library.cards()] == ["outdoor"]


def test_a_failure_half_way_leaves_the_old_model(library: ModelLibrary, tmp_path: Path) -> None:
    make_model(tmp_path / "own" / "mine", weights=b"old")

    def write_half() -> None:
        with library.new_model("mine") as folder:
            (folder / GENERATOR_FILE).write_bytes(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(StudioError, match="No space left"):
        write_half()
    assert (tmp_path / "own" / "mine" / GENERATOR_FILE).read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_an_unwritable_folder_is_an_expected_failure(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("a file where the folder should be")
    make_model(tmp_path / "run")
    with pytest.raises(StudioError, match="Cannot write to the model folder"):
        ModelLibrary(tmp_path / "shipped", tmp_path / "own").install(tmp_path / "run", "mine")


def test_only_own_models_are_removed(library: ModelLibrary, tmp_path: Path) -> None:
    make_model(tmp_path / "own" / "mine")
    library.remove("mine")
    assert not (tmp_path / "own" / "mine").exists()
    assert leftovers(tmp_path) == []
    with pytest.raises(StudioError, match="comes with OASIS Studio"):
        library.remove("outdoor")
    for name in ("mine", "..", "../shipped/outdoor", ""):
        with pytest.raises(StudioError, match="There is no model"):
            library.remove(name)
    assert (tmp_path / "shipped" / "outdoor").is_dir()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "con", "LPT1", "-a", ".a", "a" * 65, "a b"])
def test_ids_that_are_no_folder_names(name: str) -> None:
    assert not is_model_id(name)


def test_free_ids_are_readable_and_new(library: ModelLibrary) -> None:
    assert library.free_id("My Alps!") == "my-alps"
    assert library.free_id("Outdoor") == "outdoor-2"
    assert library.free_id("풍경") == "풍경"
    assert library.free_id("!!!") == "model"
    assert is_model_id(library.free_id("con"))


def test_an_archive_brings_the_same_model(library: ModelLibrary, tmp_path: Path) -> None:
    file = tmp_path / "outdoor.oasismodel"
    library.export_archive("outdoor", file)
    other = ModelLibrary(tmp_path / "nothing", tmp_path / "other")
    card = other.import_archive(file)
    assert card == library.find("outdoor")[1]
    assert (tmp_path / "other" / "outdoor" / GENERATOR_FILE).read_bytes() == b"weights"
    assert (tmp_path / "other" / "outdoor" / PREVIEW_FILE).read_bytes() == b"png"
    assert library.import_archive(file).id == "outdoor-2"
    renamed = library.import_archive(file, "Far Away")
    assert (renamed.id, renamed.name) == ("far-away", "Far Away")


def test_an_export_that_fails_keeps_the_old_file(library: ModelLibrary, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="could not be saved"):
        library.export_archive("outdoor", tmp_path / "missing" / "a.oasismodel")
    file = tmp_path / "a.oasismodel"
    file.write_bytes(b"old")
    (tmp_path / "shipped" / "outdoor" / GENERATOR_FILE).write_bytes(b"damaged")
    with pytest.raises(StudioError, match="changed or damaged"):
        library.export_archive("outdoor", file)
    assert file.read_bytes() == b"old"


def refuse(library: ModelLibrary, tmp_path: Path, file: Path, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        library.import_archive(file)
    assert leftovers(tmp_path) == []
    assert [card.id for card in library.cards()] == ["outdoor"]


def rewrite(file: Path, target: Path, **entries: bytes | None) -> Path:
    """A copy of an archive with some entries replaced, added, or (None) left out."""
    names = {name.replace("__", "/").replace("_dot_", "."): data for name, data in entries.items()}
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as sink:
        for name in source.namelist():
            if name not in names:
                sink.writestr(name, source.read(name))
        for name, data in names.items():
            if data is not None:
                sink.writestr(name, data)
    return target


@pytest.fixture
def exported(library: ModelLibrary, tmp_path: Path) -> Path:
    file = tmp_path / "good.oasismodel"
    library.export_archive("outdoor", file)
    return file


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "..\\evil", "C:\\evil"])
def test_an_archive_that_leaves_its_folder_is_refused(
    library: ModelLibrary, exported: Path, tmp_path: Path, name: str
) -> None:
    with zipfile.ZipFile(exported, "a") as opened:
        opened.writestr(name, b"evil")
    refuse(library, tmp_path, exported, "outside its folder")
    assert not list(tmp_path.rglob("*evil*"))


def test_unknown_files_of_an_archive_are_left_out(library: ModelLibrary, exported: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(exported, "a") as opened:
        opened.writestr("run-me.py", b"print()")
    card = library.import_archive(exported)
    assert sorted(path.name for path in (tmp_path / "own" / card.id).iterdir()) == sorted(
        [CARD_FILE, GENERATOR_FILE, PREVIEW_FILE]
    )


def test_an_archive_without_its_parts_is_refused(library: ModelLibrary, exported: Path, tmp_path: Path) -> None:
    refuse(
        library,
        tmp_path,
        rewrite(exported, tmp_path / "a.oasismodel", model_dot_json=None),
        "lacks model.json",
    )
    file = rewrite(exported, tmp_path / "b.oasismodel", generator_dot_safetensors=None)
    refuse(library, tmp_path, file, "lacks generator")
    file = rewrite(exported, tmp_path / "c.oasismodel", generator_dot_safetensors=b"other")
    refuse(library, tmp_path, file, "changed or damaged")
    file = rewrite(exported, tmp_path / "d.oasismodel", model_dot_json=b"{}")
    refuse(library, tmp_path, file, "lacks")


def test_a_bomb_is_refused_before_it_is_unpacked(library: ModelLibrary, exported: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.oasismodel"
    rewrite(exported, bomb, generator_dot_safetensors=None)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(GENERATOR_FILE, bytes(30_000_000))
    refuse(library, tmp_path, bomb, "larger than any")


def test_limits_hold_for_every_part(
    library: ModelLibrary, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(archive._LIMITS, GENERATOR_FILE, 3)
    refuse(library, tmp_path, exported, "larger than any")


def test_truncated_and_foreign_files_are_refused(library: ModelLibrary, exported: Path, tmp_path: Path) -> None:
    whole = exported.read_bytes()
    exported.write_bytes(whole[: len(whole) // 2])
    refuse(library, tmp_path, exported, "damaged or is not a model file")
    exported.write_bytes(b"")
    refuse(library, tmp_path, exported, "damaged or is not a model file")
    position = whole.index(b"weights", whole.index(GENERATOR_FILE.encode()) + len(GENERATOR_FILE))
    exported.write_bytes(whole[:position] + b"W" + whole[position + 1 :])
    refuse(library, tmp_path, exported, "damaged or is not a model file")
    refuse(library, tmp_path, tmp_path / "missing.oasismodel", "Cannot unpack")


def test_a_discriminator_travels_too(library: ModelLibrary, tmp_path: Path) -> None:
    make_model(tmp_path / "run")
    (tmp_path / "run" / DISCRIMINATOR_FILE).write_bytes(b"judge")
    digests = {name: sha256_of(tmp_path / "run" / name) for name in (GENERATOR_FILE, DISCRIMINATOR_FILE)}
    make_card(sha256=digests).write(tmp_path / "run")
    library.install(tmp_path / "run", "mine")
    library.export_archive("mine", tmp_path / "mine.oasismodel")
    card = library.import_archive(tmp_path / "mine.oasismodel")
    assert (tmp_path / "own" / card.id / DISCRIMINATOR_FILE).read_bytes() == b"judge"


def test_the_default_library_is_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OASIS_STUDIO_HOME", str(tmp_path))
    make_model(tmp_path / "models" / "mine")
    assert default_library().find("mine")[0] == tmp_path / "models" / "mine"
