"""Whether a line exists at a commit: what makes a citation one. Asked of git, never of an index or a working tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from radeng_assets.execution.git import GitError, TargetRepository, git_bytes


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one commit's files; each file is counted once."""

    repository: TargetRepository
    commit: str
    _counted: dict[str, int] = field(default_factory=dict[str, int])

    def __call__(self, path: str, line: int) -> bool:
        """Whether a path has a line (from 1). A last line without a newline is one, and no file has a line 0."""
        if path not in self._counted:
            self._counted[path] = self._count(path)
        return 1 <= line <= self._counted[path]

    def _count(self, path: str) -> int:
        git_dir = self.repository.git_dir
        try:
            data = git_bytes("--git-dir", str(git_dir), "cat-file", "blob", f"{self.commit}:{path}", cwd=git_dir)
        except (GitError, ValueError):  # no such file; or a path that no command line can carry
            return 0
        return data.count(b"\n") + (not data.endswith(b"\n")) if data else 0
