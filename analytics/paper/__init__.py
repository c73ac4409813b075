"""The paper pack: every table of a publication, the methods, checklists and manifest, from one plan and refresh."""
