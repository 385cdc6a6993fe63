"""``python -m radeng_assets.cli`` is ``radeng``."""

from __future__ import annotations

from radeng_assets.cli.app import main

if __name__ == "__main__":
    main()
