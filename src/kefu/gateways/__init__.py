"""One folder a protocol: ``codec`` (pure), ``endpoint`` (thin). None imports another."""
