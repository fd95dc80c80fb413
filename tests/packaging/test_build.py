"""What packaging/build.py decides; that its products work is tried with the products."""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import plistlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
MODULES = ("build", "folder", "fonts", "hashes", "languages", "libraries", "linux", "macos", "notices", "windows")


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The scripts as they find each other when build.py is started."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    yield {name: importlib.import_module(name) for name in MODULES}
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", MODULES)
def test_needs_only_the_standard_library(name: str) -> None:
    tree = ast.parse((PACKAGING / f"{name}.py").read_text(encoding="utf-8"))
    names = {alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert {found.split(".")[0] for found in names} <= sys.stdlib_module_names | set(MODULES)


def test_without_a_frozen_program_it_says_what_to_do(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for script in scripts.values():
        if hasattr(script, "FROZEN"):
            monkeypatch.setattr(script, "FROZEN", tmp_path / "none")
    assert scripts["build"].main(["deb"]) == 2
    assert "build.py freeze" in capsys.readouterr().err
    assert scripts["build"].main(["unheard-of"]) == 2


def test_a_folder_with_a_gpl_library_is_refused(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "libreadline.so.8").write_bytes(b"")
    for name in ("build", "folder"):
        monkeypatch.setattr(scripts[name], "FROZEN", tmp_path)
    assert scripts["build"].main(["check"]) == 2
    assert "libreadline.so.8" in capsys.readouterr().err


def test_a_library_that_nobody_looked_up_is_refused(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "libtorch_cpu.so").write_bytes(b"")
    (tmp_path / "libstranger.so.1").write_bytes(b"")
    for name in ("build", "folder"):
        monkeypatch.setattr(scripts[name], "FROZEN", tmp_path)
    if sys.platform.startswith("linux"):
        assert scripts["build"].main(["check"]) == 2
        assert "libstranger" in capsys.readouterr().err
    assert scripts["libraries"].unknown(tmp_path) == ["libstranger.so.1"]
    stems = {
        "libgfortran-040039e1-0352e75f.so.5.0.0": "libgfortran",
        "libopenblasp-r0-59ffcd50.3.15.so": "libopenblasp-r0",
        "libglib-2.0.so.0": "libglib-2.0",
        "libxcb-render-util.so.0": "libxcb-render-util",
        "libcrypto-5409cd36.so.1.1.1k": "libcrypto",
        "libpcre2-8.so.0": "libpcre2-8",
    }
    assert {name: scripts["libraries"].stem(name) for name in stems} == stems


@pytest.mark.skipif(not (PACKAGING.parent / "dist" / "oasis-studio").is_dir(), reason="nothing is frozen here")
def test_what_is_frozen_here_may_be_shipped(scripts: dict[str, ModuleType]) -> None:
    folder = PACKAGING.parent / "dist" / "oasis-studio"
    assert not scripts["libraries"].unwanted(folder) and not scripts["libraries"].unknown(folder)


def test_a_file_that_was_exchanged_in_the_index_is_noticed(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    kept = tmp_path / "requirements-linux-x86_64.txt"
    kept.write_text("# head\nnumpy==2.4.6 --hash=sha256:aa\n", encoding="utf-8")
    scripts["hashes"].compare(["numpy==2.4.6 --hash=sha256:aa"], kept)
    with pytest.raises(scripts["folder"].BuildError, match="sha256:bb"):
        scripts["hashes"].compare(["numpy==2.4.6 --hash=sha256:bb"], kept)


def test_the_kept_hashes_are_those_of_the_pinned_versions() -> None:
    def versions(path: Path) -> dict[str, str]:
        lines = [line.split()[0] for line in path.read_text(encoding="utf-8").splitlines() if "==" in line]
        return {name: version.split("+")[0] for name, _is, version in (line.partition("==") for line in lines)}

    pinned = versions(PACKAGING / "constraints.txt")
    for kept in (PACKAGING / "hashes").glob("*.txt"):
        assert versions(kept).items() <= pinned.items()


class Calls:
    """Programs of macOS that write down how they were called."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._log = folder / "calls"
        for name in ("ditto", "hdiutil", "codesign", "xcrun"):
            script = folder / name
            script.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self._log}"\n', encoding="utf-8")
            script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def made(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(shutil.which("sh") is None, reason="no POSIX shell here")
def test_a_disk_image_is_signed_and_notarised_where_the_secrets_are(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "OASIS Studio.app"
    for part in ("MacOS/oasis-studio-window", "MacOS/oasis-studio", "Frameworks/libtorch.dylib", "Resources/a.txt"):
        (app / "Contents" / part).parent.mkdir(parents=True, exist_ok=True)
        (app / "Contents" / part).write_bytes(b"")
    (tmp_path / "bin").mkdir()
    calls = Calls(tmp_path / "bin", monkeypatch)
    monkeypatch.setattr(scripts["macos"], "ROOT", tmp_path)
    (tmp_path / "LICENSE").write_text("MIT", encoding="utf-8")
    scripts["macos"].make_image(app, tmp_path / "plain.dmg", {})
    assert [call.split()[0] for call in calls.made()] == ["ditto", "hdiutil"]
    assert (tmp_path / "build" / "dmg" / "Applications").readlink() == Path("/Applications")

    secrets = {"MACOS_IDENTITY": "Developer ID", "MACOS_NOTARY_PROFILE": "profile"}
    scripts["macos"].make_image(app, tmp_path / "signed.dmg", secrets)
    made = calls.made()[2:]
    signed = [call.rsplit("/", 1)[-1] for call in made if call.startswith("codesign --force")]
    assert signed == ["libtorch.dylib", "oasis-studio", "oasis-studio-window", "OASIS Studio.app", "signed.dmg"]
    assert made[-2].startswith("xcrun notarytool submit") and made[-1].startswith("xcrun stapler staple")
    assert "secrets" not in " ".join(made)


def test_property_lists_are_well_formed() -> None:
    entitlements = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert entitlements["com.apple.security.cs.disable-library-validation"] is True


def test_the_release_only_calls_verbs_that_there_are(scripts: dict[str, ModuleType]) -> None:
    text = (PACKAGING.parent / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip().startswith("verbs:"):
            assert set(line.split(":")[1].split()) <= set(scripts["build"].VERBS), line


def test_every_package_that_the_program_needs_is_in_the_bill(scripts: dict[str, ModuleType]) -> None:
    notices = scripts["notices"]
    packages = notices.needed("oasis-studio")
    bill = notices.bill(packages)
    names = {component["name"].lower() for component in bill["components"]}
    assert {"torch", "numpy", "pillow", "pyside6_essentials", "shiboken6"} <= names
    assert all(component["licenses"][0]["license"]["name"] for component in bill["components"])


def test_menu_entry_types_and_icons(scripts: dict[str, ModuleType], tmp_path: Path) -> None:
    scripts["linux"]._integrate(tmp_path, "/opt/oasis-studio/oasis-studio")
    entry = (tmp_path / "share" / "applications" / "oasis-studio.desktop").read_text(encoding="utf-8")
    assert "Exec=/opt/oasis-studio/oasis-studio %f" in entry
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"@PROGRAM@" in path.read_bytes()]
    assert (tmp_path / "share" / "icons" / "hicolor" / "48x48" / "apps" / "oasis-studio.png").is_file()


class Unpacked:
    """What the archive unpacks to, and the home of a person without rights that has a space and Korean letters."""

    def __init__(self, folder: Path, linux: ModuleType) -> None:
        self.home, self._stage, self._bin = folder / "집 folder", folder / "unpacked", folder / "bin"
        for place in (self._stage / "oasis-studio", self.home, self._bin):
            place.mkdir(parents=True)
        program = self._stage / "oasis-studio" / "oasis-studio"
        program.write_text("#!/bin/sh\necho started\n", encoding="utf-8")
        program.chmod(0o755)
        linux._integrate(self._stage / "integration", "@PROGRAM@")
        shutil.copy(PACKAGING / "linux" / "install.sh", self._stage)
        self.pretend("id", "echo 1000")

    def pretend(self, command: str, script: str) -> None:
        """Let that command of the system do something else."""
        (self._bin / command).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (self._bin / command).chmod(0o755)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(self.home), "PATH": f"{self._bin}:/usr/bin:/bin"}
        command = ["sh", str(self._stage / "install.sh"), *arguments]
        return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)


@pytest.fixture
def unpacked(scripts: dict[str, ModuleType], tmp_path: Path) -> Unpacked:
    if shutil.which("sh") is None:
        pytest.skip("no POSIX shell here")
    return Unpacked(tmp_path, scripts["linux"])


@pytest.mark.parametrize(
    ("command", "script", "words"),
    [
        ("df", "echo head; echo disk 100 100 1 100% /", "MB are free"),
        ("cp", "exit 1", "nothing was changed"),
        ("mkdir", "exit 1", "you may not write to"),
    ],
)
def test_an_installation_that_cannot_be_leaves_the_old_one(
    unpacked: Unpacked, command: str, script: str, words: str
) -> None:
    assert unpacked.run().returncode == 0
    before = sorted(path for path in unpacked.home.rglob("*") if path.is_file())
    unpacked.pretend(command, script)
    done = unpacked.run()
    assert done.returncode == 1 and words in done.stderr and len(done.stderr.splitlines()) == 1
    assert sorted(path for path in unpacked.home.rglob("*") if path.is_file()) == before


def test_the_installer_installs_and_takes_everything_away(unpacked: Unpacked) -> None:
    home = unpacked.home

    def install(*arguments: str) -> str:
        done = unpacked.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    for _time in range(2):  # the second is an update
        install()
        started = subprocess.run([home / ".local" / "bin" / "oasis-studio"], capture_output=True, text=True, check=True)
        assert started.stdout == "started\n"
    entry = home / ".local" / "share" / "applications" / "oasis-studio.desktop"
    assert f'Exec="{home}/.local/opt/oasis-studio/oasis-studio" %f' in entry.read_text(encoding="utf-8")
    assert "drawings" in install("--remove")
    caches = {"mime", "mimeinfo.cache"}  # the desktop's own, of all programs
    left = [path for path in home.rglob("*") if path.is_file() and not caches & set(path.parts)]
    assert not left, left


def test_fonts_and_backbone_come_with_their_licences(
    scripts: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DIST", "FROZEN"):
        monkeypatch.setattr(scripts["notices"], name, tmp_path)
    monkeypatch.setattr(scripts["notices"], "needed", lambda _root: [])
    scripts["notices"].write_notices()
    scripts["notices"].write_bill()
    assert "SIL OPEN FONT LICENSE" in (tmp_path / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    bill = (tmp_path / "sbom.json").read_text(encoding="utf-8")
    assert "OFL-1.1" in bill
    notices = (tmp_path / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    assert "efficientnet-lite1" in notices and "END OF TERMS AND CONDITIONS" in notices
    (backbone,) = [part for part in json.loads(bill)["components"] if part["type"] == "machine-learning-model"]
    weights = (PACKAGING.parent / "resources" / "backbones" / "efficientnet_lite1.safetensors").read_bytes()
    assert backbone["hashes"][0]["content"] == hashlib.sha256(weights).hexdigest()
