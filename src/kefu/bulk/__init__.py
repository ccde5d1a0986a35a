"""One act for many conversations."""
