"""Runs the `main` of a module with arguments: Debian has the management programs in packages that make users.

python -m openstack_sandbox.manage MODULE ARGUMENT…
"""

import importlib
import sys

if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    sys.exit(importlib.import_module(sys.argv[0]).main())
