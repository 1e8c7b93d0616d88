"""The operating point of networks that answer as one, by the mean of their probabilities."""

from collections.abc import Sequence

from app.networks.folds import default_file
from app.networks.manifest import Manifest, NetworkEntry, Operating


def operating_of(manifest: Manifest, entries: Sequence[NetworkEntry]) -> Operating:
    """Return the operating point of one network, or of several together.

    Of several it is the one that was measured for these very files (``maskballot tune``); where
    none was, `mean_point`.
    """
    if len(entries) == 1:
        return entries[0].operating
    asked = {entry.name: default_file(entry).sha256 for entry in entries}
    for together in manifest.together:
        if dict(zip(together.networks, together.sha256, strict=True)) == asked:
            return together.operating
    return mean_point(entries)


def mean_point(entries: Sequence[NetworkEntry]) -> Operating:
    """Return the mean of the networks' thresholds, and the largest of their limits for specks.

    What was measured for one network alone says nothing about the mean of several.
    """
    points = [entry.operating for entry in entries]
    if len(points) == 1:
        return points[0]
    return Operating(
        threshold=sum(point.threshold for point in points) / len(points),
        specks=max(point.specks for point in points),
        detection_threshold=sum(point.detection_threshold for point in points) / len(points),
    )
