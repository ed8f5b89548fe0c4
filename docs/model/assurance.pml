/*
 * When principal A says `clear`, and what principal B, the mediator M and the network can do meanwhile.
 *
 * A is the node whose answer is checked; B is an honest peer, and the roles are symmetric. Each files at most two
 * versions of one notice, at a spot where they collide or off it. One step is one event of a node with its commit, which
 * is atomic in the code as well, or one thing that the network, time or a crash does. The steps may come in any order
 * and number, so that loss, delay, duplication and reordering need no channels: a record, receipt or head that exists
 * may arrive at any later time, or never. What may not arrive late without harm, an answer to a challenge, has slots.
 *
 * Names are tied to the code's in README.md. Each MUTATE_* plants one defect, each REACH_* asks for a state.
 */

#ifndef FILES_A /* versions of its notice that each principal files at most */
#define FILES_A 2
#define FILES_B 1
#endif
#define STALE 1 /* staleAfter, in ticks */
#define NEVER (STALE + 1)

/* What has to hold after every step. pan prints the number of the one that does not. */
#define demand(property, condition) assert(property && (condition))
/* The records that this node has receipted, read anew from the logs, say that nothing collides. */
#define NO_CLEAR_BESIDE_A_RECEIPTED_CONFLICT 1
/* Nobody has shown this node a larger head of the other's log than what it holds. */
#define NO_CLEAR_BELOW_A_SHOWN_HEAD 2
/* Whatever the other's log held more than staleAfter ago is held here. */
#define NO_CLEAR_PAST_STALE_AFTER 3
/* The other holds this node's notice durably and has judged it. */
#define NO_CLEAR_UNHELD 4
/* Nor did it find a collision with what is held here of its own. */
#define NO_CLEAR_AGAINST_ITS_JUDGEMENT 5
#define REACHED 99

/* Records of B's log. A's log holds the versions of its notice only: 1 at the spot, 2 off it. */
#define AT 1
#define OFF 2
#define EVALUATED 2 /* + how far: 3, 4 */
#define FINDING(a, b) (5 + ((a) - 1) * 2 + ((b) - 1))
#define ROOM 9

byte logA[2];
byte sizeA;
byte logB[ROOM];
byte sizeB;
bool endsCommit[ROOM]; /* whether B's log had a signed head after this record */

/* Whose geometry sees the collision: both, or B's alone, where rounding decides. */
bool seesA, seesB;

/* A */
bool signsA = true;
byte heldB;     /* how much of B's log A holds, durably and receipted */
byte judgedB;   /* how much of that A has understood */
byte versionB, placeB;
byte evaluatedByB; /* how much of A's log B says it has judged */
byte findingOfB;   /* its newest */
bool ownProof;
byte receipted;    /* how much of A's log B's receipts cover */
byte announced;    /* the largest head of B that M has shown; 0 when it is held */
byte answeredSize; /* B's size by its newest answer; 0 when it is held */
byte fresh = NEVER; /* age of the challenge that the newest answer echoes */
#ifdef MUTATE_NO_AGE
bool isAnswered;
#endif
bool stepped;      /* UTC stepped, and nobody has answered a later challenge */

/* B */
bool signsB = true;
byte heldA;
bool owesEvaluated;
byte foundByB; /* the pair of versions of its newest finding */
byte versionOwnB, placeOwnB;

/* The answer to A's present challenge, on its way: when the challenge was sent, and B's size; 0 when it is held. */
bool isAnswer;
byte askedAge;
byte answer;
#ifdef MUTATE_ECHO_NOT_COMPARED
/* An answer to an earlier challenge, which somebody replays; a node that compares refuses it, and nothing changes. */
bool isOld;
byte old;
#endif

#ifdef LOSES
/* B's disk is put back to an old copy, once, and has nothing of A's log then; its own log it has restored. */
bool hasLost;
byte sinceLost;     /* ticks since then */
byte receiptOnWay;  /* how much B's receipt on its way covers; 0: none */
bool isReceiptOld;  /* it is of before the loss */
bool areReceiptsOld; /* so is the one that A goes by */
byte answerHolds;   /* how much of A's log B holds, by the answer on its way */
bool isAnswerNew;   /* it is of after the loss */
bool hasCrossed;    /* a receipt has come since its challenge was sent */
bool lossKnown;     /* A has taken an answer of after the loss, and refuses receipts of before */
#endif

/* What the checks compare with: kept by the steps that make it true, and read by no node. */
byte sizeAtTick[STALE + 2]; /* [k]: B's size k ticks ago, at that tick; 0 when it is held */
byte shown;                 /* the largest size of B's log that anybody has shown to A; 0 when it is held */

#define placeA (sizeA == 0 -> 0 : logA[sizeA - 1])
#define collides(a, b) ((a) == AT && (b) == AT)

/* Mechanism.find at B: once for each pair of versions. */
inline findB() {
  if
  :: signsB && seesB && heldA > 0 && versionOwnB > 0 && collides(logA[heldA - 1], placeOwnB) &&
     foundByB != FINDING(heldA, versionOwnB) ->
    foundByB = FINDING(heldA, versionOwnB);
    logB[sizeB] = foundByB;
    sizeB++
  :: else
  fi
}

inline evaluateB() {
  if
  :: signsB -> logB[sizeB] = EVALUATED + heldA; sizeB++; owesEvaluated = false
  :: else -> owesEvaluated = true
  fi
}

#ifdef MUTATE_PUSH_ENDS_ANYWHERE
#define isHead(size) true
#else
#define isHead(size) endsCommit[(size) - 1]
#endif
inline commitB() { endsCommit[sizeB - 1] = true }

/* Mechanism.reconsider at A. */
inline reconsiderA() {
  ownProof = (seesA && versionB > 0 && sizeA > 0 && collides(placeA, placeB))
}

/* Mechanism.understand at A, of everything held and not judged yet. */
inline understandA() {
  do
  :: judgedB < heldB ->
    if
    :: logB[judgedB] <= OFF -> versionB++; placeB = logB[judgedB]; reconsiderA()
    :: logB[judgedB] > OFF && logB[judgedB] < FINDING(1, 1) -> evaluatedByB = logB[judgedB] - EVALUATED
    :: logB[judgedB] >= FINDING(1, 1) ->
#ifndef MUTATE_FINDING_IGNORED
      findingOfB = logB[judgedB]
#else
      skip
#endif
    fi;
    judgedB++
  :: else -> break
  od
}

/* Mechanism.assurance, the rules in their order: conflict; every doubt; else clear. */
#define isConflict (ownProof || (sizeA > 0 && versionB > 0 && findingOfB == FINDING(sizeA, versionB)))
#ifdef MUTATE_NO_AGE
#define isStale (!isAnswered)
#else
#define isStale (fresh > STALE)
#endif
#ifdef MUTATE_HEAD_OF_ANSWER_IGNORED
#define headLarger false
#else
#define headLarger (answeredSize > heldB)
#endif
#ifdef MUTATE_SHOWN_HEAD_IGNORED
#define headNotCompared false
#else
#define headNotCompared (announced > heldB)
#endif
#define doubt (isStale || headLarger || headNotCompared || !signsA || stepped)
#ifdef MUTATE_NO_RECEIPT
#define notReceipted false
#else
#define notReceipted (receipted < sizeA)
#endif
#ifdef MUTATE_NO_EVALUATED
#define notEvaluated false
#else
#define notEvaluated (evaluatedByB < sizeA)
#endif
/* For A's own notice, for B's, as A's desk sees them. */
#define clearOwn (sizeA > 0 && !isConflict && !doubt && !notReceipted && !notEvaluated)
#define clearOther (versionB > 0 && !isConflict && !doubt)

/* What the records themselves say, read anew from the logs. */
byte truePlaceB, trueVersionB, trueFinding, trueEvaluated, n;

inline readLogs() {
  truePlaceB = 0; trueVersionB = 0; trueFinding = 0; trueEvaluated = 0; n = 0;
  do
  :: n < heldB ->
    if
    :: logB[n] <= OFF -> truePlaceB = logB[n]; trueVersionB++
    :: logB[n] >= FINDING(1, 1) -> trueFinding = logB[n]
    :: else -> trueEvaluated = logB[n] - EVALUATED
    fi;
    n++
  :: else -> n = 0; break
  od
}

inline check() {
  if
  :: clearOwn || clearOther ->
    readLogs();
    demand(NO_CLEAR_BESIDE_A_RECEIPTED_CONFLICT,
      !(seesA && sizeA > 0 && collides(placeA, truePlaceB)) &&
      !(trueFinding != 0 && sizeA > 0 && trueFinding == FINDING(sizeA, trueVersionB)));
    demand(NO_CLEAR_BELOW_A_SHOWN_HEAD, shown <= heldB);
    demand(NO_CLEAR_PAST_STALE_AFTER, heldB >= sizeAtTick[STALE + 1]);
    if
    :: clearOwn ->
#ifdef LOSES
      demand(NO_CLEAR_UNHELD, heldA == sizeA || (hasLost && sinceLost <= STALE));
#else
      demand(NO_CLEAR_UNHELD, heldA == sizeA && trueEvaluated == sizeA);
#endif
#ifndef LOSES
      demand(NO_CLEAR_AGAINST_ITS_JUDGEMENT, !(seesB && collides(placeA, truePlaceB)));
#endif
      skip
    :: else
    fi;
    truePlaceB = 0; trueVersionB = 0; trueFinding = 0; trueEvaluated = 0
  :: else
  fi;
#ifdef REACH_CLEAR_OWN
  demand(REACHED, !clearOwn);
#endif
#ifdef REACH_CLEAR_OTHER
  demand(REACHED, !(clearOther && sizeA > 0));
#endif
#ifdef REACH_CLEAR_AFTER_A_CONFLICT
  demand(REACHED, !(clearOwn && findingOfB != 0));
#endif
#ifdef REACH_CLEAR_OUTDATED
  demand(REACHED, !(clearOwn && versionOwnB > versionB && collides(placeA, placeOwnB)));
#endif
  skip
}

byte i;

#define ifLarger(size) (size > heldB -> size : 0)

/* Mechanism.take at A: the first `i` records of B. */
inline takeAtA() {
  heldB = i;
  answeredSize = ifLarger(answeredSize);
  announced = ifLarger(announced);
  shown = ifLarger(shown);
  sizeAtTick[1] = ifLarger(sizeAtTick[1]);
  sizeAtTick[2] = ifLarger(sizeAtTick[2]);
  answer = ifLarger(answer);
#ifndef MUTATE_JUDGED_LATER
  understandA();
#endif
  i = 0
}

/* A stale answer is a doubt whatever its size was, and the next one says more. */
inline forgetAnswer() {
#ifndef MUTATE_NO_AGE
  answeredSize = 0
#else
  skip
#endif
}

inline forgetChallenge() {
#ifdef LOSES
  answerHolds = 0; isAnswerNew = false; hasCrossed = false;
#endif
  askedAge = 0; isAnswer = false; answer = 0
}

/* Mechanism.takeBackReceipts. */
inline takeBackReceipts() {
#ifdef LOSES
  /* By B's own clock receipts and answers have an order, whichever came first. */
#ifndef MUTATE_TIMES_NOT_COMPARED
  lossKnown = lossKnown || isAnswerNew;
#define isTooNew (hasCrossed && !(isAnswerNew && areReceiptsOld))
#else
#define isTooNew hasCrossed
#endif
  if
  :: answerHolds < receipted && !isTooNew ->
#ifndef MUTATE_LOSS_IGNORED
    receipted = answerHolds; lossKnown = true;
    evaluatedByB = (evaluatedByB < answerHolds -> evaluatedByB : answerHolds)
#else
    skip
#endif
  :: else
  fi
#else
  skip
#endif
}

inline fileA(place) {
  logA[sizeA] = place; sizeA++;
#ifndef MUTATE_OWN_AMENDMENT_NOT_JUDGED
  reconsiderA()
#else
  skip
#endif
}

inline fileB(place) {
  placeOwnB = place; logB[sizeB] = place; sizeB++; versionOwnB++;
  findB(); commitB()
}

active proctype world() {
  seesB = true;
#ifdef LOSES
  seesA = true; /* what the two see differently, M's heads and UTC are searched without a loss */
#else
  if :: seesA = true :: skip fi;
#endif
  do
  /* An officer at A files or amends. */
  :: d_step { signsA && sizeA < FILES_A -> fileA(AT); check() }
  :: d_step { signsA && sizeA < FILES_A && placeA != OFF -> fileA(OFF); check() }
  /* An officer at B files or amends; B's finding stands in the same commit. */
  :: d_step { signsB && versionOwnB < FILES_B -> fileB(AT); check() }
  :: d_step { signsB && versionOwnB < FILES_B && placeOwnB != OFF -> fileB(OFF); check() }

  /* A's push reaches B: hold, judge, state, in one commit. */
  :: d_step { heldA < sizeA ->
    heldA++;
    findB(); evaluateB();
    if :: signsB -> commitB() :: else fi;
    check() }
  /* B's receipt over A's log reaches A. */
#ifndef LOSES
  :: d_step { receipted < heldA -> receipted = heldA; check() }
#else
  :: d_step { receiptOnWay == 0 && receipted < heldA -> receiptOnWay = heldA; check() }
  :: d_step { receiptOnWay > 0 ->
    if
    :: receiptOnWay > receipted && !(isReceiptOld && lossKnown) ->
      receipted = receiptOnWay; areReceiptsOld = isReceiptOld; hasCrossed = isAnswer
    :: else
    fi;
    receiptOnWay = 0; isReceiptOld = false; check() }
  :: d_step { !hasLost && heldA > 0 ->
    hasLost = true; heldA = 0; signsB = false; owesEvaluated = false;
    isReceiptOld = receiptOnWay > 0; areReceiptsOld = receipted > 0;
    check() }
#endif
  /* B's push, or M's relay of it, reaches A: a run that ends at a head of B's. */
  :: d_step { heldB < sizeB ->
    i = heldB + 1;
    do
    :: i < sizeB && !isHead(i) -> i++
    :: else -> break
    od;
    takeAtA(); check() }
#ifdef MUTATE_JUDGED_LATER
  :: d_step { judgedB < heldB -> understandA(); check() }
#endif
#ifndef LOSES
  /* M shows A a head of B's that it holds. */
  :: d_step { sizeB > heldB && sizeB > announced ->
    announced = sizeB; shown = sizeB; check() }
#endif

  /* A challenges B. The answer is written at once: one written later says more and counts for as old. */
  :: d_step { !isAnswer || askedAge > 0 ->
#ifdef MUTATE_ECHO_NOT_COMPARED
    if :: isAnswer -> isOld = true; old = answer :: else fi;
#endif
    isAnswer = true; askedAge = 0; answer = ifLarger(sizeB);
#ifdef LOSES
    answerHolds = heldA; isAnswerNew = hasLost; hasCrossed = false;
#endif
    check() }
  /* The answer arrives. */
  :: d_step { isAnswer ->
#ifdef MUTATE_AGE_FROM_ANSWER
    fresh = 0;
#else
    fresh = askedAge;
#endif
#ifdef MUTATE_NO_AGE
    isAnswered = true;
#endif
    answeredSize = answer;
    takeBackReceipts();
    shown = (answer > shown -> answer : shown);
    forgetChallenge();
    stepped = false;
    /* Every other node is asked in the same way; B's answer stands for all of them. */
    signsA = true;
    check() }
#ifdef MUTATE_ECHO_NOT_COMPARED
  :: d_step { isAnswer && isOld ->
    fresh = askedAge; answeredSize = ifLarger(old);
    forgetChallenge(); isOld = false; old = 0;
    check() }
#endif

  /* Time. */
  :: d_step {
    sizeAtTick[2] = sizeAtTick[1]; sizeAtTick[1] = ifLarger(sizeB);
    if
    :: fresh == STALE -> fresh = NEVER; forgetAnswer()
    :: fresh < STALE -> fresh++
    :: else
    fi;
    /* What would be stale on arrival is not waited for. */
    if
    :: isAnswer && askedAge == STALE -> forgetChallenge()
    :: isAnswer && askedAge < STALE -> askedAge++
    :: else
    fi;
#ifdef LOSES
    if :: hasLost && sinceLost < NEVER -> sinceLost++ :: else fi;
#endif
    check() }
#ifndef LOSES
  /* UTC steps. Nothing asked before it ends the doubt. */
  :: d_step { !stepped ->
#ifdef MUTATE_STEP_EXTENDS
    if :: fresh < NEVER -> fresh = 0 :: else fi;
#else
    stepped = true; forgetChallenge();
#endif
    check() }
#endif

  /* Crash and restart; a node that is down is one that takes no step. All that was committed is there afterwards. */
  :: d_step {
#ifdef MUTATE_RESTART_KEEPS_EVIDENCE
    if :: fresh < NEVER -> fresh = 0 :: else fi;
#else
    fresh = NEVER; forgetAnswer(); signsA = false;
#endif
    forgetChallenge(); stepped = false; check() }
  :: d_step { signsB -> signsB = false; check() }
  /* B may sign again; what it owes is said first. */
  :: d_step { !signsB ->
    signsB = true;
    i = sizeB;
    findB();
    if :: owesEvaluated -> evaluateB() :: else fi;
    if :: sizeB > i -> commitB() :: else fi;
    i = 0;
    check() }
  od
}
