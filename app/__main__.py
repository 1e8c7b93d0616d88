"""``python -m app``, the same as ``maskballot``."""

from app.cli.main import main

main()
