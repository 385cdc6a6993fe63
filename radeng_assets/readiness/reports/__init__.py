"""The reports: what was measured on a commit, judged from its raw files. One module each: ``assess(material)``."""
