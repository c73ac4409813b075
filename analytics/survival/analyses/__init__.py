"""One file per question about the outcome; each has a QUESTION and a run() that returns frames."""
