"""Frames of drawing: a film of 3000 × 3000 pixels and 16 bits in a real Chromium.

``.venv/bin/python -m tests.bench.bench_drawing`` prints milliseconds: a frame of the brush, from
four points of the pen to the pixels on the canvas, and from one frame to the next; a whole stroke,
early and late; the tools that act on the whole mask.
"""

import json

from tests.bench.in_chromium import measuring


def main() -> None:
    """Measure on a small and a large screen."""
    asked = {"side": 3000, "frames": 120, "strokes": 2000}
    with measuring("strokes.js") as measure:
        for width, height in [(1280, 720), (2560, 1440)]:
            found = measure(asked, viewport={"width": width, "height": height})
            print(f"{width} × {height}:", json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
