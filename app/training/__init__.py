"""Films and masks become networks: the training extra, which reads folders and nothing else.

The way of a network: ``config`` (a recipe) → ``sources`` and ``packing`` (films, read once) →
``folds`` and ``parts`` (who teaches, who tunes, who is tested) → ``batches`` and ``augment`` →
``architectures`` (``encoders``, ``decoders``) → ``losses`` → ``loop`` and ``checkpoints`` →
``runs`` ties these together. Then ``onnx_files`` → ``operating`` (thresholds) → ``evaluation`` →
``cards`` and ``manifest_file`` → ``shipping`` ties those together and writes into ``models/``.

Importing this package needs no torch; ``needed`` says what is missing and how it is installed.
"""
