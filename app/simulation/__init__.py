"""Simulated readers of stated skill and bias, to size a study before physicians spend hours."""
