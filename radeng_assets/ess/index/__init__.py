"""The embedded code index: what the code of one commit holds, in a SQLite file that is asked without any service.

A commit's files (``commit_files``) become text (``intake``), text becomes facts (``extract`` for code,
``sections`` for Markdown; one file of ``languages`` for each language), facts become a snapshot
(``schema``, ``build``, ``links``). ``code_index`` is what others use; ``search``, ``graph`` and ``nodes`` answer.
"""
