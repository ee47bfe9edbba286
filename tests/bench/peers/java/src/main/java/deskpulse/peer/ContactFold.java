package deskpulse.peer;

import static deskpulse.peer.ContactState.ABANDONED;
import static deskpulse.peer.ContactState.CLOSED;
import static deskpulse.peer.ContactState.ENDED;
import static deskpulse.peer.ContactState.NEVER;
import static deskpulse.peer.ContactState.OPEN;
import static deskpulse.peer.ContactState.RESOLVED;

import deskpulse.peer.Dimensions.Scope;

/**
 * Applies one event to one contact as packages/core/src/folds/contact does; events come in order, each once. Not done: a late event, a repeated one,
 * a bot that turns out to have had the contact all along; discarding takes back nothing that was counted before.
 */
public final class ContactFold {
  private static final long RETURN_GAP_MS = 600_000;
  private static final long DEFERRED_LIMIT_MS = 3_600_000;
  private static final long FIRST_LIMIT_MS = 28_000;
  private static final long REPLY_LIMIT_MS = 30_000;

  private final ContactState state;
  private final Event event;
  private final long atMs;
  private final Facts facts;

  private ContactFold(ContactState state, Event event, Facts facts) {
    this.state = state;
    this.event = event;
    this.atMs = event.timeMs;
    this.facts = facts;
  }

  public static void apply(ContactState state, Event event, Facts facts) {
    Dimensions before = state.waiting();
    new ContactFold(state, event, facts).step();
    Dimensions after = state.waiting();
    if (before == null ? after == null : before.equals(after)) return;
    if (before != null) facts.waiting(-1, before);
    if (after != null) facts.waiting(1, after);
  }

  private void step() {
    if (state.startedMs == NEVER) open();
    switch (event.type) {
      case "deskpulse.contact.queued.v1" -> {
        takeBackRelease();
        enterQueue(event.queue == null ? "none" : event.queue);
        leaveBot();
      }
      case "deskpulse.contact.assigned.v1" -> {
        takeBackRelease();
        assign();
        leaveBot();
      }
      case "deskpulse.message.sent.v1" -> message();
      case "deskpulse.contact.handed_off.v1" -> handOff();
      case "deskpulse.contact.dequeued.v1" -> {
        if (event.queue != null && !event.queue.equals(state.queue)) return;
        state.queueWaitSinceMs = NEVER;
        state.queue = null;
      }
      case "deskpulse.contact.transferred.v1" -> {
        boolean moves = event.mode == null || event.mode.equals("cold") || event.mode.equals("warm");
        if (moves && state.owner != null) handle(false, null);
      }
      case "deskpulse.contact.unassigned.v1" -> endOwnersPart();
      case "deskpulse.contact.released.v1" -> {
        endPart(event.agentId);
        if (state.owner == null && state.queueWaitSinceMs == NEVER && releaseResolves()) resolveByRelease();
      }
      case "deskpulse.contact.ended.v1" -> {
        endPart(null);
        if (releaseResolves()) resolveByRelease();
        else finish(ENDED);
      }
      case "deskpulse.contact.abandoned.v1" -> {
        if (!state.answered) {
          finish(ABANDONED);
          return;
        }
        endPart(null);
        state.queueWaitSinceMs = NEVER;
        if (releaseResolves()) resolveByRelease();
      }
      case "deskpulse.contact.resolved.v1" -> {
        finish(RESOLVED);
        state.overByRelease = false;
        if (!state.isWithBotAlone()) resolveFirst(event.agentId);
      }
      case "deskpulse.contact.reopened.v1" -> reopen();
      case "deskpulse.contact.closed.v1" -> {
        finish(CLOSED);
        state.overByRelease = false;
      }
      case "deskpulse.contact.discarded.v1" -> {
        state.owedSinceMs = NEVER;
        state.discarded = true;
      }
      case "deskpulse.contact.restored.v1" -> state.discarded = false;
      default -> {}
    }
  }

  private boolean isVoice() {
    return "voice".equals(state.channelClass);
  }

  private void count(int counter, long delta, long countedMs, Dimensions dimensions, Scope scope) {
    if (state.inbound && !state.discarded) facts.count(counter, delta, countedMs, dimensions, scope);
  }

  private void open() {
    state.startedMs = atMs;
    state.explicit = event.type.equals("deskpulse.contact.opened.v1");
    String openedBy = state.explicit ? (event.openedBy == null ? "customer" : event.openedBy) : "system";
    state.inbound = event.direction == null ? !openedBy.equals("agent") : event.direction.equals("inbound");
    state.channel = event.channel == null ? "unknown" : event.channel;
    state.channelClass =
        switch (state.channel) {
          case "voice" -> "voice";
          case "email", "ticket" -> "deferred";
          default -> "live";
        };
    state.bot = state.explicit && "bot".equals(event.handledBy);
    if (!state.explicit) return;
    putOpened(1);
    if (event.queue != null) enterQueue(event.queue);
    else if (isVoice() && state.inbound && !state.bot) state.queueWaitSinceMs = atMs;
  }

  private void putOpened(long delta) {
    count(Aggregate.OPENED, delta, state.startedMs, Dimensions.of(state.firstQueue, null, state.channel, state.channelClass), Scope.WIDE);
  }

  private void enterQueue(String queue) {
    boolean same = queue.equals(state.queue);
    state.queue = queue;
    creditOpening(queue);
    if (isVoice() && state.phase == OPEN && (!same || state.queueWaitSinceMs == NEVER)) state.queueWaitSinceMs = atMs;
  }

  /** The opening belongs to the first queue, also where that is known only later. */
  private void creditOpening(String queue) {
    if (state.firstQueue != null) return;
    if (state.explicit) putOpened(-1);
    state.firstQueue = queue;
    if (state.explicit) putOpened(1);
  }

  private void assign() {
    String agent = event.agentId == null ? "none" : event.agentId;
    if (event.queue != null) {
      state.queue = event.queue;
      creditOpening(event.queue);
    }
    state.queueWaitSinceMs = NEVER;
    state.assigned = true;
    if (isVoice()) state.answered = true;
    if (agent.equals(state.owner)) return;
    endOwnersPart();
    state.owner = agent;
    state.assignedQueue = state.queue;
  }

  private void message() {
    state.spoken = true;
    switch (event.from == null ? "" : event.from) {
      case "customer" -> {
        if (state.phase != OPEN) {
          if (atMs - state.overSinceMs <= RETURN_GAP_MS) return;
          reopen();
        }
        if (!state.bot) owe();
      }
      case "agent" -> {
        if (event.isPrivate || event.automatic) return;
        String writer = event.agentId == null ? state.owner : event.agentId;
        if (writer != null) state.lastHuman = writer;
        if (!isVoice()) state.answered = true;
        answer(writer);
      }
      default -> {}
    }
  }

  private void owe() {
    if (state.owedSinceMs != NEVER || isVoice() || state.phase != OPEN) return;
    boolean first = state.explicit && state.owedCount == 0 && state.reopenings == 0;
    state.owedSinceMs = atMs;
    state.owedLimitMs = "deferred".equals(state.channelClass) ? DEFERRED_LIMIT_MS : first ? FIRST_LIMIT_MS : REPLY_LIMIT_MS;
    state.owedCount++;
  }

  private void answer(String writer) {
    if (state.owedSinceMs == NEVER) return;
    long waitMs = atMs - state.owedSinceMs;
    Dimensions credit = Dimensions.of(state.queue, writer, state.channel, state.channelClass);
    if (state.inbound && !state.discarded) facts.reply(atMs, waitMs, waitMs <= state.owedLimitMs, credit);
    state.owedSinceMs = NEVER;
  }

  private void handOff() {
    if (event.to == null || event.to.equals("human")) {
      handToHumans();
      return;
    }
    state.owedSinceMs = NEVER;
    state.bot = true;
  }

  private void leaveBot() {
    if (state.bot) handToHumans();
  }

  private void handToHumans() {
    state.bot = false;
    owe();
  }

  private void endPart(String agentId) {
    if (state.owner == null || (agentId != null && !agentId.equals(state.owner))) handle(false, agentId);
    else endOwnersPart();
  }

  private void endOwnersPart() {
    if (state.owner == null) return;
    handle(false, null);
    if (isVoice()) state.lastHuman = state.owner;
    state.owner = null;
  }

  private void handle(boolean closing, String agentId) {
    if (state.isWithBotAlone()) return;
    if (!state.answered && !state.spoken && !isVoice() && (state.assigned || closing)) state.answered = true;
    if (!state.answered) return;
    String queue = state.assigned ? state.assignedQueue : state.queue;
    if (!state.handled) {
      state.handled = true;
      count(Aggregate.HANDLED, 1, atMs, Dimensions.of(queue, null, state.channel, state.channelClass), Scope.WIDE);
    }
    String agent = agentId != null ? agentId : state.owner != null ? state.owner : state.lastHuman != null ? state.lastHuman : "none";
    if (agent.equals("none") && !state.handledBy.isEmpty()) return;
    if (state.handledBy.contains(agent)) return;
    state.handledBy.add(agent);
    count(Aggregate.HANDLED, 1, atMs, Dimensions.of(queue, agent, state.channel, state.channelClass), Scope.AGENT);
  }

  private void finish(byte phase) {
    state.owedSinceMs = NEVER;
    state.queueWaitSinceMs = NEVER;
    boolean closing = phase == RESOLVED || phase == CLOSED;
    if (closing || (phase == ABANDONED && state.assigned)) handle(closing, null);
    if (state.phase == OPEN) state.overSinceMs = atMs;
    if (state.phase == OPEN || phase == RESOLVED) state.phase = phase;
  }

  private boolean releaseResolves() {
    return isVoice() && state.answered && state.phase == OPEN;
  }

  private void resolveByRelease() {
    finish(RESOLVED);
    state.overByRelease = true;
    state.firstByRelease = !state.resolvedOnce;
    resolveFirst(null);
  }

  private void resolveFirst(String agentId) {
    if (state.resolvedOnce) return;
    state.resolvedOnce = true;
    state.resolvedMs = atMs;
    state.resolvedQueue = state.queue;
    state.resolvedAgent = agentId != null ? agentId : state.owner != null ? state.owner : state.lastHuman;
    putResolved(1);
  }

  private void putResolved(long delta) {
    Dimensions credit = Dimensions.of(state.resolvedQueue, state.resolvedAgent, state.channel, state.channelClass);
    count(Aggregate.RESOLVED, delta, state.resolvedMs, credit, Scope.BOTH);
  }

  /** The call goes on after a release: it was not the last one. */
  private void takeBackRelease() {
    if (!state.overByRelease) return;
    if (state.firstByRelease) {
      putResolved(-1);
      state.resolvedOnce = false;
    }
    state.overByRelease = false;
    state.phase = OPEN;
    state.overSinceMs = NEVER;
  }

  private void reopen() {
    if (state.phase == OPEN) return;
    state.phase = OPEN;
    state.overSinceMs = NEVER;
    state.overByRelease = false;
    state.reopenings++;
  }
}
