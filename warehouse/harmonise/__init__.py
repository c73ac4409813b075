"""Text to code: what was written to what was meant, with the rule and the confidence that did it."""
