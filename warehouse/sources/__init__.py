"""Connectors: from where a centre keeps its export to local files."""
