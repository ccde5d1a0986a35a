"""HTTP for scripts and operators: health, limits, stored conversations."""
