"""Networks: ONNX files with a manifest entry that turn a film into a probability.

`manifest` says which there are, `registry` chooses, `folds` picks the file that never saw a film,
`verify` judges a file before it runs, `predict` runs it.
"""
