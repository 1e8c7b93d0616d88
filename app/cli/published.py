"""``maskballot published``: which average a published pair of Dice and IoU is."""

from typing import Annotated

import typer

from app.evaluation.published import rule_of


def published(
    dice: Annotated[str, typer.Argument(help="As printed, in percent or as a share: 83.7.")],
    iou: Annotated[str, typer.Argument(help="Of the same row, with all its digits: 75.1.")],
) -> None:
    """Sort a published DICE and IOU: pooled over all pixels, or mean of the films.

    Pooled pairs obey Dice = 2·IoU/(1+IoU); means of films lie below it. Only rows of one average
    may be compared. Exit code 1 where neither can give the pair.
    """
    found = rule_of(dice, iou)
    typer.echo(found.rule)
    typer.echo(found.why)
    if found.rule == "contradictory":
        raise typer.Exit(1)
