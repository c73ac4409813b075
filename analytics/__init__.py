"""The analyses of the published cohort, and the reports people read."""
