"""The rows of an experiment as a page, Markdown, CSV and figures."""
