"""Direct identifiers: what a cell gives away, what a centre packs before it sends, what the landing refuses."""
