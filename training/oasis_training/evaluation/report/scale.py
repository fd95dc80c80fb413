"""One measure of all columns on a line, as a drawing in the report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from oasis_training.evaluation.judgement import Column
from oasis_training.evaluation.measures import Measure

_WIDTH, _HEIGHT, _EDGE = 200, 26, 8


def scale(columns: Sequence[Column], measure: Measure) -> str:
    """An SVG: photos a ring, models dots with their intervals, controls ticks; nothing where there is one number."""
    found = [(c, c.values[measure.key]) for c in columns if measure.key in c.values]
    found = [(column, value) for column, value in found if not math.isnan(value.value)]
    numbers = [value.value for _column, value in found]
    if len(numbers) < 2 or max(numbers) == min(numbers):
        return ""
    low, high = min(numbers), max(numbers)

    def place(number: float) -> float:
        share = (number - low) / (high - low)
        return _EDGE + (_WIDTH - 2 * _EDGE) * max(-0.03, min(1.03, share))

    middle = _HEIGHT / 2
    parts = [f'<line x1="{_EDGE}" x2="{_WIDTH - _EDGE}" y1="{middle}" y2="{middle}" class=axis />']
    number = 0
    for column, value in found:
        x, name = place(value.value), f"<title>{escape(column.name)}</title>"
        if column.kind == "control":
            parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="7" y2="{_HEIGHT - 7}" class=tick>{name}</line>')
        elif column.kind == "photos":
            parts.append(f'<circle cx="{x:.1f}" cy="{middle}" r="5" class=ring>{name}</circle>')
        else:
            kind, number = f"m{number % 4}", number + 1
            if not math.isnan(value.low):
                ends = f'x1="{place(value.low):.1f}" x2="{place(value.high):.1f}"'
                parts.append(f'<line {ends} y1="{middle}" y2="{middle}" class="reach {kind}" />')
            parts.append(f'<circle cx="{x:.1f}" cy="{middle}" r="4.5" class="dot {kind}">{name}</circle>')
    return f'<svg width="{_WIDTH}" height="{_HEIGHT}" role=img>{"".join(parts)}</svg>'
