"""Workbooks that travel by mail between governments, and the one plan that can be trusted."""
