"""The catalogues of translations, made with Babel.

``extract`` collects what is to be translated into templates, ``update`` brings every language's catalogue in line with
them (a text that changed comes empty), and ``compile`` makes the files that the program reads. The compiled files are
in the repository, so that a checkout speaks every language without this step.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from folder import ROOT, BuildError, say, version

if TYPE_CHECKING:
    from babel.messages import Catalog

LOCALE = ROOT / "resources" / "locale"
TEMPLATES = ROOT / "build" / "locale"
SOURCES = ("oasis_studio", "training/oasis_training")
DOMAINS = ("oasis_studio", "oasis_names", "oasis_libraries")
LANGUAGES = ("de", "ja", "ko", "zh_CN")
_KEYWORDS = {"_": None, "ngettext": (1, 2)}
_WIDTH = 120


LIBRARIES = {
    "typer": (
        *("Arguments", "Options", "Commands", "Error", "Aborted.", "(deprecated) ", "[default: {}]", "[env var: {}]"),
        *("[required]", "Try [blue]'{command_path} {help_option}'[/] for help."),
    ),
    "argparse": (
        *("usage: ", "positional arguments", "options", "show this help message and exit", "expected one argument"),
        *("the following arguments are required: %s", "unrecognized arguments: %s", "not allowed with argument %s"),
        *("argument %(argument_name)s: %(message)s", "invalid %(type)s value: %(value)r"),
        *("invalid choice: %(value)r (choose from %(choices)s)", "%(prog)s: error: %(message)s\n"),
    ),
}
"""What the libraries of the command line say around our texts; they look it up themselves."""


def extract() -> None:
    """build/locale/*.pot: the program's texts, the names in the files that come with it, what libraries say."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    libraries = ((library, 0, text) for library, said in LIBRARIES.items() for text in said)
    for domain, found in (("oasis_studio", texts()), ("oasis_names", names()), ("oasis_libraries", libraries)):
        template = _catalogue(domain)
        for place, line, message in found:
            template.add(message, locations=[(place, line)])
        (TEMPLATES / f"{domain}.pot").write_bytes(written(template, has_places=True))
        say(f"{domain}: {len(template)} texts")


def update() -> None:
    """Every language's catalogues, with the texts of the templates and what is translated of them."""
    from babel.messages.pofile import read_po

    extract()
    for domain in DOMAINS:
        with (TEMPLATES / f"{domain}.pot").open("rb") as file:
            template = read_po(file)
        for language in LANGUAGES:
            path = source(language, domain)
            catalogue = read(language, domain) if path.exists() else _catalogue(domain, language)
            catalogue.update(template, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written(catalogue))
            missing = sum(1 for message in catalogue if message.id and not is_translated(message.string))
            say(f"{language} {domain}: {missing} of {len(catalogue)} texts have no translation")


def compile_all() -> None:
    """The .mo beside every .po."""
    for language in LANGUAGES:
        for domain in DOMAINS:
            source(language, domain).with_suffix(".mo").write_bytes(compiled(read(language, domain)))


def texts() -> Iterator[tuple[str, int, str | tuple[str, ...]]]:
    """File, line and text of every call of ``_`` and ``ngettext``; of the latter both forms."""
    from babel.messages.extract import extract_from_file

    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for line, message, _comments, _context in extract_from_file("python", path, keywords=_KEYWORDS):
                yield place, line, message


def names() -> Iterator[tuple[str, int, str]]:
    """Names in shipped files: classes, samples and their layers, swatches, model cards; and what the importer puts
    into model cards.
    """
    from babel.messages.extract import extract_from_file

    for path in sorted((ROOT / "oasis_studio/synthesis/models/official").glob("*.py")):
        for line, message, _comments, _context in extract_from_file("python", path, keywords={"marked": None}):
            yield _place(path), line, message
    resources = ROOT / "resources"
    for path in sorted((resources / "classes").glob("*.json")):
        yield from ((_place(path), 0, entry["name"]) for entry in _json(path)["classes"])
    for path in sorted((resources / "samples").glob("*.oasis")):
        yield _place(path), 0, path.stem.replace("-", " ").capitalize()
        with zipfile.ZipFile(path) as archive:
            document = json.loads(archive.read("oasis/document.json"))
        yield from ((_place(path), 0, layer["name"]) for layer in document["layers"])
    for path in sorted((resources / "models").glob("*/styles.swatches")):
        yield from ((_place(path), 0, swatch["name"]) for swatch in _json(path)["swatches"])
    for path in sorted((resources / "models").glob("*/model.json")):
        card = _json(path)
        yield from ((_place(path), 0, text) for text in (card["description"], card["data"]["terms"]))


def source(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def read(language: str, domain: str) -> Catalog:
    from babel.messages.pofile import read_po

    with source(language, domain).open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def written(catalogue: Catalog, has_places: bool = False) -> bytes:
    """The catalogue as text: by message, so that moved code changes nothing, and without a date of its making."""
    from babel.messages.pofile import write_po

    stream = io.BytesIO()
    write_po(stream, catalogue, _WIDTH, no_location=not has_places, sort_output=True, ignore_obsolete=True)
    head, _blank, rest = stream.getvalue().partition(b"\n\n")
    lines = [line for line in head.split(b"\n") if not line.startswith((b'"POT-Creation-Date', b'"PO-Revision-Date'))]
    return b"\n".join(lines) + b"\n\n" + rest


def compiled(catalogue: Catalog) -> bytes:
    from babel.messages.mofile import write_mo

    catalogue.creation_date = catalogue.revision_date = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes every time
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def is_translated(text: str | tuple[str, ...]) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


def _catalogue(domain: str, language: str | None = None) -> Catalog:
    try:
        from babel.messages import Catalog
    except ImportError as error:
        raise BuildError("Babel is not installed here: pip install -c packaging/constraints.txt babel.") from error
    head = f"# {domain} of OASIS Studio."
    return Catalog(language, domain, head, "OASIS Studio", version(), "", "", fuzzy=False)


def _json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
