"""What the page does with a stream that is not in order: scripted connections in place of the node's."""
import json

import pytest

from page import element, in_page, until

# Plays connections to `followEvents` and tells what came of it: each connection's Last-Event-ID, each event and each state
# in order. A connection is a list of pieces of text; "END" closes it, without it the connection stays open and silent.
PLAY = """
  const [connections, wanted, sleptMs] = a;
  const told = [];
  const asked = [];
  const own = globalThis.fetch;
  globalThis.fetch = (url, options = {}) => {
    if (!String(url).endsWith("/events")) return Promise.resolve(new Response("{}", { status: 200 }));
    asked.push(options.headers["Last-Event-ID"] ?? null);
    const script = connections[asked.length - 1] ?? [];
    const body = new ReadableStream({
      start(controller) {
        const bytes = new TextEncoder();
        for (const piece of script) if (piece === "END") { controller.close(); return; } else controller.enqueue(bytes.encode(piece));
        options.signal.addEventListener("abort", () => { try { controller.error(options.signal.reason); } catch { /* It has ended. */ } });
      },
    });
    return Promise.resolve(new Response(body, { status: 200 }));
  };
  const stream = m.followEvents({
    event: (type, data, isAhead) => told.push(type === "reset" ? `reset ${data.n}` : `${isAhead ? "ahead " : ""}${type} ${data.n}`),
    current: () => told.push("current"), behind: () => told.push("behind"), lost: () => told.push("lost"), signedOut: () => told.push("out"),
  });
  const clock = Date.now;
  if (sleptMs) setTimeout(() => { Date.now = () => clock() + sleptMs; }, 1_500);
  const isThere = () => wanted.every((each) => told.includes(each)) && asked.length >= connections.length;
  for (let i = 0; i < 600 && !isThere(); i += 1) await new Promise((resume) => setTimeout(resume, 50));
  stream.stop();
  Date.now = clock;
  globalThis.fetch = own;
  return { told, asked };
"""


def event(sequence, kind="notice", n=None, epoch="e1"):
    return f"event: {kind}\nid: {epoch}-{sequence}\ndata: {json.dumps({'n': sequence if n is None else n})}\n\n"


def reset(sequence, n=0):
    return event(sequence, "reset", n)


def ahead(n):
    return f"event: stop\ndata: {json.dumps({'n': n})}\n\n"


OPENED, IDLE = ": parley\n\n", ": still here\n\n"


@pytest.fixture()
def play(browser, relay):
    # The page before sign-in follows no stream of its own.
    browser.get(relay.url)
    element(browser, "#officer")

    def played(connections, *wanted, slept_ms=0):
        done = in_page(browser, "stream.js", PLAY, connections, list(wanted), slept_ms)
        assert [each for each in wanted if each not in done["told"]] == [], done
        return [each for each in done["told"] if each not in ("current", "behind", "lost")], done["asked"][:len(connections)], done["told"]

    return played


def test_after_a_hole_exactly_what_was_missed_is_asked_for_and_nothing_is_applied_before_it(play):
    events, asked, told = play([
        [OPENED, reset(10), event(11), event(13), event(14)],
        [OPENED, event(12), event(13), event(14), IDLE],
    ], "notice 14")
    assert events == ["reset 0", "notice 11", "notice 12", "notice 13", "notice 14"]
    assert asked == [None, "e1-11"]
    assert told[-1] == "current" and told.index("behind") < told.index("notice 12")


def test_a_hole_that_stays_ends_in_a_whole_snapshot(play):
    events, asked, _ = play([
        [OPENED, reset(10), event(12)], [OPENED, event(12)], [OPENED, reset(12, n=1), event(13)],
    ], "notice 13")
    assert events == ["reset 0", "reset 1", "notice 13"]
    assert asked == [None, "e1-10", None]


def test_what_comes_twice_or_again_counts_once(play):
    events, asked, _ = play([[
        OPENED, reset(10), event(11), event(11), event(12), event(11, n=99), reset(10, n=99), reset(12, n=99), event(13),
    ]], "notice 13")
    assert events == ["reset 0", "notice 11", "notice 12", "notice 13"]
    assert asked == [None]


def test_events_that_changed_places_are_taken_anew_in_their_order(play):
    events, asked, _ = play([
        [OPENED, reset(10), event(12), event(11)], [OPENED, event(11), event(12)],
    ], "notice 12")
    assert events == ["reset 0", "notice 11", "notice 12"] and asked == [None, "e1-10"]


def test_an_event_that_cannot_be_read_is_not_passed_over(play):
    events, asked, _ = play([
        [OPENED, reset(10), "event: notice\nid: e1-11\ndata: {\"n\": 1\n\n", event(12)], [OPENED, event(11), event(12)],
    ], "notice 12")
    assert events == ["reset 0", "notice 11", "notice 12"] and asked == [None, "e1-10"]


def test_half_an_event_at_the_end_of_a_connection_is_nothing(play):
    half = event(12)
    events, asked, told = play([
        [OPENED, reset(10), event(11), half[:len(half) // 2], "END"], [OPENED, event(12), IDLE],
    ], "notice 12")
    assert events == ["reset 0", "notice 11", "notice 12"] and asked == [None, "e1-11"]
    assert told == ["current", "reset 0", "notice 11", "lost", "behind", "notice 12", "current"]


def test_nothing_is_shown_before_the_snapshot_nor_of_another_run_of_the_node(play):
    events, asked, _ = play([
        [OPENED, event(4)], [OPENED, reset(10), event(11), event(12, epoch="e2")],
        [OPENED, event(12, epoch="e2")], [OPENED, event(3, "reset", n=7, epoch="e2"), event(4, epoch="e2")],
    ], "reset 7", "notice 4")
    assert events == ["reset 0", "notice 11", "reset 7", "notice 4"]
    assert asked == [None, None, "e1-11", None]


def test_a_stop_that_goes_ahead_explains_its_own_place_and_no_other(play):
    events, asked, _ = play([
        # 12 is the STOP's place; 14 is missing.
        [OPENED, reset(10), ahead(12), ahead(12), event(11), event(13), event(15)],
        [OPENED, event(12, "stop"), event(13), event(14), event(15)],
    ], "notice 15")
    assert events == ["reset 0", "ahead stop 12", "notice 11", "notice 13", "stop 12", "notice 13", "notice 14", "notice 15"]
    # From before the first hole, because nobody can tell which of the two the STOP explains.
    assert asked == [None, "e1-11"]


def test_after_a_break_the_screen_is_behind_until_all_that_was_missed_has_come(play):
    _, _, told = play([
        [OPENED, reset(10), "END"], [OPENED, event(11), event(12), IDLE, event(13)],
    ], "notice 13")
    assert told == ["current", "reset 0", "lost", "behind", "notice 11", "notice 12", "current", "notice 13"]


def test_a_machine_that_has_slept_is_behind_until_it_has_heard_what_it_missed(play):
    _, asked, told = play([[OPENED, reset(10)], [OPENED, event(11), IDLE]], "notice 11", slept_ms=60_000)
    assert told == ["current", "reset 0", "behind", "notice 11", "current"] and asked == [None, "e1-10"]


def test_going_back_to_the_console_never_shows_the_page_as_it_was(floor):
    floor.execute_script("globalThis.before = true")
    floor.get("about:blank")
    floor.back()
    until(floor, lambda b: b.execute_script("return document.body.dataset.view === 'floor' && !('before' in globalThis)"))
