"""What `spark-submit` is given: the same as the command `tracescale`, without installing anything."""

import sys

from tracescale.cli import main

sys.exit(main())
