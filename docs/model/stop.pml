/*
 * STOP: desk A presses, desk B is addressed, the mediator M is escalated to.
 *
 * A press and a later one (or *it goes on*) are the causes 1 and 2 of one STOP; sets of them are bits. Each desk keeps what
 * it has in a file, so that a crash leaves it as it was; a crash may also come after a message was sent and before it was
 * kept; and a desk may lose its file. A message is offered until it is received, hence may be lost and doubled at will, and
 * a copy of whatever was once sent may still come at any later time. Time runs in ticks, also for a node that is down.
 *
 * Names are tied to the code's in README.md. Liveness is searched under weak fairness: the clock and each link go on.
 */

/* What has to hold after every step. pan prints the number of the one that does not. */
#define demand(property, condition) assert(property && (condition))
/* What rings and was not heard for stopTop rings command and is escalated, whatever restarts meanwhile. */
#define NO_WAIT_GROWS 1
/* A desk is silent only over causes that a person at B has answered; at A also when the effect was seen after them. */
#define SILENT_ONLY_WHEN_HEARD 2
/* Nothing is over anywhere but what A's officer has lifted. */
#define ENDS_ONLY_BY_ITS_AUTHORS_LIFT 3
/* And on the ground of an effect only after it was seen, later than the last press. */
#define NO_LIFT_BEFORE_THE_EFFECT 4
/* What was pressed and not lifted is in the file of A or of B. */
#define NOTHING_IS_LOST 5
/* Once B's answer to all that A has pressed has come, A is silent. */
#define HEARD_IS_HEARD 6
#define REACHED 99

#ifndef PRESSES
#define PRESSES 2
#endif
#ifndef CRASHES
#define CRASHES 1
#endif

#define TOP 2 /* stopTop, in ticks; stopNextRole is one */
#define within(a, b) (((a) & ~(b)) == 0)

#define NONE 0
#define RINGING 1
#define HEARD 2
#define SETTLED 3
#define OVER 4

/* StopCall and StopLadder at A (0) and at B (1). */
byte causes[2], lifted[2], state[2], rung[2], age[2];
bool awaited[2];        /* in a round that began because *heard* was not followed up */
byte toHeard[2], toMore[2]; /* which causes B's answers name: any word; more than *heard* */
byte observed;          /* at A */
byte own, ownMore;      /* at B: what its own answers count for there */
#ifdef MUTATE_ANSWERS_THE_LAST_THAT_CAME
bool lastIsFirst;       /* at B: cause 1 came after cause 2 */
#endif
bool isNewAnswer;       /* B has an answer that A has not received */
bool up[2] = true;
bool told[2], everTold[2]; /* escalated in this round; ever */
bool hasLost[2];
byte crashes;

/* M */
bool escalated[2], calledOff[2], heardM;

/* What copies are still on their way. */
byte sent, sentLift;

/* What the checks compare with: kept by the steps that make it true, and read by no node. */
byte waited[2];         /* ticks since the round began */
byte pressed, answeredByPerson, liftedByPerson, seenByPerson;

/* At A an answer counts for what it names and for what was pressed before. */
#ifdef MUTATE_ANSWER_COVERS_ALL
#define covered(to) ((to) != 0 -> 3 : 0)
#else
#define covered(to) (((to) & 2) -> 3 : (to))
#endif
/* The cause that an answer of B names: the last that was pressed. */
#ifndef MUTATE_ANSWERS_THE_LAST_THAT_CAME
#define newest ((causes[1] & 2) -> 2 : 1)
#else
#define newest (causes[1] == 3 -> (lastIsFirst -> 1 : 2) : causes[1])
#endif

/* StopBoard.lift: the effect was seen after every cause. */
#ifdef MUTATE_GROUNDS_NOT_ASKED
#define hasGrounds true
#else
#define hasGrounds within(causes[0], observed)
#endif

#define heardAt(x) ((x) == 0 -> covered(toHeard[0]) : own)
#define moreAt(x) ((x) == 0 -> covered(toMore[0]) : ownMore)
#define isOpen(x) (causes[x] != 0 && state[x] != OVER)

/* StopLadder.begin */
inline begin(x) { state[x] = RINGING; rung[x] = 0; age[x] = 0; waited[x] = 0; told[x] = false; awaited[x] = false }

/* StopBoard.settle */
inline settle(x) {
  if
  :: causes[x] == 0 -> skip
  :: causes[x] != 0 && within(causes[x], lifted[x]) ->
    state[x] = OVER; rung[x] = 0; age[x] = 0; waited[x] = 0; told[x] = false; awaited[x] = false
  :: else ->
    if
    :: state[x] == RINGING || state[x] == HEARD ->
      if
      :: (x == 0 && within(causes[0], observed)) ||
         (within(causes[x], heardAt(x)) && !awaited[x] && within(causes[x], moreAt(x))) ->
        state[x] = SETTLED; rung[x] = 0; age[x] = 0; waited[x] = 0; told[x] = false
      :: else ->
        if
        :: state[x] == RINGING && within(causes[x], heardAt(x)) && !awaited[x] ->
          state[x] = HEARD; rung[x] = 0; age[x] = 0; waited[x] = 0; told[x] = false
        :: else
        fi
      fi
    :: else
    fi
  fi
}

/* StopBoard.insert of a cause. */
inline add(x, c) {
  if
  :: causes[x] == 0 -> causes[x] = c; begin(x)
  :: else ->
#ifdef MUTATE_ANSWERS_THE_LAST_THAT_CAME
    if :: x == 1 && c == 1 -> lastIsFirst = true :: else fi;
#endif
    causes[x] = causes[x] | c;
    if
    :: state[x] != RINGING && !within(causes[x], lifted[x]) ->
#ifndef MUTATE_NEW_PRESS_DOES_NOT_RING
      begin(x)
#else
      skip
#endif
    :: else
    fi
  fi;
  settle(x)
}

/* StopBoard.advance: climbs, or gives *heard* up. */
inline advance(x) {
  if
  :: up[x] && state[x] == RINGING ->
    if :: age[x] > rung[x] -> rung[x] = age[x] :: else fi
#ifndef MUTATE_HEARD_FOR_GOOD
  :: up[x] && state[x] == HEARD && age[x] == TOP ->
    begin(x); awaited[x] = !within(causes[x], moreAt(x))
#endif
  :: else
  fi
}

inline pass(x) {
  if
#ifdef MUTATE_DOWN_DOES_NOT_COUNT
  :: !up[x] -> skip
#endif
  :: (state[x] == RINGING || state[x] == HEARD) && age[x] < TOP -> age[x]++
  :: else
  fi;
  if :: state[x] == RINGING && waited[x] < TOP -> waited[x]++ :: else fi;
  advance(x)
}

inline check() {
  demand(NO_WAIT_GROWS, !(up[0] && state[0] == RINGING && waited[0] == TOP && rung[0] < 2));
  demand(NO_WAIT_GROWS, !(up[1] && state[1] == RINGING && waited[1] == TOP && rung[1] < 2));
  demand(SILENT_ONLY_WHEN_HEARD, !(state[0] == HEARD && !within(causes[0], answeredByPerson)));
  demand(SILENT_ONLY_WHEN_HEARD,
    !(state[0] == SETTLED && !within(causes[0], answeredByPerson) && !within(causes[0], seenByPerson)));
  demand(SILENT_ONLY_WHEN_HEARD, !((state[1] == HEARD || state[1] == SETTLED) && !within(causes[1], answeredByPerson)));
  demand(ENDS_ONLY_BY_ITS_AUTHORS_LIFT, !(state[0] == OVER && !within(causes[0], liftedByPerson)));
  demand(ENDS_ONLY_BY_ITS_AUTHORS_LIFT, !(state[1] == OVER && !within(causes[1], liftedByPerson)));
  demand(NOTHING_IS_LOST, within(pressed & ~liftedByPerson, causes[0] | causes[1]));
  demand(HEARD_IS_HEARD, !(causes[0] == causes[1] && within(causes[1], own) && !hasLost[1] && !isNewAnswer && !awaited[0] && state[0] == RINGING &&
    state[1] != RINGING && up[0]));
#ifdef REACH_HEARD
  demand(REACHED, state[0] != HEARD);
#endif
#ifdef REACH_ESCALATED
  demand(REACHED, !(escalated[0] && escalated[1]));
#endif
#ifdef REACH_ROUND_AFTER_HEARD
  demand(REACHED, !(awaited[0] && rung[0] == 2));
#endif
#ifdef REACH_OVER
  demand(REACHED, !(state[0] == OVER && state[1] == OVER && calledOff[0] && calledOff[1]));
#endif
#ifdef REACH_REOPENED
  demand(REACHED, !(state[1] == RINGING && lifted[1] != 0));
#endif
#ifdef REACH_GIVEN_BACK
  demand(REACHED, !(hasLost[0] && causes[0] != 0 && state[0] == RINGING));
#endif
  skip
}

#ifdef MUTATE_SENT_UNTIL_RECEIVED
#define offers(x) (up[0] && up[1] && isOpen(x) && !hasLost[1 - (x)])
#else
#define offers(x) (up[0] && up[1] && isOpen(x))
#endif

/* What A has for B, one message at a time; and what A gives back of B's own after a loss. */
active proctype linkAB() {
  do
  :: d_step { offers(0) && (causes[0] & 1) && !(causes[1] & 1) -> add(1, 1); check() }
  :: d_step { offers(0) && (causes[0] & 2) && !(causes[1] & 2) -> add(1, 2); check() }
#ifndef MUTATE_LIFT_SENT_ONCE
  :: d_step { up[0] && up[1] && lifted[0] != 0 && !within(lifted[0], lifted[1]) ->
    lifted[1] = lifted[1] | lifted[0]; settle(1); check() }
#endif
  :: d_step { up[0] && up[1] && isOpen(0) && isOpen(1) && !within(toHeard[0], toHeard[1]) ->
    /* Given back: it counts for what it names alone. */
    toHeard[1] = toHeard[1] | toHeard[0]; toMore[1] = toMore[1] | toMore[0];
    own = own | toHeard[0]; ownMore = ownMore | toMore[0]; settle(1); check() }
  od
}

/* What B has for A, and what it gives back of A's own. */
active proctype linkBA() {
  do
  :: d_step { up[0] && up[1] && isNewAnswer && causes[0] != 0 ->
    isNewAnswer = false;
    toHeard[0] = toHeard[0] | toHeard[1]; toMore[0] = toMore[0] | toMore[1];
    awaited[0] = false; settle(0); check() }
#ifndef MUTATE_NOTHING_GIVEN_BACK
  :: d_step { offers(1) && (causes[1] & 1) && !(causes[0] & 1) -> add(0, 1); check() }
  :: d_step { offers(1) && (causes[1] & 2) && !(causes[0] & 2) -> add(0, 2); check() }
  :: d_step { up[0] && up[1] && isOpen(0) && lifted[1] != 0 && !within(lifted[1], lifted[0]) ->
    lifted[0] = lifted[0] | lifted[1]; settle(0); check() }
#endif
  od
}

#define asks(x) (state[x] == RINGING && rung[x] == 2 && !told[x])

/* Escalations of a desk to M, and their end. */
inline escalate(x) {
  told[x] = true; everTold[x] = true;
  escalated[x] = true; calledOff[x] = false; heardM = false
}

active proctype linkAM() {
  do
#ifndef MUTATE_ONLY_THE_ADDRESSEE_ESCALATES
  :: d_step { up[0] && asks(0) -> escalate(0); check() }
#endif
#ifndef MUTATE_NOT_CALLED_OFF
  :: d_step { up[0] && state[0] == OVER && everTold[0] && !calledOff[0] -> calledOff[0] = true; check() }
#endif
  od
}

active proctype linkBM() {
  do
  :: d_step { up[1] && asks(1) -> escalate(1); check() }
  :: d_step { up[1] && state[1] == OVER && everTold[1] && !calledOff[1] -> calledOff[1] = true; check() }
  od
}

active proctype clock() {
  do
  :: d_step { pass(0); pass(1); check() }
  od
}

inline answer(more) {
  toHeard[1] = toHeard[1] | newest; own = causes[1];
  /* Whoever answers the later press has been told of the earlier by it. */
  answeredByPerson = answeredByPerson | causes[1] | (newest == 2 -> 1 : 0);
  if :: more -> toMore[1] = toMore[1] | newest; ownMore = causes[1] :: else fi;
  isNewAnswer = true; awaited[1] = false; settle(1)
}

/* Officers and faults: none of it has to happen. */
active proctype world() {
  do
  :: break
  /* An officer at A presses; or presses, and the node dies before it has kept what it sent. */
  :: d_step { up[0] && causes[0] == 0 && sent == 0 -> pressed = 1; sent = 1; add(0, 1); check() }
  :: d_step { PRESSES == 2 && up[0] && isOpen(0) && (causes[0] & 1) && !(sent & 2) ->
    pressed = pressed | 2; sent = 3; add(0, 2); check() }
  :: d_step { crashes < CRASHES && PRESSES == 2 && up[0] && isOpen(0) && !(sent & 2) ->
    sent = 3; up[0] = false; crashes++; check() }
  /* An officer at B answers *heard*, or more; *cease reported* is among these. */
  :: d_step { up[1] && isOpen(1) && state[1] == RINGING -> answer(false);
#ifdef MUTATE_CEASE_REPORTED_ENDS
    state[1] = OVER;
#endif
    check() }
  :: d_step { up[1] && isOpen(1) && !within(causes[1], ownMore) -> answer(true);
#ifdef MUTATE_CEASE_REPORTED_ENDS
    state[1] = OVER;
#endif
    check() }
  /* M's officer. */
  :: d_step { (escalated[0] || escalated[1]) && !heardM -> heardM = true; check() }
  /* An officer at A sees the effect, and lifts. */
  :: d_step { up[0] && isOpen(0) && !within(causes[0], observed) ->
    observed = causes[0]; seenByPerson = causes[0]; settle(0); check() }
  :: d_step { up[0] && isOpen(0) && hasGrounds ->
    demand(NO_LIFT_BEFORE_THE_EFFECT, within(causes[0], seenByPerson));
    lifted[0] = lifted[0] | causes[0]; liftedByPerson = liftedByPerson | causes[0];
    sentLift = sentLift | causes[0]; settle(0); check() }
  /* Somebody else says that it is over. */
#ifdef MUTATE_ANYBODY_LIFTS
  :: d_step { up[0] && isOpen(0) -> lifted[0] = lifted[0] | causes[0]; settle(0); check() }
#endif
  /* Late copies. */
  :: d_step { up[1] && (sent & 1) && !(causes[1] & 1) -> add(1, 1); check() }
  :: d_step { up[1] && (sent & 2) && !(causes[1] & 2) -> add(1, 2); check() }
  :: d_step { up[1] && !within(sentLift, lifted[1]) -> lifted[1] = lifted[1] | sentLift; settle(1); check() }
  /* Crashes and restarts. */
  :: d_step { crashes < CRASHES && up[0] -> up[0] = false; crashes++; check() }
  :: d_step { crashes < CRASHES && up[1] -> up[1] = false; crashes++; check() }
  :: d_step { !up[0] -> up[0] = true;
#ifdef MUTATE_RESTART_FORGETS
    causes[0] = 0; state[0] = NONE; rung[0] = 0; age[0] = 0;
#endif
#ifdef MUTATE_RESTART_BEGINS_ANEW
    age[0] = 0; rung[0] = 0;
#endif
    advance(0); check() }
  :: d_step { !up[1] -> up[1] = true; advance(1); check() }
#ifdef LOSES
  /* A desk's file is gone, once; of A's presses there is no copy unless B has them. */
  :: d_step { up[0] && !hasLost[0] && causes[0] != 0 && within(causes[0], causes[1]) ->
    hasLost[0] = true; causes[0] = 0; lifted[0] = 0; state[0] = NONE; rung[0] = 0; age[0] = 0; waited[0] = 0;
    awaited[0] = false; toHeard[0] = 0; toMore[0] = 0; observed = 0; told[0] = false; everTold[0] = false;
    isNewAnswer = toHeard[1] != 0; /* given back with the press */
    check() }
  :: d_step { up[1] && !hasLost[1] && causes[1] != 0 && within(causes[1], causes[0]) ->
    hasLost[1] = true; causes[1] = 0; lifted[1] = 0; state[1] = NONE; rung[1] = 0; age[1] = 0; waited[1] = 0;
    awaited[1] = false; toHeard[1] = 0; toMore[1] = 0; own = 0; ownMore = 0; isNewAnswer = false;
    told[1] = false; everTold[1] = false;
    check() }
#endif
  od
}

/* What is pressed is heard by a person at B, or M is told; unless A saw the effect, or lifted it, or A's node is down. */
ltl heard_or_escalated {
  [] (isOpen(0) && up[0] -> <> ((causes[0] != 0 && ((causes[0] & ~toHeard[0]) == 0 || (toHeard[0] & 2) != 0)) || escalated[0] || state[0] == SETTLED || !isOpen(0) || !up[0]))
}

/* It reaches B, as long as both run; what B lost comes back as well. */
ltl reaches_the_other {
  [] (isOpen(0) && up[0] && up[1] -> <> (within(causes[0], causes[1]) || !isOpen(0) || !up[0] || !up[1]))
}

/* The lift reaches B. */
ltl lift_reaches_the_other {
  [] (state[0] == OVER && up[0] && up[1] -> <> (!isOpen(1) || state[0] != OVER || !up[0] || !up[1]))
}

/* What A lost and B holds open comes back to A. */
ltl comes_back {
  [] (isOpen(1) && up[0] && up[1] -> <> (within(causes[1], causes[0]) || !isOpen(1) || !up[0] || !up[1]))
}

/* *Heard* alone does not last: more follows, or it rings anew. */
ltl heard_is_followed_up {
  [] (state[1] == HEARD && up[1] -> <> (state[1] != HEARD || !up[1]))
}

/* When it is over at those who escalated, M is told. */
ltl called_off {
  [] (state[0] == OVER && everTold[0] && up[0] -> <> (calledOff[0] || state[0] != OVER || !everTold[0] || !up[0]))
}
