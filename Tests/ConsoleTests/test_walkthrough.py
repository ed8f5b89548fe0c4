"""The walk-through of docs/operation.md, step by step in two real browsers between three running nodes."""
import os
import re

import pytest

import walkthrough

GUIDE = walkthrough.DOCS / "operation.md"
MOST_BYTES = 120_000


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    made = walkthrough.Walk(os.environ.get("PARLEY_SHOTS") or tmp_path_factory.mktemp("walk"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def done():
    """The names of the steps that have been taken."""
    return []


@pytest.mark.parametrize("step", walkthrough.STEPS, ids=lambda step: f"{step.number:02}-{step.name}")
def test_each_step_of_the_walk_through_is_as_the_guide_has_it(walk, done, step):
    if len(done) < step.number - 1:
        pytest.skip(f"follows on step {len(done) + 1}, which failed")
    picture = walk.take(step)
    assert 0 < len(picture) <= MOST_BYTES
    done.append(step.name)


def sections():
    """{title: text} of the guide's numbered sections, in order."""
    parts = re.split(r"(?m)^## (\d+\. .+)$", GUIDE.read_text())
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_guide_has_a_section_with_its_picture_for_each_step_and_none_besides():
    told = sections()
    assert list(told) == [f"{step.number}. {step.title}" for step in walkthrough.STEPS]
    for step, text in zip(walkthrough.STEPS, told.values()):
        assert re.findall(r"!\[[^\]]+\]\(operation/([^)]+)\)", text) == [step.picture]
        for part in ("**You see**", "**You do**", "**It means**"):
            assert text.count(part) == 1, (step.name, part)


def test_the_pictures_of_the_guide_are_those_of_the_steps_and_small():
    pictures = {path.name: path.stat().st_size for path in (walkthrough.DOCS / "operation").iterdir()}
    assert sorted(pictures) == [step.picture for step in walkthrough.STEPS]
    assert [name for name, size in pictures.items() if size > MOST_BYTES] == []
