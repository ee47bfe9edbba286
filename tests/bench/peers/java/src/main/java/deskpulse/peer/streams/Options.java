package deskpulse.peer.streams;

import java.util.HashMap;
import java.util.Map;

/** `--name value` each; all must be given. `application`: names the consumer group, the changelogs, and the process to those who measure it. */
record Options(String application, String brokers, String topic, String stateDir, String store, boolean committedReads, int port) {
  static Options of(String[] args) {
    Map<String, String> given = new HashMap<>();
    for (int index = 0; index + 1 < args.length; index += 2) given.put(args[index].substring(2), args[index + 1]);
    return new Options(
        given.get("application"),
        given.get("brokers"),
        given.get("topic"),
        given.get("state-dir"),
        given.get("store"),
        Boolean.parseBoolean(given.get("committed-reads")),
        Integer.parseInt(given.get("port")));
  }
}
