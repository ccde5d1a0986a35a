"""Against the suites and clients of others."""
