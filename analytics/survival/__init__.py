"""Survival analyses of the cohort: outcomes in, tidy frames of estimates, figures and one report out."""
