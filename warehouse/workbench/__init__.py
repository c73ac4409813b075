"""The workbench: texts that wait for a human go out in a file and come back as maps."""
