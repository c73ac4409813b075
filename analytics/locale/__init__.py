"""The words and numbers of our pages in each language: catalogues by key, and how a count is written."""
