"""How much faster the engine is than the plain network, and how far from it.

``python -m tests.benchmarks.rendering [--quick] [--alone] [--case NAME] [--json FILE] [--official PATH]
[--modulation SIZE]``

All variants of a case run in turn, in one process; the first row is the measure: the original code in ``PATH`` if one
is named, else this project's own network as it is, float32. *Cold*: empty tables; *warm*: the scene was rendered
before; *fresh*: a dab whose windows are new; *by torch alone*: without the compiled inner loops; bfloat16 where it is
fast, int8 where network and processor bear it. Ratios of CPU time are steadier than those of wall time.
``ONEDNN_MAX_CPU_ISA=AVX2_VNNI`` and the like make convolutions those of a lesser processor.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from oasis_studio.synthesis.rendering.waiting import wait_without_spinning

wait_without_spinning()

import numpy as np  # noqa: E402
import torch  # noqa: E402 - threads are told how to wait before torch starts them

from oasis_studio.synthesis.engine.arithmetic.int8_choice import most_weight  # noqa: E402
from oasis_studio.synthesis.engine.arithmetic.kernel_choice import choose_kernels  # noqa: E402
from oasis_studio.synthesis.engine.arithmetic.kernels import Kernels, TorchKernels  # noqa: E402
from oasis_studio.synthesis.engine.calibration import quantise  # noqa: E402
from oasis_studio.synthesis.engine.compiled import CompiledGenerator  # noqa: E402
from oasis_studio.synthesis.engine.drift import Tolerance  # noqa: E402
from oasis_studio.synthesis.engine.editing import LiveImage  # noqa: E402
from oasis_studio.synthesis.engine.scene import Scene  # noqa: E402
from oasis_studio.synthesis.networks.generator import Generator  # noqa: E402
from oasis_studio.synthesis.networks.network import AnyNetwork  # noqa: E402
from oasis_studio.synthesis.rendering.device import has_fast_bf16  # noqa: E402
from oasis_studio.synthesis.rendering.timing import Row, Variant, compare  # noqa: E402
from tests.benchmarks.networks import MODULATION, NETWORKS, as_condition, calibrated, dabbed, painted  # noqa: E402
from tests.benchmarks.original import open_original  # noqa: E402
from tests.benchmarks.runtimes import opponents  # noqa: E402

_CPU = torch.device("cpu")
_COMPLEXITIES = (4, 28, 80)
_DABS = {"dab 1 %": 0.01, "edit 5 %": 0.05, "edit 15 %": 0.15}
_CENTRE = (0.45, 0.55)


def main() -> None:
    options = _options()
    rows: list[Row] = []
    for name in options.case or list(NETWORKS):
        config, size = NETWORKS[name]
        generator = calibrated(config, size, options.modulation)
        is_published = isinstance(generator, Generator) and name != "starter"
        original = open_original(options.official, generator) if options.official and is_published else None
        for regions in (28,) if options.quick else _COMPLEXITIES:
            scene = painted(config, size, regions, seed=regions)
            with torch.inference_mode():
                variants = _variants(generator, scene, partial(original, scene, regions) if original else None)
                if not options.alone:
                    others = opponents(generator, as_condition(scene, generator))
                    variants += [Variant(other, run) for other, run in others.items()]
                rows += compare(f"{name} {size[1]}×{size[0]}, {regions} regions", variants, options.rounds)
    _print(rows)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one complexity, three rounds")
    parser.add_argument("--case", action="append", choices=list(NETWORKS), help="only this network")
    parser.add_argument("--json", type=Path, help="also write the rows there")
    parser.add_argument("--alone", action="store_true", help="without torch.compile and other runtimes")
    parser.add_argument("--modulation", type=float, default=MODULATION, help="size of γ and β; 1: by He's rule")
    parser.add_argument("--official", type=Path, help="checkout of the original implementation")
    options = parser.parse_args()
    options.rounds = 3 if options.quick else 5
    return options


def _variants(generator: AnyNetwork, scene: Scene, original: Callable[[], np.ndarray] | None) -> list[Variant]:
    seen = as_condition(scene, generator)
    plain = Variant("plain network, fp32", lambda: _image(generator(seen)))
    first = [Variant("original, fp32", original)] if original else []
    edits = {name: dabbed(scene, share, _CENTRE) for name, share in _DABS.items()}
    truths = {name: _image(generator(as_condition(edit, generator))) for name, edit in edits.items()}
    variants = [*first, plain]
    fast = choose_kernels(_CPU)
    kinds: dict[str, tuple[torch.dtype, Kernels]] = {"fp32": (torch.float32, fast)}
    if has_fast_bf16(_CPU):
        kinds["bf16"] = (torch.bfloat16, fast)
    painting = list(kinds)[-1]
    if fast.name != "torch":
        kinds = {f"{painting} by torch alone": (kinds[painting][0], TorchKernels()), **kinds}
    for precision, (dtype, kernels) in kinds.items():
        engine = CompiledGenerator(generator, dtype, _CPU, kernels)
        live = LiveImage(engine)
        whole = partial(_whole, live, scene)
        variants.append(Variant(f"engine {precision}, cold", whole, engine.clear))
        variants.append(Variant(f"engine {precision}, warm", whole))
    # In the precision of painting, the last one: as a painter gets them, and as if nothing bounded the drift.
    for how, follower in (("", live), (", however far off", LiveImage(engine, Tolerance(-np.inf, -np.inf)))):
        variants += [
            Variant(
                f"engine {painting}, {name}{how}",
                partial(_follow, follower, edit),
                partial(_known, follower, edit, scene),
                truths[name],
            )
            for name, edit in edits.items()
        ]
    first_frame = Variant(
        f"engine {painting}, dab 1 %, detail first",
        lambda: live.follow(edits["dab 1 %"], _never, only_detail=True)[0].numpy(),
        partial(_known, live, edits["dab 1 %"], scene),
        truths["dab 1 %"],
    )
    fresh = Variant(
        f"engine {painting}, fresh dab 1 %",
        partial(_follow, live, edits["dab 1 %"]),
        partial(_afresh, live, scene),
        truths["dab 1 %"],
    )
    settled = Variant(
        f"engine {painting}, settled after dab 1 %", partial(_whole, live, edits["dab 1 %"]), truth=truths["dab 1 %"]
    )
    return [*variants, first_frame, fresh, settled, *_in_int8(generator, scene, edits["dab 1 %"], truths["dab 1 %"])]


def _in_int8(generator: AnyNetwork, scene: Scene, dab: Scene, truth: np.ndarray) -> list[Variant]:
    """Main convolutions in int8, the rest in what is fast here; none where processor or network do not bear it."""
    most = most_weight(_CPU)
    if most is None:
        return []
    engine = CompiledGenerator(generator, torch.bfloat16 if has_fast_bf16(_CPU) else torch.float32, _CPU)
    quantise(engine, generator, most)
    if not engine.arithmetic.bears_int8:
        return []
    engine.arithmetic.is_int8 = True
    live, free = LiveImage(engine), LiveImage(engine, Tolerance(-np.inf, -np.inf))
    whole = partial(_whole, live, scene)
    return [
        Variant("engine int8, cold", whole, engine.clear),
        Variant("engine int8, warm", whole),
        Variant("engine int8, dab 1 %", partial(_follow, live, dab), partial(_known, live, dab, scene), truth),
        Variant(
            "engine int8, dab 1 %, however far off",
            partial(_follow, free, dab),
            partial(_known, free, dab, scene),
            truth,
        ),
    ]


def _image(image_13HW: torch.Tensor) -> np.ndarray:
    return image_13HW[0].permute(1, 2, 0).float().numpy()


def _never() -> bool:
    return False


def _whole(live: LiveImage, scene: Scene) -> np.ndarray:
    return live.render(scene, _never).numpy()


def _follow(live: LiveImage, scene: Scene) -> np.ndarray:
    return live.follow(scene, _never)[0].numpy()


def _known(live: LiveImage, edit: Scene, scene: Scene) -> None:
    """The windows of both are in the tables, which a cold run before has emptied."""
    live.render(edit, _never)
    live.render(scene, _never)


def _afresh(live: LiveImage, scene: Scene) -> None:
    live.forget()
    live.render(scene, _never)


def _print(rows: list[Row]) -> None:
    print(f"{torch.get_num_threads()} threads, torch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}")
    case = ""
    for row in rows:
        if row.case != case:
            case = row.case
            print(f"\n{case}\n{'':36}{'CPU':>7}{'wall':>7}{'ms':>9}{'min':>9}{'max error':>11}{'dB':>7}")
        psnr = "" if row.psnr is None else f"{row.psnr:.1f}"
        print(
            f"{row.variant:36}{row.ratio_cpu:7.1f}{row.ratio_wall:7.1f}{row.wall_ms:9.1f}{row.wall_min_ms:9.1f}"
            f"{row.max_error:11.1e}{psnr:>7}"
        )


if __name__ == "__main__":
    main()
