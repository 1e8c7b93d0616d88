"""The parts of a mask and its smoothing: 3000 × 3000 pixels, from nothing to noise, in a Chromium.

``.venv/bin/python -m tests.bench.bench_parts`` prints milliseconds: for finding all parts, for
smoothing, for picking one part, and for how long the page did nothing else meanwhile.
"""

import json

from tests.bench.in_chromium import measuring


def main() -> None:
    """Measure each mask on a page of its own."""
    with measuring("parts.js") as measure:
        for kind in ("blank", "parts", "stripes", "dots", "specks", "noise"):
            found = measure({"side": 3000, "kind": kind})
            print(f"{kind}:", json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
