"""Films and masks become networks: the training extra, which reads folders and nothing else.

The way of a network, file by file:

- ``config`` (a recipe), ``sources`` and ``packing`` (films, read once), ``folds`` and ``parts``
  (who teaches, who tunes, who is tested), ``batches`` and ``augment``, ``architectures``
  (``encoders`` and a file for each family, ``weights``, ``decoders``, ``attention``),
  ``losses``, ``loop`` and ``checkpoints``; ``runs`` ties them;
- then ``onnx_files``, ``exporting``, ``operating`` (thresholds), ``evaluation``, ``cards`` and
  ``manifest_file``; ``shipping`` ties them and writes into ``models/``.

Importing this package needs no torch; ``needed`` says what is missing and how it is installed.
"""
