"""Everything that a person decides before a training starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from oasis_studio.app.training.class_choices import ClassChoice, matched, palette_of
from oasis_studio.app.training.data_findings import Findings, Fix, ProblemKind
from oasis_studio.core.classes.palette import Palette
from oasis_studio.core.models.card import GENERATOR_FILE, ModelCard
from oasis_studio.core.models.library import ModelLibrary
from oasis_studio.errors import StudioError
from oasis_studio.i18n import _

FEWEST_PAIRS = 4
"""With fewer there is nothing to hold out, and nothing to learn from."""


@dataclass
class TrainingPlan:
    """``base`` None trains from scratch; ``choices`` say which class of the data becomes which class of the model."""

    library: ModelLibrary
    folder: Path | None = None
    findings: Findings | None = None
    fixes: dict[ProblemKind, Fix] = field(default_factory=dict)
    base: ModelCard | None = None
    choices: list[ClassChoice] = field(default_factory=list)
    preset: str = ""
    title: str = ""

    @property
    def base_bytes(self) -> int:
        """How large the generator to begin with is; 0 from scratch, or where its file is missing."""
        if self.base is None:
            return 0
        file = self.library.find(self.base.id)[0] / GENERATOR_FILE
        return file.stat().st_size if file.is_file() else 0

    def take_folder(self, folder: Path) -> None:
        """Another folder: what was found and chosen for the old one no longer counts."""
        if folder != self.folder:
            self.folder, self.findings = folder, None
            self.fixes, self.choices, self.title = {}, [], ""

    def take_findings(self, findings: Findings) -> None:
        self.findings = findings
        self.fixes = {problem.kind: problem.fixes[0] for problem in findings.problems}
        self.match_classes()

    def take_base(self, base: ModelCard | None) -> None:
        """Another base has other classes: they are matched anew."""
        if base != self.base:
            self.base = base
            self.match_classes()

    def take_fix(self, kind: ProblemKind, fix: Fix) -> None:
        self.fixes[kind] = fix
        if kind is ProblemKind.EMPTY_CLASSES:
            self.match_classes()

    def match_classes(self) -> None:
        if self.findings is not None:
            keeps_empty = self.fixes.get(ProblemKind.EMPTY_CLASSES) is Fix.KEEP
            self.choices = matched(self.findings.classes, self.base.palette if self.base else None, keeps_empty)

    def palette(self, name: str) -> Palette:
        """The classes of the new model, called ``name`` unless the base names them; StudioError if there are none."""
        return palette_of(self.choices, self.base.palette if self.base else None, name)

    @property
    def scales_labels(self) -> bool:
        """Are label maps of another size scaled to their photos?"""
        return self.fixes.get(ProblemKind.SIZES) is Fix.SCALE

    @property
    def pairs(self) -> int:
        """How many pairs will be trained on."""
        return 0 if self.findings is None else self.findings.usable(self.fixes)

    def require_pairs(self) -> None:
        """StudioError if too few are left."""
        if self.pairs < FEWEST_PAIRS:
            raise StudioError(
                _("{count} pairs can be used; a training needs at least {fewest}.").format(
                    count=self.pairs, fewest=FEWEST_PAIRS
                ),
                _("Add photos with label maps, or choose another folder."),
            )
