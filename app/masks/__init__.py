"""Masks: coding, geometry and measures of binary rasters. Pure; every other room may use it.

A mask is ``bool[H, W]`` in (row, column) order at its film's native size; true is inside.
"""
