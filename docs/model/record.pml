/*
 * Logs, receipts and heads: an author, and two holders that compare what they hold.
 *
 * LIES: the author signs two histories, which part after one record, and shows whichever it likes to whom it likes.
 * HONEST: it signs one, and its disk may be put back to an older copy, once. The holders B and M are honest. Everybody
 * may crash, and everything may be late, double or never; but a push does not outlive the process that makes it.
 *
 * A record is its place and its history; those below `parting` are the same in both. Two heads fit when one is a prefix of
 * the other. One step is one event; the commit of a holder is a step of its own, and nothing else of that holder comes
 * between. Names are tied to the code's in README.md.
 */

/* What has to hold after every step. pan prints the number of the one that does not. */
#define demand(property, condition) assert(property && (condition))
/* What a holder has signed that it holds is what its disk holds. */
#define NO_RECEIPT_BEFORE_DURABLE 1
/* Of two histories that are both receipted a holder has the proof as soon as the other has shown it its head. */
#define TWO_HISTORIES_ARE_FOUND 2
/* There is no proof against an author that signed one history. */
#define NO_FORK_WITHOUT_TWO_HISTORIES 3
/* An honest author signs no second history from an old copy of its disk. */
#define NO_SECOND_HISTORY 4
/* A holder gives no receipt for a log that it has found forked. */
#define NO_RECEIPT_OF_A_FROZEN_LOG 5
#define REACHED 99

#define MOST 3

/* The author: what it offers now, and how much of each history anybody has durably had of it. */
byte parting = 1;
byte offer, history;
byte given[2];

/* Holders: what memory has, and what the disk has. */
byte held[2], heldHistory[2];
byte durable[2], durableHistory[2];
bool fork[2];                           /* HeldLog.fork */
byte announced[2], announcedHistory[2]; /* a signed head whose records have not come; size 0: none */
/* What it has signed that it holds: what the world has, not the node. */
byte receipt[2], receiptHistory[2];
/* Whether it has been shown the other's head while both receipts stood. */
bool compared[2];

#define fits(a, g, b, h) ((g) == (h) || (a) <= parting || (b) <= parting)
#define twoReceipted (!fits(receipt[0], receiptHistory[0], receipt[1], receiptHistory[1]))
/* Whether no turn of this holder is under way. */
#define rests(x) (held[x] == durable[x] && heldHistory[x] == durableHistory[x])

inline check() {
  demand(NO_RECEIPT_BEFORE_DURABLE,
    receipt[0] <= durable[0] && fits(receipt[0], receiptHistory[0], durable[0], durableHistory[0]) &&
    receipt[1] <= durable[1] && fits(receipt[1], receiptHistory[1], durable[1], durableHistory[1]));
  demand(TWO_HISTORIES_ARE_FOUND, !twoReceipted || ((!compared[0] || fork[0]) && (!compared[1] || fork[1])));
#ifdef HONEST
  demand(NO_FORK_WITHOUT_TWO_HISTORIES, !fork[0] && !fork[1]);
  demand(NO_SECOND_HISTORY, history == 0);
#endif
#ifdef REACH_TWO_RECEIPTED
  demand(REACHED, !(twoReceipted && !fork[0] && !fork[1]));
#endif
#ifdef REACH_BOTH_FORKS_FOUND
  demand(REACHED, !(fork[0] && fork[1]));
#endif
#ifdef REACH_RESTORED_AND_SIGNING
  demand(REACHED, !(wasPutBack && signs && offer == MOST && offer > oldSize + 1));
#endif
  skip
}

#ifdef HONEST
byte oldSize;    /* of the copy of its disk */
bool wasPutBack;
bool signs = true; /* SigningState.confirmed */
bool isBehind;     /* SigningState.behind */
bool answered[2];  /* LinkState other than down: it has answered a challenge of this run */
byte holds[2];     /* as it said then */

/* Mechanism.isSizeConfirmed */
#ifdef MUTATE_ONE_ANSWER_IS_ENOUGH
#define isConfirmed ((answered[0] && holds[0] <= offer) || (answered[1] && holds[1] <= offer))
#else
#define isConfirmed (answered[0] && holds[0] <= offer && answered[1] && holds[1] <= offer)
#endif

inline startAnew() {
  isBehind = false;
#ifndef MUTATE_ANSWERS_OF_AN_EARLIER_RUN
  answered[0] = false; answered[1] = false; holds[0] = 0; holds[1] = 0;
#endif
#ifndef MUTATE_SIGNS_AT_ONCE
  signs = false;
#endif
  skip
}

active proctype author() {
  do
  :: d_step { signs && offer < MOST ->
    /* In place of a record that others have it signs another: that is the second history. */
    if
    :: offer < given[0] -> history = 1; parting = offer
    :: else
    fi;
    offer++;
    check() }
  :: d_step { !wasPutBack && oldSize < offer -> oldSize++ }
  :: d_step { startAnew(); check() }
  :: d_step { !wasPutBack && oldSize < offer -> wasPutBack = true; offer = oldSize; startAnew(); check() }
  :: d_step { !signs && !isBehind && isConfirmed -> signs = true; check() }
  od
}

/* What a holder says to the author's challenge, and shows with it. */
inline answerAuthor(x) {
  answered[x] = true; holds[x] = held[x];
  if
  :: held[x] > offer -> isBehind = true; signs = false
  :: else
  fi
}

/* `parley restore`: the records of its log come back from a holder. */
inline giveBack(x) {
  offer = held[x]; isBehind = false
}
#else
/* It offers anything at any time, signed. */
active proctype author() {
  offer = 1;
  do
  :: offer < MOST -> offer++
  :: offer > 1 -> offer = 1
  :: history = 1 - history
  od
}
#endif

/* Mechanism.freeze */
inline freeze(x) { fork[x] = true; announced[x] = 0; announcedHistory[x] = 0 }

/* Mechanism.judge of a head of size s in history h; `related`: with proof of what its holder had at our size. */
inline judge(x, s, h, related) {
  if
  :: s > held[x] ->
    if
    :: announced[x] == s && announcedHistory[x] != h && s > parting -> freeze(x)
#ifdef MUTATE_ANNOUNCED_IS_NO_NEWS
    :: announced[x] == s && (announcedHistory[x] == h || s <= parting) -> skip
#endif
    :: else ->
      if
#ifdef MUTATE_BARE_HEAD_IS_PROOF
      :: !related && held[x] > 0 -> freeze(x)
#endif
#ifndef MUTATE_RELATION_IGNORED
      :: related && held[x] > 0 && !fits(s, h, held[x], heldHistory[x]) -> freeze(x)
#endif
      :: else -> if :: s > announced[x] -> announced[x] = s; announcedHistory[x] = h :: else fi
      fi
    fi
  :: else ->
    if
#ifndef MUTATE_SMALLER_HEADS_IGNORED
    :: !fits(s, h, held[x], heldHistory[x]) -> freeze(x)
#else
    :: s == held[x] && !fits(s, h, held[x], heldHistory[x]) -> freeze(x)
#endif
    :: else
    fi
  fi
}

inline forgetHistory(x) {
  /* Of what is common to both histories there is one name. */
  if :: held[x] <= parting -> heldHistory[x] = 0 :: else fi
}

proctype holder(byte me) {
  do
  /* A push by the author, or of what the other holds: PreparedEvent.entries. */
  :: d_step { !fork[me] && rests(me) && offer > held[me] && fits(offer, history, held[me], heldHistory[me]) ->
    held[me] = offer; heldHistory[me] = history; forgetHistory(me); check() }
  :: d_step { !fork[me] && rests(me) && held[1 - me] > held[me] && rests(1 - me) && !fork[1 - me] &&
      fits(held[1 - me], heldHistory[1 - me], held[me], heldHistory[me]) ->
    held[me] = held[1 - me]; heldHistory[me] = heldHistory[1 - me]; forgetHistory(me); check() }
  /* A push that ends at or below what is held: its head is compared. */
  :: d_step { !fork[me] && rests(me) && offer > 0 && offer <= held[me] -> judge(me, offer, history, false); check() }
  /* The commit. */
  :: d_step { !rests(me) ->
    durable[me] = held[me]; durableHistory[me] = heldHistory[me];
    if :: held[me] > given[heldHistory[me]] -> given[heldHistory[me]] = held[me] :: else fi;
    check() }
  /* Node.receipt */
  :: d_step {
#ifndef MUTATE_FROZEN_LOG_IS_RECEIPTED
    !fork[me] &&
#endif
#ifndef MUTATE_RECEIPT_BEFORE_COMMIT
    rests(me) &&
#endif
    held[me] > receipt[me] ->
    demand(NO_RECEIPT_OF_A_FROZEN_LOG, !fork[me]);
    receipt[me] = held[me]; receiptHistory[me] = heldHistory[me]; check() }
  /* A crash, or a commit that fails: memory is folded again from the disk. */
  :: d_step { !rests(me) -> held[me] = durable[me]; heldHistory[me] = durableHistory[me]; check() }
  /* Heads of the other holder come with its answer to our challenge. */
  :: d_step { !fork[me] && rests(me) && rests(1 - me) && held[1 - me] > 0 ->
    judge(me, held[1 - me], heldHistory[1 - me], true);
    if :: twoReceipted -> compared[me] = true :: else fi;
    check() }
  /* The author shows a head alone: it may be of records that never come. */
  :: d_step { !fork[me] && rests(me) && offer > 0 -> judge(me, offer, history, false); check() }
  /* Mechanism.comparableHeads: what was announced is here now. */
  :: d_step { !fork[me] && rests(me) && announced[me] > 0 && announced[me] <= held[me] ->
    if
    :: !fits(announced[me], announcedHistory[me], held[me], heldHistory[me]) -> freeze(me)
    :: else -> announced[me] = 0; announcedHistory[me] = 0
    fi;
    check() }
#ifdef HONEST
  :: d_step { rests(me) -> answerAuthor(me); check() }
  :: d_step { isBehind && rests(me) && held[me] > offer -> giveBack(me); check() }
#endif
  od
}

init { atomic { run holder(0); run holder(1) } }
