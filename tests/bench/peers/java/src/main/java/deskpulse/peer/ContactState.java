package deskpulse.peer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What is known of a contact (packages/core/src/folds/contact/state.ts), less what only other KPIs need. */
public final class ContactState {
  public static final byte OPEN = 0;
  public static final byte RESOLVED = 1;
  public static final byte CLOSED = 2;
  public static final byte ABANDONED = 3;
  public static final byte ENDED = 4;
  static final long NEVER = Long.MIN_VALUE;

  boolean explicit;
  boolean inbound = true;
  boolean discarded;
  boolean bot;
  boolean assigned;
  boolean answered;
  boolean handled;
  boolean resolvedOnce;
  boolean overByRelease;
  boolean firstByRelease;
  boolean spoken;
  byte phase = OPEN;
  int owedCount;
  int reopenings;
  long startedMs = NEVER;
  long overSinceMs = NEVER;
  long owedSinceMs = NEVER;
  long owedLimitMs;
  long queueWaitSinceMs = NEVER;
  long resolvedMs = NEVER;
  String channel = "unknown";
  String channelClass = "live";
  String queue;
  String firstQueue;
  String assignedQueue;
  String owner;
  String lastHuman;
  String resolvedQueue;
  String resolvedAgent;
  final List<String> handledBy = new ArrayList<>(2);

  Dimensions current() {
    return Dimensions.of(queue, owner, channel, channelClass);
  }

  /** Where it counts in `waiting_now`; `null`: nowhere. */
  Dimensions waiting() {
    boolean waits = (owedSinceMs != NEVER && !"deferred".equals(channelClass)) || queueWaitSinceMs != NEVER;
    return waits && inbound && !discarded ? current() : null;
  }

  boolean isWithBotAlone() {
    return bot && !assigned && !answered;
  }

  public byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      boolean[] flags = {
        explicit, inbound, discarded, bot, assigned, answered, handled, resolvedOnce, overByRelease, firstByRelease, spoken
      };
      int bits = 0;
      for (int index = 0; index < flags.length; index++) if (flags[index]) bits |= 1 << index;
      out.writeShort(bits);
      out.writeByte(phase);
      out.writeShort(owedCount);
      out.writeShort(reopenings);
      for (long value : new long[] {startedMs, overSinceMs, owedSinceMs, owedLimitMs, queueWaitSinceMs, resolvedMs}) out.writeLong(value);
      String[] texts = {channel, channelClass, queue, firstQueue, assignedQueue, owner, lastHuman, resolvedQueue, resolvedAgent};
      for (String text : texts) out.writeUTF(text == null ? "" : text);
      out.writeByte(handledBy.size());
      for (String agent : handledBy) out.writeUTF(agent);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return bytes.toByteArray();
  }

  public static ContactState decode(byte[] bytes) {
    ContactState state = new ContactState();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int bits = in.readUnsignedShort();
      state.explicit = (bits & 1) != 0;
      state.inbound = (bits & 2) != 0;
      state.discarded = (bits & 4) != 0;
      state.bot = (bits & 8) != 0;
      state.assigned = (bits & 16) != 0;
      state.answered = (bits & 32) != 0;
      state.handled = (bits & 64) != 0;
      state.resolvedOnce = (bits & 128) != 0;
      state.overByRelease = (bits & 256) != 0;
      state.firstByRelease = (bits & 512) != 0;
      state.spoken = (bits & 1024) != 0;
      state.phase = in.readByte();
      state.owedCount = in.readUnsignedShort();
      state.reopenings = in.readUnsignedShort();
      state.startedMs = in.readLong();
      state.overSinceMs = in.readLong();
      state.owedSinceMs = in.readLong();
      state.owedLimitMs = in.readLong();
      state.queueWaitSinceMs = in.readLong();
      state.resolvedMs = in.readLong();
      state.channel = text(in);
      state.channelClass = text(in);
      state.queue = text(in);
      state.firstQueue = text(in);
      state.assignedQueue = text(in);
      state.owner = text(in);
      state.lastHuman = text(in);
      state.resolvedQueue = text(in);
      state.resolvedAgent = text(in);
      for (int left = in.readByte(); left > 0; left--) state.handledBy.add(in.readUTF());
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return state;
  }

  private static String text(DataInputStream in) throws IOException {
    String text = in.readUTF();
    return text.isEmpty() ? null : text;
  }
}
