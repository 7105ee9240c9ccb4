"""Settings of the web workers that a load is put on: the tests' own, kept connected."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

ROOT_URLCONF = "bench.urls"
# A connection for each request would hide what the requests themselves cost.
DATABASES["default"]["CONN_MAX_AGE"] = None
