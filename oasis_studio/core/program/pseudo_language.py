"""A language nobody speaks, to see whether the window bears one that is longer and runs from right to left."""

from __future__ import annotations

import gettext
import math
import re

PSEUDO = "ar_XB"
"""Its code: Qt takes it for Arabic, and so turns the window round."""

_LONGER = 0.4
_RIGHT_TO_LEFT, _END = "\u202b", "\u202c"
_FIELD = re.compile(r"\{[^{}]*\}")


class PseudoTranslations(gettext.NullTranslations):
    """English, 40 % longer, written as if it were Arabic. Fields and menu letters stay."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


def pseudo(text: str) -> str:
    """The text, longer and between the marks that turn its direction: "Open…" becomes "Open…~~"."""
    if not text:
        return text
    longer = math.ceil(_LONGER * len(_FIELD.sub("", text)))
    return f"{_RIGHT_TO_LEFT}{text}{'~' * longer}{_END}"
