package deskpulse.peer.streams;

import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Kafka Streams, exactly once: contacts, aggregates and waiting customers in state stores, read over HTTP by interactive queries. */
public final class Main {
  private static final int COMMIT_MS = 100;
  private static final long CACHE_BYTES = 64L << 20;

  public static void main(String[] args) throws Exception {
    Options options = Options.of(args);
    KafkaStreams streams = new KafkaStreams(topology(options), properties(options));
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    QueryServer.start(streams, options.port());
    streams.start();
  }

  private static Topology topology(Options options) {
    Topology topology = new Topology();
    topology.addSource("events", Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), options.topic());
    topology.addProcessor("fold", EventProcessor::new, "events");
    topology.addStateStore(store(options, EventProcessor.CONTACTS, Serdes.ByteArray()), "fold");
    topology.addStateStore(store(options, EventProcessor.AGGREGATES, Serdes.ByteArray()), "fold");
    topology.addStateStore(store(options, EventProcessor.WAITING, Serdes.Long()), "fold");
    return topology;
  }

  /** With a cache, what changes often between two commits is written once to the store and to its changelog. */
  private static <V> StoreBuilder<KeyValueStore<String, V>> store(Options options, String name, Serde<V> values) {
    KeyValueBytesStoreSupplier supplier =
        switch (options.store()) {
          case "memory" -> Stores.inMemoryKeyValueStore(name);
          case "rocksdb" -> Stores.persistentKeyValueStore(name);
          default -> throw new IllegalArgumentException("--store: memory or rocksdb, not " + options.store());
        };
    return Stores.keyValueStoreBuilder(supplier, Serdes.String(), values).withCachingEnabled();
  }

  /** Reads see commits alone where the stores are transactional; otherwise also what is not committed yet, which a crash may take back. */
  private static Properties properties(Options options) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, options.application());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.brokers());
    properties.put(StreamsConfig.STATE_DIR_CONFIG, options.stateDir());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_MS);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    if (options.committedReads()) {
      properties.put("enable.transactional.statestores", true);
      properties.put("default.interactive.query.isolation.level", "READ_COMMITTED");
    }
    properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    return properties;
  }
}
