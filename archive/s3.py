"""A bucket of an S3 service, as little of it as a store needs: the only module that knows boto3.

Address and keys come from the environment as boto3 reads it: AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_DEFAULT_REGION. Every byte sent carries its MD5, which the service checks.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from archive.errors import StoreUnreachable

PART = 64 << 20
"""Bytes of a file sent in one piece; larger ones go in parts and appear when the last has come."""
_CHUNK = 1 << 20
_BATCH = 1000  # keys deleted in one request, as many as the protocol allows
_GONE = {"404", "NoSuchKey", "NotFound"}
_TAKEN = {"PreconditionFailed", "412"}
_UNDECIDED = {"ConditionalRequestConflict", "409"}
"""Another request for the same name is under way; it may still fail, so ours is to be sent again."""
_TURNS, _TURN = 20, 0.25  # how often, and after how many seconds
_FORBIDDEN = {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
_UNKNOWN = {"NotImplemented", "501", "InvalidArgument"}


@dataclass(frozen=True, slots=True)
class Key:
    """One file of the bucket."""

    name: str
    """Below the prefix."""
    size: int
    """Bytes."""
    etag: str
    written: dt.datetime

    def older(self, seconds: float) -> bool:
        """Whether nothing was written to it for so long."""
        return (dt.datetime.now(dt.UTC) - self.written).total_seconds() > seconds


class Bucket:
    """The part of a bucket below a prefix; safe for several threads."""

    def __init__(self, address: str) -> None:
        """`address`: `s3://bucket/prefix`."""
        parts = urlsplit(address)
        self.address = address.rstrip("/")
        self.bucket = parts.netloc
        prefix = parts.path.strip("/")
        self.prefix = f"{prefix}/" if prefix else ""
        self._client = _client()

    def put(self, name: str, data: bytes) -> None:
        """Write a small file, whole or not at all."""
        with self._told(name):
            self._put(name, data)

    def put_new(self, name: str, data: bytes) -> bool:
        """Write a small file that is not there; False when it is, with other bytes.

        One of many that try at once succeeds, if the service `decides`.
        """
        for last in (False,) * _TURNS + (True,):
            with self._told(name):
                try:
                    self._put(name, data, IfNoneMatch="*")
                    return True
                except ClientError as error:
                    if _code(error) in _TAKEN:
                        break
                    if last or _code(error) not in _UNDECIDED:
                        raise
            time.sleep(_TURN)
        return self.get(name) == data  # a request that was sent twice meets itself

    def decides(self, name: str, data: bytes) -> bool:
        """Whether the service refuses to write what is there; asked with a file that is, and its bytes."""
        with self._told(name):
            try:
                self._put(name, data, IfNoneMatch="*")
            except ClientError as error:
                if _code(error) in _TAKEN | _UNDECIDED:
                    return True
                if _code(error) not in _UNKNOWN:
                    raise
        return False

    def _put(self, name: str, data: bytes, **more: str) -> None:
        self._client.put_object(
            Bucket=self.bucket, Key=self.prefix + name, Body=data, ContentMD5=_md5(data), **more
        )

    def send(self, name: str, path: Path) -> None:
        """Write a file of any size, whole or not at all."""
        if path.stat().st_size <= PART:
            self.put(name, path.read_bytes())
            return
        with self._told(name):
            made = self._client.create_multipart_upload(Bucket=self.bucket, Key=self.prefix + name)
            upload = {"Bucket": self.bucket, "Key": self.prefix + name, "UploadId": made["UploadId"]}
            try:
                parts = list(self._parts(upload, path))
                self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
            except BaseException:
                self._client.abort_multipart_upload(**upload)
                raise

    def _parts(self, upload: dict[str, str], path: Path) -> Iterator[dict[str, Any]]:
        number = 0
        with path.open("rb") as file:
            while data := file.read(PART):
                number += 1
                sent = self._client.upload_part(**upload, PartNumber=number, Body=data, ContentMD5=_md5(data))
                yield {"PartNumber": number, "ETag": sent["ETag"]}

    def get(self, name: str) -> bytes | None:
        """A small file; None when there is none."""
        with self._told(name), _none_if_gone():
            return self._client.get_object(Bucket=self.bucket, Key=self.prefix + name)["Body"].read()
        return None

    def fetch(self, name: str, path: Path) -> bool:
        """Copy a file of any size to the disk; False when there is none. What is there is overwritten."""
        with self._told(name), _none_if_gone():
            found = self._client.get_object(Bucket=self.bucket, Key=self.prefix + name)
            with path.open("wb") as file:
                for chunk in found["Body"].iter_chunks(_CHUNK):
                    file.write(chunk)
            return True
        return False

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        with self._told(name), _none_if_gone():
            self._client.head_object(Bucket=self.bucket, Key=self.prefix + name)
            return True
        return False

    def files(self, below: str = "", *, most: int = 0, folders: bool = True) -> Iterator[Key]:
        """The files whose name begins so, in order of name; `most`: no more than so many.

        Without `folders` only those with no further slash in their name.
        """
        where = {"Bucket": self.bucket, "Prefix": self.prefix + below}
        where |= {"MaxKeys": most} if most else {}
        where |= {} if folders else {"Delimiter": "/"}
        more: dict[str, Any] = {}
        while True:
            with self._told(below):
                page = self._client.list_objects_v2(**where, **more)
            for one in page.get("Contents", ()):
                name = one["Key"].removeprefix(self.prefix)
                yield Key(name, one["Size"], one["ETag"].strip('"'), one["LastModified"])
            if most or not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def delete(self, names: Iterable[str]) -> None:
        """Remove files; those of a bucket that keeps versions stay as versions."""
        with self._told(""):
            for name in names:
                self._client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def purge(self, below: str) -> None:
        """Remove everything whose name begins so, with all its older versions and parts sent halfway."""
        self.delete([key.name for key in self.files(below)])
        where = {"Bucket": self.bucket, "Prefix": self.prefix + below}
        with self._told(below):
            for page in self._client.get_paginator("list_object_versions").paginate(**where):
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    self._client.delete_object(Bucket=self.bucket, Key=one["Key"], VersionId=one["VersionId"])
            for one in self._client.list_multipart_uploads(**where).get("Uploads", ()):
                if one["Key"].startswith(self.prefix + below):
                    self._client.abort_multipart_upload(
                        Bucket=self.bucket, Key=one["Key"], UploadId=one["UploadId"]
                    )

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        """Turn what the service, or the way to it, refuses into archive errors."""
        where = f"{self.address}/{name}".rstrip("/")
        try:
            yield
        except ClientError as error:
            said = error.response.get("Error", {}).get("Message") or error
            reason = f"dịch vụ không cho phép ({_code(error)})" if _code(error) in _FORBIDDEN else said
            raise _unreachable(where, reason) from error
        except BotoCoreError as error:
            raise _unreachable(where, error) from error

    def close(self) -> None:
        """Release connections."""
        self._client.close()


@contextmanager
def _none_if_gone() -> Iterator[None]:
    """Leave the block when the file is not there."""
    try:
        yield
    except ClientError as error:
        if _code(error) not in _GONE:
            raise


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _unreachable(where: str, reason: object) -> StoreUnreachable:
    return StoreUnreachable(path=where, reason=" ".join(str(reason).split()))


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def _client() -> Any:
    # Checksums that older and other services do not know are left out: the MD5 above does it everywhere.
    config = Config(
        connect_timeout=5,
        read_timeout=60,
        retries={"mode": "standard", "total_max_attempts": 4},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        max_pool_connections=16,
    )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return boto3.session.Session().client("s3", region_name=region, config=config)
