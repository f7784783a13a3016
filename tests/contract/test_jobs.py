import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO

import pytest

from archive import accept, catalogue, jobs
from archive.archive import Archive
from archive.viewer import SYSTEM

TIMINGS = {"read": 1.0, "analyse": 0.5, "segment": 0.25, "index": 0.125, "store": 2.0}


@pytest.fixture
def put(archive: Archive) -> Callable[[str], str]:
    """Take in a text; gives the document."""

    def put_text(text: str) -> str:
        stream = BytesIO(text.encode())
        return accept.accept(archive, SYSTEM, stream, name=f"{text}.txt", how="test").document

    return put_text


def _claim(archive: Archive, worker: str = "w") -> jobs.Job:
    job = jobs.claim(archive, worker)
    assert job is not None
    return job


def _hasty(archive: Archive) -> None:
    """Leases that end at once."""
    archive.settings = replace(archive.settings, lease=0)


def test_a_new_version_has_a_job_and_the_oldest_goes_first(
    archive: Archive, put: Callable[[str], str]
) -> None:
    ids = [put(f"văn bản {n}") for n in range(3)]
    claimed = [_claim(archive) for _ in ids]
    assert [job.document for job in claimed] == ids
    assert claimed[1].path.read_bytes() == "văn bản 1".encode()
    assert (claimed[1].name, claimed[1].attempts) == ("văn bản 1.txt", 1)
    assert jobs.claim(archive, "w") is None


def test_a_finished_job_counts_as_done_with_its_timings(archive: Archive, put: Callable[[str], str]) -> None:
    document = put("a")
    put("b")
    assert jobs.finish(archive, _claim(archive), TIMINGS)
    assert jobs.counts(archive, SYSTEM) == {"queued": 1, "running": 0, "done": 1, "failed": 0}
    assert catalogue.get(archive, SYSTEM, document).state == "done"
    found = {timing.stage: (timing.jobs, timing.mean, timing.longest) for timing in jobs.timings(archive)}
    assert found == {stage: (1, seconds, seconds) for stage, seconds in TIMINGS.items()}


def test_a_failed_job_shows_why(archive: Archive, put: Callable[[str], str]) -> None:
    document = put("a")
    assert jobs.fail(archive, _claim(archive), "encrypted", "Tệp có mật khẩu.")
    found = catalogue.get(archive, SYSTEM, document)
    assert (found.state, found.code, found.detail) == ("failed", "encrypted", "Tệp có mật khẩu.")
    assert jobs.claim(archive, "w") is None


def test_a_silent_workers_job_goes_to_the_next_and_is_no_longer_his(
    archive: Archive, put: Callable[[str], str]
) -> None:
    put("a")
    _hasty(archive)
    first = _claim(archive, "one")
    time.sleep(0.01)
    second = _claim(archive, "two")
    assert (second.id, second.attempts) == (first.id, 2)
    assert not jobs.renew(archive, first)
    assert not jobs.fail(archive, first, "crashed", "…")
    assert not jobs.release(archive, first)
    assert not jobs.finish(archive, first, TIMINGS)
    assert jobs.finish(archive, second, TIMINGS)


def test_a_renewed_lease_keeps_the_job(archive: Archive, put: Callable[[str], str]) -> None:
    put("a")
    _hasty(archive)
    job = _claim(archive, "one")
    archive.settings = replace(archive.settings, lease=60)
    assert jobs.renew(archive, job)
    assert jobs.claim(archive, "two") is None
    assert jobs.finish(archive, job, {})


def test_a_job_over_which_workers_keep_dying_is_given_up(archive: Archive, put: Callable[[str], str]) -> None:
    document = put("a")
    _hasty(archive)
    for attempt in range(jobs.ATTEMPTS):
        assert _claim(archive).attempts == attempt + 1
        time.sleep(0.01)
    assert jobs.claim(archive, "w") is None
    assert jobs.abandon(archive) == (document,)
    assert jobs.abandon(archive) == ()
    found = catalogue.get(archive, SYSTEM, document)
    assert (found.state, found.code, found.detail) == ("failed", "crashed", jobs.CRASHED)


def test_a_worker_that_dies_after_the_dangerous_part_is_not_held_against_the_file(
    archive: Archive, put: Callable[[str], str]
) -> None:
    put("a")
    _hasty(archive)
    for _ in range(jobs.ATTEMPTS + 1):
        job = _claim(archive)
        assert jobs.survived(archive, job)
        time.sleep(0.01)
    assert jobs.abandon(archive) == ()


def test_a_paper_handed_in_again_is_read_again_when_the_reason_may_have_passed(
    archive: Archive, put: Callable[[str], str]
) -> None:
    crashed, locked = put("a"), put("b")
    assert jobs.fail(archive, _claim(archive), "crashed", "…")
    assert jobs.fail(archive, _claim(archive), "encrypted", "…")
    assert (put("a"), put("b")) == (crashed, locked)
    assert _claim(archive).document == crashed
    assert jobs.claim(archive, "w") is None


def test_a_released_job_is_not_counted_as_an_attempt(archive: Archive, put: Callable[[str], str]) -> None:
    put("a")
    for _ in range(jobs.ATTEMPTS + 1):
        job = _claim(archive)
        assert job.attempts == 1
        assert jobs.release(archive, job)


def test_a_job_requeued_while_running_is_done_again(archive: Archive, put: Callable[[str], str]) -> None:
    put("a")
    old = _claim(archive)
    assert jobs.requeue(archive) == 1
    assert not jobs.finish(archive, old, TIMINGS)
    again = _claim(archive)
    assert (again.id, again.attempts) == (old.id, 1)
    assert jobs.finish(archive, again, TIMINGS)


def test_jobs_are_requeued_by_document_or_by_reason(archive: Archive, put: Callable[[str], str]) -> None:
    ids = [put(text) for text in "abc"]
    assert jobs.finish(archive, _claim(archive), TIMINGS)
    assert jobs.fail(archive, _claim(archive), "tool-missing", "…")
    assert jobs.fail(archive, _claim(archive), "encrypted", "…")
    assert jobs.requeue(archive, codes=["tool-missing", "no-text"]) == 1
    assert _claim(archive).document == ids[1]
    assert jobs.requeue(archive, documents=[ids[0], ids[2]]) == 2
    assert {_claim(archive).document, _claim(archive).document} == {ids[0], ids[2]}
    assert jobs.requeue(archive, documents=[]) == 0


def test_workers_at_the_same_time_share_the_jobs_out(archive: Archive, put: Callable[[str], str]) -> None:
    ids = {put(f"văn bản {n}") for n in range(30)}

    def work(worker: int) -> list[str]:
        done = []
        while job := jobs.claim(archive, f"w{worker}"):
            assert jobs.finish(archive, job, TIMINGS)
            done.append(job.document)
        return done

    with ThreadPoolExecutor(4) as pool:
        done = [document for part in pool.map(work, range(4)) for document in part]
    assert len(done) == len(ids) and set(done) == ids
