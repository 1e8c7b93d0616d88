"""Add near codes to ``trained-on.csv`` files that were written without them.

    python scripts/near_codes.py DATA models/*/trained-on.csv

DATA is a folder of layouts (as ../shared/data) that holds the films; one that is not there keeps
an empty code, and is known again by its very pixels only.
"""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

from app.films.layout import read_layout
from app.films.limits import Limits
from app.films.prints import KeptPrints, Print, prints_of
from app.twins.near import near_code


def main() -> None:
    """Read the films, then write each file anew."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("data", type=Path)
    asked.add_argument("files", type=Path, nargs="+")
    asked.add_argument("--cache", type=Path, help="where fingerprints are kept")
    said = asked.parse_args()
    codes = _codes(said.data, said.cache)
    for path in said.files:
        _add(path, codes)


def _codes(data: Path, cache: Path | None) -> dict[str, str]:
    layouts = sorted(table.parent for table in data.glob("*/films.csv"))
    entries = [entry for layout in layouts for entry in read_layout(layout)]
    kept = KeptPrints.load(cache)
    found = prints_of(entries, limits=Limits.default(), kept=kept)
    return {
        one.pixels_sha256: near_code(one.fingerprint) for one in found if isinstance(one, Print)
    }


def _add(path: Path, codes: dict[str, str]) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["near"] = codes.get(row["pixels_sha256"], row.get("near") or "")
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys([*rows[0], "near"])), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    known = sum(bool(row["near"]) for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    print(f"{path}: {known} of {len(rows)} films have a near code")


if __name__ == "__main__":
    main()
