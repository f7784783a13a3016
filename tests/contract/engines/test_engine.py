"""What every search engine must do, run on each adapter."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import query
from indexer.engines import choice
from indexer.ports import Engine, IndexUnusable, Passage

ADAPTERS: dict[str, Callable[[Path], Engine]] = {name: partial(choice.engine, name) for name in choice.NAMES}


@pytest.fixture(params=sorted(ADAPTERS))
def opened(request: pytest.FixtureRequest) -> Callable[[Path], Engine]:
    return ADAPTERS[request.param]


@pytest.fixture
def engine(opened: Callable[[Path], Engine], tmp_path: Path) -> Iterable[Engine]:
    made = opened(tmp_path / "index")
    yield made
    made.close()


def passage(
    document: str, text: str, *, section: str = "i", heading: str = "", title: str = "", number: str | None = None,
) -> Passage:
    own = f"{document}#{section}"
    return Passage(own, document, section, heading, title, text, number=number, end=len(text))


def put(engine: Engine, *passages: Passage) -> None:
    engine.put(passages, documents={p.document for p in passages})


def found(engine: Engine, asked: str, within: set[str] | None = None) -> list[str]:
    return [c.passage for c in engine.search(query.parse(asked), limit=100, within=within)]


PAPERS = (
    passage("p1", "Đẩy mạnh công tác khuyến học, khuyến tài, xây dựng xã hội học tập.", heading="Mục tiêu"),
    passage("p1", "Các đơn vị gửi báo cáo trước ngày 30/9/2016.", section="ii", heading="Tổ chức thực hiện"),
    passage("p2", "Phòng chống bão, lũ; cạo vét kênh mương.", title="Phương án phòng chống thiên tai"),
    passage(
        "p3", "Thực hiện Kế hoạch số 11/KH-UBND, Ủy ban nhân dân xã báo cáo.",
        title="Báo cáo 40/BC-UBND", number="40/BC-UBND",
    ),
    passage("p4", "Tổ chức Đại hội khuyến học huyện.", title="Kế hoạch 11/KH-UBND", number="11/KH-UBND"),
    passage("p5", "Kinh phí theo Kế hoạch 111/KH-UBND và 19-CT/TU.", title="Quyết định 5/QĐ-UBND", number="05/QĐ-UBND"),
    passage("p6", "Uỷ ban nhân dân tỉnh hòa giải việc thủy lợi; kỹ thuật, lý luận; Đảng uỷ."),
)  # fmt: skip

ASKED = (  # (what is typed, passages found)
    ("khuyến học", {"p1#i", "p4#i"}),
    ("khuyen hoc", {"p1#i", "p4#i"}),
    ("KHUYẾN HỌC", {"p1#i", "p4#i"}),
    (unicodedata.normalize("NFD", "khuyến học"), {"p1#i", "p4#i"}),
    ('"khuyến tài"', {"p1#i"}),
    ('"học tập"', {"p1#i"}),
    ('"học khuyến"', set()),  # a comma stands between them
    ('"công tác khuyến học"', {"p1#i"}),
    ('"cong tac khuyen hoc"', {"p1#i"}),
    ('"công tác học"', set()),
    ("báo cáo", {"p1#ii", "p3#i"}),
    ("bao cao", {"p1#ii", "p2#i", "p3#i"}),
    ("khuyến học -khuyến tài", {"p4#i"}),
    ("khuyến tài OR đại hội", {"p1#i", "p4#i"}),
    ("hoà giải", {"p6#i"}),
    ("hòa giải", {"p6#i"}),
    ("thuỷ lợi", {"p6#i"}),
    ("kĩ thuật", {"p6#i"}),
    ("lí luận", {"p6#i"}),
    ("Ðảng ủy", {"p6#i"}),  # Eth
    ("dang uy", {"p6#i"}),
    ("UBND", {"p3#i", "p4#i", "p5#i", "p6#i"}),  # with «Ủy ban nhân dân»
    ("30/9/2016", {"p1#ii"}),
    ("19-CT/TU", {"p5#i"}),
    ("19 CT TU", {"p5#i"}),
)


@pytest.mark.parametrize(("asked", "expected"), ASKED)
def test_a_query_finds_exactly_these_passages(engine: Engine, asked: str, expected: set[str]) -> None:
    put(engine, *PAPERS)
    assert set(found(engine, asked)) == expected


def test_marks_typed_must_be_there(engine: Engine) -> None:
    put(engine, passage("a", "Nộp báo cáo."), passage("b", "Cơn bão."), passage("c", "Bao cao su."))
    assert found(engine, "bão cạo") == []
    assert found(engine, '"bão cạo"') == []
    assert set(found(engine, "bao cao")) == {"a#i", "c#i"}
    assert found(engine, "bao cao")[0] == "c#i", "what was typed exactly comes first"


@pytest.mark.parametrize(
    "asked",
    ["11/KH-UBND", "11 KH UBND", "11-kh-ubnd", "kế hoạch số 11/KH-UBND", "011/KH-UBND", "so 11/kh-ubnd"],
)
def test_a_number_gives_its_document_then_those_that_cite_it(engine: Engine, asked: str) -> None:
    put(engine, *PAPERS)
    assert found(engine, asked) == ["p4#i", "p3#i"]


@pytest.mark.parametrize("asked", ["KH 11", "kế hoạch 11", "kh 11", "11/KH", "ke hoach 11", "số 11"])
def test_a_number_without_its_body_gives_its_document_first(engine: Engine, asked: str) -> None:
    put(engine, *PAPERS)
    hits = found(engine, asked)
    assert hits[0] == "p4#i"
    assert "p5#i" not in hits, "111/KH-UBND is another number"


def test_only_the_document_itself_is_found_by_its_field(engine: Engine) -> None:
    put(engine, *PAPERS)
    assert found(engine, "số:11/KH-UBND") == ["p4#i"]


def test_known_terms_come_with_the_number_of_passages(engine: Engine) -> None:
    put(engine, replace(PAPERS[0], words=("khuyến_học", "xã_hội")), replace(PAPERS[4], words=("khuyến_học",)))
    assert dict(engine.known("word", "khuyến")) == {"khuyến_học": 2}
    assert dict(engine.known("pair", "khuyen hoc|")) == {"khuyen hoc|khuyên2 hoc5": 2}
    engine.drop({"p4"})
    assert dict(engine.known("word", "khuyến")) == {"khuyến_học": 1}


def test_a_section_holds_what_stands_in_it(engine: Engine) -> None:
    inside = passage("a", "học bổng", section="ii.3.b")
    put(engine, inside, passage("a", "học bổng", section="ii.30"), passage("b", "học bổng", section="i"))
    assert found(engine, "mục:II.3 học bổng") == ["a#ii.3.b"]


def test_a_heading_counts_more_than_a_mention(engine: Engine) -> None:
    long = "Các xã, thị trấn triển khai học bổng và nhiều việc khác trong năm. " * 5
    put(engine, passage("a", long), passage("b", "Giao các xã, thị trấn.", heading="Học bổng"))
    assert found(engine, "học bổng") == ["b#i", "a#i"]


def test_a_sentence_finds_what_has_most_of_its_words(engine: Engine) -> None:
    put(engine, *PAPERS)
    assert found(engine, "ai phải gửi báo cáo và gửi trước ngày nào trong năm nay vậy")[0] == "p1#ii"


def test_filters_limit_to_documents(engine: Engine) -> None:
    put(engine, *PAPERS)
    assert found(engine, "khuyến học", within={"p4"}) == ["p4#i"]
    assert found(engine, "khuyến học", within=set()) == []


def test_documents_are_counted_with_their_passages(engine: Engine) -> None:
    put(engine, *PAPERS, passage("p1", "Khuyến học là việc của toàn dân.", section="iii"))
    scored = {s.document: s.passages for s in engine.documents(query.parse("khuyến học"))}
    assert scored == {"p1": 2, "p4": 1}
    best = engine.passages(query.parse("khuyến học"), ["p1"], each=1)["p1"]
    assert [(c.document, c.start) for c in best] == [("p1", 0)]


def test_a_document_put_again_is_replaced(engine: Engine) -> None:
    put(engine, passage("a", "khuyến học"), passage("a", "khuyến tài", section="ii"))
    put(engine, passage("a", "xã hội học tập"))
    assert found(engine, "khuyến tài") == []
    assert found(engine, "học tập") == ["a#i"]
    assert list(engine.held()) == ["a"]


def test_a_document_without_passages_is_not_held(engine: Engine) -> None:
    put(engine, passage("a", "khuyến học"))
    engine.put([], documents={"a"})
    assert list(engine.held()) == []


def test_passages_of_unnamed_documents_are_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="b"):
        engine.put([passage("b", "x")], documents={"a"})


def test_a_second_process_sees_each_finished_write(opened: Callable[[Path], Engine], tmp_path: Path) -> None:
    writer, reader = opened(tmp_path / "index"), opened(tmp_path / "index")
    assert found(reader, "khuyến học") == []
    put(writer, passage("a", "khuyến học"))
    assert found(reader, "khuyến học") == ["a#i"]
    writer.drop({"a"})
    assert found(reader, "khuyến học") == []
    put(writer, passage("b", "khuyến học"))
    writer.close()
    assert list(opened(tmp_path / "index").held()) == ["b"]


def test_a_rebuild_answers_only_when_published(opened: Callable[[Path], Engine], tmp_path: Path) -> None:
    engine, reader = opened(tmp_path / "index"), opened(tmp_path / "index")
    put(engine, passage("old", "khuyến học"))
    beside = engine.fresh()
    put(beside, passage("new", "khuyến học"))
    assert found(reader, "khuyến học") == ["old#i"]
    assert found(beside, "khuyến học") == ["new#i"]
    beside.publish()
    assert found(reader, "khuyến học") == ["new#i"]
    assert found(engine, "khuyến học") == ["new#i"]


def _damage(generation: Path, damage: str) -> None:
    largest = max((p for p in generation.iterdir() if p.suffix in (".seg", ".pos", ".idx", ".term")), key=_size)
    manifest = generation / "manifest.json"
    if damage == "cut":
        largest.write_bytes(largest.read_bytes()[:-10])
    elif damage == "flip":
        content = bytearray(largest.read_bytes())
        content[len(content) // 2] ^= 255
        largest.write_bytes(bytes(content))
    elif damage == "gone":
        largest.unlink()
    elif damage == "manifest":
        manifest.unlink()
    elif damage == "half a manifest":
        manifest.write_text(manifest.read_text()[:20])
    elif damage == "format":
        manifest.write_text(manifest.read_text().replace('"format": ', '"format": 9'))
    elif damage == "ranking":
        manifest.write_text(manifest.read_text().replace('"ranking": ', '"ranking": 9'))
    elif damage == "engine":
        manifest.write_text(manifest.read_text().replace('"engine": "', '"engine": "other'))
    elif damage == "pointer":
        (generation.parent / "current").write_text("gen-999999")
    else:
        for path in (*generation.glob("*.toc"), *generation.glob("meta.json")):
            path.write_bytes(path.read_bytes()[:40])


def _size(path: Path) -> int:
    return path.stat().st_size


DAMAGES = (
    "cut", "flip", "gone", "manifest", "half a manifest", "format", "ranking", "engine", "pointer", "contents",
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", choice.NAMES)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves a torn file open
def test_a_damaged_index_is_noticed_and_built_again(tmp_path: Path, name: str, damage: str) -> None:
    folder = tmp_path / "index"
    engine = choice.engine(name, folder)
    put(engine, *PAPERS)
    engine.close()
    _damage(folder / (folder / "current").read_text(), damage)
    with pytest.raises(IndexUnusable):
        choice.engine(name, folder)
    beside = choice.engine(name, folder, building=True)
    put(beside, *PAPERS)
    beside.publish()
    assert set(found(choice.engine(name, folder), "khuyến học")) == {"p1#i", "p4#i"}


def test_the_index_of_another_engine_is_built_again(tmp_path: Path) -> None:
    put(choice.engine("whoosh", tmp_path / "index"), *PAPERS)
    with pytest.raises(IndexUnusable) as raised:
        choice.engine("tantivy", tmp_path / "index")
    assert raised.value.reason == "old"


def test_an_engine_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="whoosh, tantivy"):
        choice.engine("lucene", tmp_path / "index")


WORDS = ("khuyến học", "báo cáo", "kế hoạch", "xã hội", "học tập", "11/KH-UBND", "ngày 5/7/2016")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" và ".join)
STEPS = st.lists(st.tuples(st.sampled_from("abcd"), st.lists(TEXTS, max_size=2)), min_size=1, max_size=7)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_changes_the_index_equals_a_rebuild(
    opened: Callable[[Path], Engine], tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[str]]]
) -> None:
    changed = opened(tmp_path_factory.mktemp("changed"))
    state: dict[str, list[Passage]] = {}
    for document, texts in steps:
        state[document] = [passage(document, text, section=str(i)) for i, text in enumerate(texts)]
        if texts:
            put(changed, *state[document])
        else:
            changed.drop({document})
    built = opened(tmp_path_factory.mktemp("built"))
    put(built, *(p for document in sorted(state) for p in state[document]))
    for asked in ("khuyến học", "bao cao", '"kế hoạch và báo cáo"', "11/KH-UBND", "5/7/2016", "học -xã hội"):
        one = [(c.passage, round(c.score, 3)) for c in changed.search(query.parse(asked), limit=99)]
        two = [(c.passage, round(c.score, 3)) for c in built.search(query.parse(asked), limit=99)]
        assert one == two, asked
    assert list(changed.held()) == list(built.held())
    changed.close()
    built.close()


def test_whoosh_reads_where_values_begin_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from whoosh.reading import SegmentReader

    held = [passage(f"d{n}", "Quy định của pháp luật về khuyến học.", section=f"ii.{n}") for n in range(60)]
    engine = choice.engine("whoosh", tmp_path / "index")
    put(engine, *held)
    opened: list[str] = []
    plain = SegmentReader.column_reader

    def counting(self: SegmentReader, name: str, **options: object) -> object:
        opened.append(name)
        return plain(self, name, **options)

    monkeypatch.setattr(SegmentReader, "column_reader", counting)
    assert len(found(engine, 'mục:II "quy định của pháp luật"')) == 60
    assert len(opened) <= 4, "opening a column reads a number for each passage: the time grew with its square"
