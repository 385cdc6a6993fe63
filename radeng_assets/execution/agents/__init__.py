"""Runtimes: who carries a story out. One file each, behind the protocol in ``runtime``."""
