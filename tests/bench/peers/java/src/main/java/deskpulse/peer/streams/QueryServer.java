package deskpulse.peer.streams;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import deskpulse.peer.Aggregate;
import deskpulse.peer.Buckets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * `/v1/tenants/{tenant}/kpis/live`: contacts opened in the last 60 minutes of all slices, in the form of Deskpulse's API, whatever else is asked.
 * `/dump/{tenant}`: everything that is counted, a line of JSON each. Status 503 until the stores can be read.
 */
final class QueryServer {
  private static final int WINDOW_MINUTES = 60;
  private final KafkaStreams streams;
  private ReadOnlyKeyValueStore<String, byte[]> aggregates;
  private ReadOnlyKeyValueStore<String, Long> waiting;

  private QueryServer(KafkaStreams streams) {
    this.streams = streams;
  }

  static void start(KafkaStreams streams, int port) throws IOException {
    QueryServer queries = new QueryServer(streams);
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.setExecutor(Executors.newFixedThreadPool(2));
    server.createContext("/v1/tenants/", exchange -> answer(exchange, queries::live));
    server.createContext("/dump/", exchange -> answer(exchange, queries::dump));
    server.start();
  }

  private synchronized void find() {
    if (streams.state() != KafkaStreams.State.RUNNING) throw new InvalidStateStoreException(streams.state().name());
    if (aggregates != null) return;
    aggregates = streams.store(StoreQueryParameters.fromNameAndType(EventProcessor.AGGREGATES, QueryableStoreTypes.keyValueStore()));
    waiting = streams.store(StoreQueryParameters.fromNameAndType(EventProcessor.WAITING, QueryableStoreTypes.keyValueStore()));
  }

  private String live(URI asked) {
    find();
    String tenant = asked.getPath().split("/")[3];
    long nowMinute = System.currentTimeMillis() / Buckets.MINUTE_MS;
    long opened = 0;
    for (long minute = nowMinute - WINDOW_MINUTES + 1; minute <= nowMinute; minute++) {
      byte[] value = aggregates.get(Buckets.key(tenant, "all", 0, minute * Buckets.MINUTE_MS));
      if (value != null) opened += Aggregate.counter(value, Aggregate.OPENED);
    }
    return "{\"rows\":[{\"kpis\":{\"contacts_opened\":{\"value\":" + opened + "}}}]}";
  }

  /** Lines `{"key":"slice|m|minute","opened":…}`, and `{"key":"slice|w","waiting":…}`. */
  private String dump(URI asked) {
    find();
    StringBuilder text = new StringBuilder(1 << 20);
    String prefix = asked.getPath().split("/")[2] + '|';
    try (KeyValueIterator<String, byte[]> all = aggregates.prefixScan(prefix, new StringSerializer())) {
      while (all.hasNext()) {
        KeyValue<String, byte[]> one = all.next();
        appendKey(text, one.key, prefix).append("\",").append(Aggregate.json(one.value)).append("}\n");
      }
    }
    try (KeyValueIterator<String, Long> all = waiting.prefixScan(prefix, new StringSerializer())) {
      while (all.hasNext()) {
        KeyValue<String, Long> one = all.next();
        appendKey(text, one.key, prefix).append("|w\",\"waiting\":").append(one.value).append("}\n");
      }
    }
    return text.toString();
  }

  private static StringBuilder appendKey(StringBuilder text, String key, String prefix) {
    return text.append("{\"key\":\"").append(key, prefix.length(), key.length());
  }

  private static void answer(HttpExchange exchange, Function<URI, String> find) throws IOException {
    int status = 200;
    byte[] body;
    try {
      body = find.apply(exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
    } catch (InvalidStateStoreException error) {
      status = 503;
      body = error.getMessage().getBytes(StandardCharsets.UTF_8);
    }
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
