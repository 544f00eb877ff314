"""Never comes back from being imported."""

import time

time.sleep(600)
