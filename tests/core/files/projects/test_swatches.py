import json

import pytest

from oasis_studio.core.document.style import Origin, StoredVector
from oasis_studio.core.files.projects.swatches import ForeignSwatchesError, SwatchBook, read_swatches, write_swatches
from oasis_studio.core.models.style_noise import seed_of
from oasis_studio.errors import StudioError


def _swatch(name, model="m", values=(0.25, -1.5)):
    return StoredVector(values, model, Origin.SWATCH, name)


def _file_of(values):
    return json.dumps({"format": 1, "swatches": [{"name": "a", "model": "m", "origin": "swatch", "values": values}]})


def test_swatches_are_kept_for_each_model(tmp_path):
    book = SwatchBook("m", tmp_path)
    book.add(_swatch("dusk"))
    book.add(_swatch("dawn"))
    book.add(_swatch("dusk", values=(3.0, 4.0)))
    assert [each.name for each in SwatchBook("m", tmp_path).swatches] == ["dusk", "dawn"]
    assert SwatchBook("m", tmp_path).swatches[0].values == (3.0, 4.0) and SwatchBook("n", tmp_path).swatches == []
    assert book.free_name("dusk") == "dusk 2" and book.free_name("noon") == "noon"
    book.remove("dusk")
    assert [each.name for each in SwatchBook("m", tmp_path).swatches] == ["dawn"]


def test_a_book_starts_with_what_comes_with_the_model_and_may_lose_it(tmp_path):
    shipped = tmp_path / "styles.swatches"
    write_swatches(shipped, [_swatch("clear day"), _swatch("of older weights", "other"), _swatch("dusk")])
    book = SwatchBook("m", tmp_path / "books", shipped)
    assert [each.name for each in book.swatches] == ["clear day", "dusk"]
    book.remove("dusk")
    assert [each.name for each in SwatchBook("m", tmp_path / "books", shipped).swatches] == ["clear day"]
    assert SwatchBook("m", tmp_path / "others", tmp_path / "none").swatches == []


def test_a_file_of_the_same_model_is_taken_in_and_a_foreign_one_offers_its_seed(tmp_path):
    write_swatches(tmp_path / "own.swatches", [_swatch("a"), _swatch("b")])
    write_swatches(tmp_path / "foreign.swatches", [_swatch("a"), _swatch("c", "other")])
    book = SwatchBook("m", tmp_path / "books")
    assert book.take_in(tmp_path / "own.swatches") == 2
    with pytest.raises(ForeignSwatchesError, match="another model") as caught:
        book.take_in(tmp_path / "foreign.swatches")
    assert caught.value.seeds == [("c", seed_of(_swatch("c", "other")))]
    assert [each.name for each in book.swatches] == ["a", "b"], "nothing of it was taken"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 1}',
        '{"format": 1, "swatches": [1]}',
        json.dumps(
            {"format": 1, "swatches": [{"name": "a", "model": "m", "origin": "swatch", "values": [float("nan")]}]}
        ),
        json.dumps({"format": 1, "swatches": [{"name": "a", "model": "m", "origin": "swatch", "values": ["x"]}]}),
    ],
)
def test_damage_and_numbers_that_are_none_are_told(tmp_path, text):
    path = tmp_path / "bad.swatches"
    path.write_text(text)
    with pytest.raises(StudioError, match="no swatches"):
        read_swatches(path)


def test_newer_and_missing_files(tmp_path):
    path = tmp_path / "new.swatches"
    path.write_text('{"format": 2}')
    with pytest.raises(StudioError, match="newer version"):
        read_swatches(path)
    with pytest.raises(StudioError, match="cannot be read"):
        read_swatches(tmp_path / "none.swatches")
