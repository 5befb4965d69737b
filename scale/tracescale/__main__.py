"""`python -m tracescale`."""

import sys

from .cli import main

sys.exit(main())
