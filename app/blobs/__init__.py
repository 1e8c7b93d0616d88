"""Blobs: films and masks as bytes under the sha256 of what they hold."""
