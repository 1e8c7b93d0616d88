"""Films: read from any file, kept as stored grey values, shown as a radiologist sees them."""
