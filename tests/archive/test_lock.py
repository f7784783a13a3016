import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive import settings
from archive.errors import AlreadyServing
from archive.lock import serving


def test_a_second_service_on_the_same_data_is_refused_and_told_which(tmp_path: Path) -> None:
    loaded = settings.load(tmp_path / "kho", environ={})
    code = (
        "import sys; from archive import settings; from archive.lock import serving\n"
        "with serving(settings.load(sys.argv[1])): print('here', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, loaded.data], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        first.stdout.readline()
        with pytest.raises(AlreadyServing) as raised, serving(loaded):
            pass
        assert f"số {first.pid}" in raised.value.message("vi")
        first.kill()
    with serving(loaded):  # a killed service holds nothing
        pass


def test_the_place_is_free_again_after_a_service_ended(tmp_path: Path) -> None:
    loaded = settings.load(tmp_path / "kho", environ={})
    with serving(loaded), pytest.raises(AlreadyServing), serving(loaded):
        pass
    with serving(loaded):
        assert int((loaded.data / "serving.lock").read_text()) == os.getpid()
