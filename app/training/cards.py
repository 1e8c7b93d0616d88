"""The card of a network: what a person must know before trusting it, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from app import RESEARCH_ONLY
from app.evaluation.report import CONFOUNDED
from app.networks.scoring import Estimate, Evaluation, in_words
from app.training.checkpoints import Checkpoint
from app.training.config import WITHOUT_ENCODER, Architecture, Phase, TrainingConfig
from app.training.exporting import ExportedRun
from app.training.losses import DICE_SMOOTHING, FOCAL_ALPHA, FOCAL_GAMMA
from app.training.operating import WANTED_SPECIFICITY, OperatingPoint

TUNING = "tuning (chose the operating point)"


def card(
    runs: Sequence[ExportedRun],
    *,
    point: OperatingPoint,
    measures: Mapping[str, Evaluation],
    command: str,
) -> str:
    """Return the card's text; measures are named by the films they were taken on."""
    config = runs[0].prepared.config
    sections = [
        f"# {config.title}\n\n**{RESEARCH_ONLY.capitalize()}.**",
        _what(config, runs),
        _data(config, runs),
        _training(config, runs, command),
        _operating(config, point),
        _measures(config, measures),
        _limits(config, measures),
        _history(runs[0].state),
    ]
    return "\n\n".join(sections) + "\n"


def _what(config: TrainingConfig, runs: Sequence[ExportedRun]) -> str:
    rows, columns = runs[0].grid
    agreement = min(run.agreement for run in runs)
    start = f"the network `{config.start}`" if config.start else _start(config.architecture)
    return (
        f"Outlines {'the lungs' if config.task == 'lungs' else 'COVID-19 infection'} on a frontal "
        f"chest film. {_network(config.architecture)}, input {rows} × {columns}, "
        f"begun from {start}. {_views(config)}Weights are stored as float16 where that changes no "
        f"mask; against float32 the masks agree at a mean Dice of {agreement:.5f}."
    )


def _views(config: TrainingConfig) -> str:
    """Name the views of a film over which the file averages its logits."""
    views = []
    if config.turn_average:
        views.append(f"of the film turned by {config.turn_average:g}° to either side")
    if config.mirror_average:
        views.append("of their mirror images" if views else "of a film and its mirror image")
    return f"The logits {' and '.join(views)} are averaged. " if views else ""


def _network(architecture: Architecture) -> str:
    widths = ", ".join(map(str, architecture.widths))
    if architecture.kind in WITHOUT_ENCODER:
        return f"Architecture `{architecture.kind}`, channels {widths}"
    encoder = f"`{architecture.encoder}`{' (frozen)' if architecture.frozen else ''}"
    return f"Architecture `{architecture.kind}` over encoder {encoder}, decoder channels {widths}"


def _start(architecture: Architecture) -> str:
    if architecture.pretrained:
        return f"an encoder pretrained on ImageNet ({architecture.encoder}, Apache-2.0)"
    if architecture.weights:
        return f"an encoder with weights of the file {Path(architecture.weights).name}"
    return "random weights"


def _data(config: TrainingConfig, runs: Sequence[ExportedRun]) -> str:
    lines = [
        "## Films",
        "",
        "| run | trained on | tuned on | tested on | left out |",
        "|---|---|---|---|---|",
    ]
    for run in runs:
        count, fold = run.prepared.parts, run.prepared.fold
        name = "all" if fold is None else f"without fold {fold}"
        tested = len(count.test) + len(count.out_of_fold)
        sizes = (len(count.train), len(count.tune), tested, len(count.left_out))
        lines.append(f"| {name} | " + " | ".join(map(str, sizes)) + " |")
    rules = [
        f"From: {', '.join(config.data.folders) or 'an exported training set'}. "
        f"{config.data.licence}",
        "Parts are drawn by group (same patient, or nearly the same picture), never by film. "
        "Where a collection has a split `valid`, that is the test part; else a share of "
        f"{config.data.test_share:g} of the groups. Films with a `note` take no part.",
        f"Views left out of training: {', '.join(config.data.leave_out_views) or 'none'}.",
    ]
    if config.data.leave_out_twins_of:
        rules.append(
            "Films that nearly equal one of "
            f"{', '.join(config.data.leave_out_twins_of)} were kept out of training."
        )
    return "\n".join(lines) + "\n\n" + "\n".join(f"- {rule}" for rule in rules)


def _training(config: TrainingConfig, runs: Sequence[ExportedRun], command: str) -> str:
    phases = "; ".join(
        f"{_length(phase)} at {phase.grid[0]} × {phase.grid[1]}, rate {phase.rate:g}, "
        f"{phase.negatives_a_batch} of a batch without infection"
        for phase in config.phase
    )
    hours = sum(run.state.seconds for run in runs) / 3600
    return (
        "## Training\n\n"
        f"`{command}`\n\n{_further(config)}"
        f"Planned: {phases} (one cycle each), AdamW, batch {config.batch}, "
        f"seed {config.seed}. "
        f"Steps made: {', '.join(str(run.state.step) for run in runs)}. Loss: "
        f"{config.focal_weight:g} · focal (α {FOCAL_ALPHA}, γ {FOCAL_GAMMA:g}) + Dice per film "
        f"(ε {DICE_SMOOTHING:g} pixel). The running mean of the weights (decay "
        f"{config.average_decay:g}) is what is shipped. {hours:.2f} hours, on a machine that did "
        f"other work besides, torch {version('torch')}."
    )


def _further(config: TrainingConfig) -> str:
    """Say of a run that went on from a network how that is told from one from the beginning."""
    if not config.start:
        return ""
    return (
        f"This run went on from the network `{config.start}` as it was shipped before. The recipe "
        "states all phases, as a run from the beginning makes them; what follows is this run's. "
    )


def _length(phase: Phase) -> str:
    return f"{phase.steps} steps" if phase.steps else f"{phase.epochs:g} epochs"


def _operating(config: TrainingConfig, point: OperatingPoint) -> str:
    text = (
        "## Operating point (chosen on the tuning films)\n\n"
        f"Temperature {point.temperature:g}; mask where p ≥ {point.threshold:g}; components below "
        f"{point.specks:.2%} of the film dropped."
    )
    if config.task == "lungs":
        return text
    return text + (
        f" Called infected where the mask covers at least {point.detection_threshold:.2%} of the "
        f"film (aimed at a specificity of {WANTED_SPECIFICITY:.0%} on tuning films without "
        "infection, where there were any)."
    )


def _measures(config: TrainingConfig, measures: Mapping[str, Evaluation]) -> str:
    detection = config.task == "infection"
    heading = ["films", "with mask", "Dice per film", "Dice pooled", "IoU per film", "IoU pooled"]
    if detection:
        heading += ["found", "without mask", "called infected"]
    rows = [
        "## Measures",
        "",
        _line(heading),
        _line(["---"] * len(heading)),
        *(_line(_cells(name, it, detection=detection)) for name, it in measures.items()),
        "",
        "*Per film* is the mean of the films' scores, *pooled* counts the pixels of all films "
        "together; both over films with a drawn mask, at native size except for tuning. In "
        "brackets 95 % bootstrap intervals over patients.",
    ]
    if detection:
        rows.append(
            "*Found* is the share of the films with a mask that is called infected "
            f"(sensitivity). {CONFOUNDED}"
        )
    if list(measures) == [TUNING]:
        rows.append("\nNo film was kept back for a test: nothing is known about unseen films.")
    return "\n".join(rows)


def _cells(name: str, measured: Evaluation, *, detection: bool) -> list[str]:
    scores, alarms = measured.scores, measured.false_alarms
    averages = (scores.dice_per_film, scores.dice_pooled, scores.iou_per_film, scores.iou_pooled)
    cells = [name, str(scores.films), *map(_words, averages)]
    if detection:
        cells += [_words(scores.found), str(alarms.films), _words(alarms.called_infected)]
    return cells


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(estimate: Estimate | None) -> str:
    return in_words(estimate, none="–")


def _limits(config: TrainingConfig, measures: Mapping[str, Evaluation]) -> str:
    lines = ["Research use only, not for diagnosis; no medical device.", *config.limits]
    lines.append("Nothing is known about films that differ from those named above.")
    if not any(name.endswith(", test") for name in measures):
        lines.append("No film was kept back for a test.")
    return "\n".join(["## Limits", "", *(f"- {line}" for line in lines)])


def _history(state: Checkpoint) -> str:
    rows = [
        "## Course",
        "",
        "| step | loss | Dice per film, tuning | Dice pooled, tuning |",
        "|---|---|---|---|",
    ]
    for entry in state.history:
        dice = [
            f"{entry[key]:.3f}" if key in entry else "–" for key in ("dice_per_film", "dice_pooled")
        ]
        rows.append(f"| {entry['step']:g} | {entry['loss']:.3f} | {dice[0]} | {dice[1]} |")
    return "\n".join(rows)
