"""The training loop: steps until the schedule ends or the time is up.

Step n depends on the seed, n, and the state after step n - 1 only. So a run that is stopped and
taken up again ends, bit for bit, where one long run on the same processor ends. Which films stand
in step n and how they are moved is the same on every device and for any number of processes.
"""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from app.training import checkpoints
from app.training.architectures import build
from app.training.batches import Batches
from app.training.checkpoints import Checkpoint, CheckpointUnwritten
from app.training.config import Phase, TrainingConfig
from app.training.losses import training_loss
from app.training.places import Place, Shelf, on
from app.training.teams import Team

WARM_UP = 0.15  # share of a phase in which the rate rises
LARGEST_GRADIENT = 1.0
SECONDS_BETWEEN_CHECKPOINTS = 60.0


def use_threads(count: int) -> None:
    """Let torch use so many processor threads; 0 leaves it all."""
    if count:
        torch.set_num_threads(count)


@dataclass(frozen=True)
class Stretch:
    """A phase of the schedule with its batches and the step it starts at."""

    phase: Phase
    batches: Batches
    start: int

    @property
    def steps(self) -> int:
        """Return the number of steps of the phase."""
        if self.phase.steps:
            return self.phase.steps
        return max(1, round((self.phase.epochs or 0) * self.batches.steps_an_epoch))


def rate_at(progress: float, peak: float) -> float:
    """Return the one-cycle rate at progress in [0, 1]: a linear rise, then half a cosine."""
    if progress < WARM_UP:
        return peak * (0.04 + 0.96 * progress / WARM_UP)
    fall = (progress - WARM_UP) / (1 - WARM_UP)
    return peak * max(0.5 * (1 + math.cos(math.pi * fall)), 1e-3)


class Run:
    """A network in training; ``advance`` does the next step."""

    def __init__(
        self,
        config: TrainingConfig,
        stretches: list[Stretch],
        state: Checkpoint,
        *,
        place: Place | None = None,
        team: Team | None = None,
    ) -> None:
        self.config = config
        self.stretches = stretches
        self.state = state
        self.place = place or Place()
        self.team = team or Team()
        torch.manual_seed(config.seed)
        # Then the weights are those of the state or of a network, and no package of them is read.
        begun = bool(state.step or config.start)
        network = build(config.architecture.bare if begun else config.architecture)
        network = self.team.normalised_together(network, self.place.device)
        network.to(self.place.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.network = network
        self.average = {key: value.clone() for key, value in network.state_dict().items()}
        self.optimizer = torch.optim.AdamW(network.parameters(), weight_decay=config.weight_decay)
        self.scaler = self.place.scaler()
        self._shelf: Shelf | None = None
        if state.step:
            network.load_state_dict(state.network)
            self.average = on(self.place.device, state.average)
            self.optimizer.load_state_dict(state.optimizer)
            if state.scaler:
                self.scaler.load_state_dict(state.scaler)

    def begin_with(self, weights: Mapping[str, Tensor]) -> None:
        """Take these weights and running statistics in the place of fresh ones."""
        self.network.load_state_dict(weights)
        self.average = {key: value.clone() for key, value in self.network.state_dict().items()}

    @property
    def total(self) -> int:
        """Return the number of steps of the whole schedule."""
        last = self.stretches[-1]
        return last.start + last.steps

    def work_until(self, step: int) -> int:
        """Return the work of all steps before a step, in pixels of one film a step.

        A step at a larger size takes longer: about as much as it has more pixels.
        """
        done = 0
        for stretch in self.stretches:
            rows, columns = stretch.phase.grid
            done += min(max(step - stretch.start, 0), stretch.steps) * rows * columns
        return done

    def end_of_phase(self, number: int) -> int:
        """Return the step at which phase number (1, 2, …) ends."""
        stretch = self.stretches[min(number, len(self.stretches)) - 1]
        return stretch.start + stretch.steps

    @property
    def stretch(self) -> Stretch:
        """Return the phase that the last step belonged to (before the first step, the first)."""
        return self._stretch_of(max(self.state.step - 1, 0))

    def _stretch_of(self, step: int) -> Stretch:
        return [stretch for stretch in self.stretches if stretch.start <= step][-1]

    def advance(self) -> float:
        """Do one step and return its loss."""
        stretch = self._stretch_of(self.state.step)
        offset = self.state.step - stretch.start
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(offset / stretch.steps, stretch.phase.rate)
        torch.manual_seed(self.config.seed * 1_000_003 + self.state.step)  # dropout, if any
        films, masks = stretch.batches.batch(
            self.state.step, shelf=self._shelf_for(stretch), share=self.team.share
        )
        self.network.train()
        with self.place.autocast():
            logits = self.network(films)
        loss = training_loss(logits.float(), masks, self.config)
        self.optimizer.zero_grad()
        loss = self._learn(loss, weight=len(films) / len(stretch.batches.films_of(self.state.step)))
        self.state.step += 1
        self._average()
        return float(loss)

    def _learn(self, loss: Tensor, *, weight: float) -> Tensor:
        """Change the weights; return the loss of the whole batch, of which weight is ours."""
        loss = loss * weight
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        whole = loss.detach()
        if self.team.size > 1:
            self._add_up(whole, weight)
        self.scaler.unscale_(self.optimizer)
        nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return whole

    def _add_up(self, loss: Tensor, weight: float) -> None:
        """Add up losses and gradients over the team, and average the running statistics."""
        gradients = [p.grad for p in self.network.parameters() if p.grad is not None]
        statistics = [b for b in self.network.buffers() if b.is_floating_point()]
        for values in statistics:
            values.mul_(weight)
        self.team.add_up([loss, *gradients, *statistics])

    def assert_together(self) -> None:
        """Raise TeamRefused unless the team's processes can go on together."""
        smallest = min(len(stretch.batches.films_of(0)) for stretch in self.stretches)
        self.team.assert_together(self.state.step, smallest)

    def _shelf_for(self, stretch: Stretch) -> Shelf:
        packed = stretch.batches.packed
        if self._shelf is None or self._shelf.packed is not packed:
            self._shelf = None  # the last phase's films make room first
            self._shelf = Shelf(packed, self.place)
        return self._shelf

    def _average(self) -> None:
        """Move the running mean of the weights; young means follow faster (Tarvainen 2017).

        It begins anew with each phase: weights of another size would only spoil it.
        """
        age = self.state.step - self.stretch.start
        decay = min(self.config.average_decay, (1 + age) / (10 + age))
        for key, value in self.network.state_dict().items():
            mean = self.average[key]
            if value.is_floating_point():
                mean.lerp_(value, 1 - decay)
            else:
                mean.copy_(value)

    def save(self, path: Path) -> None:
        """Write the state to path."""
        self.state.network = self.network.state_dict()
        self.state.average = self.average
        self.state.optimizer = self.optimizer.state_dict()
        self.state.scaler = self.scaler.state_dict()
        checkpoints.save(self.state, path)

    def averaged(self) -> nn.Module:
        """Return a network with the mean weights, ready to predict."""
        return with_weights(self.config, self.average).to(self.place.device)


def with_weights(config: TrainingConfig, weights: Mapping[str, Tensor]) -> nn.Module:
    """Return the configuration's network with the given weights, ready to predict."""
    network = build(config.architecture.bare)
    network.load_state_dict(weights)
    return network.to(memory_format=torch.channels_last).eval()  # type: ignore[call-overload, no-any-return]


def train(
    run: Run,
    checkpoint: Path,
    *,
    seconds: float,
    until: int | None = None,
    report: Callable[[int, int, float], None] = lambda step, total, loss: None,
    after_epoch: Callable[[Run], dict[str, float]] = lambda run: {},
    complain: Callable[[str], None] = lambda sentence: None,
) -> bool:
    """Advance until the schedule ends (True), or the seconds are over or step until (False).

    At least one step is made. Ctrl-C ends it too, after the step under way. The state is saved
    then, and every minute; if it cannot be, that is complained of, and raised at the end only.
    Of several processes the first one saves and tunes; all of them stop after the same step.
    """
    begin = last_save = time.monotonic()
    already, losses = run.state.seconds, run.state.losses
    end = min(until or run.total, run.total)
    run.assert_together()
    with stop_requests() as stop:
        while run.state.step < end:
            losses.append(run.advance())
            report(run.state.step, run.total, losses[-1])
            if _epoch_ends(run):
                entry = {"step": run.state.step, "loss": sum(losses) / len(losses)}
                run.state.history.append(entry | (after_epoch(run) if run.team.leads else {}))
                losses.clear()
            now = time.monotonic()
            run.state.seconds = already + now - begin
            if now - last_save > SECONDS_BETWEEN_CHECKPOINTS:
                _try_to_save(run, checkpoint, complain)
                last_save = now
            if run.team.any(stop.is_set() or now - begin > seconds):
                break
    if run.team.leads:
        run.save(checkpoint)
    return run.state.step >= run.total


def _try_to_save(run: Run, checkpoint: Path, complain: Callable[[str], None]) -> None:
    """Save; a disk that is full now may have room in a minute, and hours are not thrown away."""
    if not run.team.leads:
        return
    try:
        run.save(checkpoint)
    except CheckpointUnwritten as fault:
        complain(f"{fault.sentence} Training goes on; the next attempt is in a minute.")


@contextmanager
def stop_requests() -> Iterator[threading.Event]:
    """Turn Ctrl-C and a polite kill into an event, so that the step under way is finished."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop  # signals belong to the main thread
        return
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.signal(kind, lambda *_: stop.set()) for kind in kinds}
    try:
        yield stop
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _epoch_ends(run: Run) -> bool:
    done = run.state.step - run.stretch.start
    return done == run.stretch.steps or done % run.stretch.batches.steps_an_epoch == 0
