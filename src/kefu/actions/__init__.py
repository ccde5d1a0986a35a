"""What users can do, one function each: ``may``, the core, the store, publish after commit."""
