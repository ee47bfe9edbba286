package deskpulse.peer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What is counted in one slice and bucket, as the bytes that are stored: six long counters, then the histogram's bins that are not empty, in
 * ascending order, each a short (bin) and an int (count). Changed as bytes, on a copy, so that no update decodes or encodes a histogram.
 */
public final class Aggregate {
  public static final int OPENED = 0;
  public static final int HANDLED = 1;
  public static final int RESOLVED = 2;
  public static final int REPLIES = 3;
  public static final int REPLY_SUM = 4;
  public static final int REPLIES_WITHIN = 5;
  private static final int HEADER = 6 * 8;
  private static final int ENTRY = 6;
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private Aggregate() {}

  public static long counter(byte[] value, int counter) {
    return (long) LONG.get(value, counter * 8);
  }

  public static int bins(byte[] value) {
    return (value.length - HEADER) / ENTRY;
  }

  public static int bin(byte[] value, int index) {
    return (short) SHORT.get(value, HEADER + index * ENTRY);
  }

  public static int binCount(byte[] value, int index) {
    return (int) INT.get(value, HEADER + index * ENTRY + 2);
  }

  /** @param before `null`: nothing was counted yet */
  public static byte[] add(byte[] before, int counter, long delta) {
    byte[] value = before == null ? new byte[HEADER] : before.clone();
    LONG.set(value, counter * 8, (long) LONG.get(value, counter * 8) + delta);
    return value;
  }

  public static byte[] addReply(byte[] before, long waitMs, boolean within) {
    int bin = Histogram.binOf(waitMs);
    int index = before == null ? -1 : find(before, bin);
    byte[] value;
    if (index >= 0) {
      value = before.clone();
      int at = HEADER + index * ENTRY + 2;
      INT.set(value, at, (int) INT.get(value, at) + 1);
    } else {
      int at = before == null ? HEADER : HEADER + (-index - 1) * ENTRY;
      byte[] old = before == null ? new byte[HEADER] : before;
      value = Arrays.copyOf(old, old.length + ENTRY);
      System.arraycopy(old, at, value, at + ENTRY, old.length - at);
      SHORT.set(value, at, (short) bin);
      INT.set(value, at + 2, 1);
    }
    LONG.set(value, REPLIES * 8, (long) LONG.get(value, REPLIES * 8) + 1);
    LONG.set(value, REPLY_SUM * 8, (long) LONG.get(value, REPLY_SUM * 8) + waitMs);
    if (within) LONG.set(value, REPLIES_WITHIN * 8, (long) LONG.get(value, REPLIES_WITHIN * 8) + 1);
    return value;
  }

  /** Of a bin, as `Arrays.binarySearch` answers. */
  private static int find(byte[] value, int bin) {
    int low = 0;
    int high = bins(value) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = bin(value, middle);
      if (found == bin) return middle;
      if (found < bin) low = middle + 1;
      else high = middle - 1;
    }
    return -low - 1;
  }

  /** Members of a JSON object, without its braces: the counters, and the bins as pairs of number and count. */
  public static String json(byte[] value) {
    StringBuilder text = new StringBuilder(128);
    text.append("\"opened\":").append(counter(value, OPENED)).append(",\"handled\":").append(counter(value, HANDLED));
    text.append(",\"resolved\":").append(counter(value, RESOLVED)).append(",\"replies\":").append(counter(value, REPLIES));
    text.append(",\"sumMs\":").append(counter(value, REPLY_SUM)).append(",\"within\":").append(counter(value, REPLIES_WITHIN));
    text.append(",\"bins\":[");
    for (int index = 0; index < bins(value); index++) {
      if (index > 0) text.append(',');
      text.append(bin(value, index)).append(',').append(binCount(value, index));
    }
    return text.append(']').toString();
  }
}
