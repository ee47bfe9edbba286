package deskpulse.peer.streams;

import deskpulse.peer.Aggregate;
import deskpulse.peer.Buckets;
import deskpulse.peer.ContactFold;
import deskpulse.peer.ContactState;
import deskpulse.peer.Dimensions;
import deskpulse.peer.Event;
import deskpulse.peer.Facts;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Events of a tenant, in one partition: folds its contacts, and counts what comes of it in all slices and buckets, in one task and so in one
 * transaction. No repartition topic lies between, since the key of everything is the tenant.
 */
final class EventProcessor implements Processor<String, byte[], Void, Void>, Facts {
  static final String CONTACTS = "contacts";
  static final String AGGREGATES = "aggregates";
  static final String WAITING = "waiting";

  private KeyValueStore<String, byte[]> contacts;
  private KeyValueStore<String, byte[]> aggregates;
  private KeyValueStore<String, Long> waiting;
  private String tenant;

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    contacts = context.getStateStore(CONTACTS);
    aggregates = context.getStateStore(AGGREGATES);
    waiting = context.getStateStore(WAITING);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Event event = Event.parse(record.value());
    if (event.contactId == null) return;
    tenant = event.tenant;
    String key = tenant + '|' + event.contactId;
    byte[] stored = contacts.get(key);
    ContactState state = stored == null ? new ContactState() : ContactState.decode(stored);
    ContactFold.apply(state, event, this);
    contacts.put(key, state.encode());
  }

  @Override
  public void count(int counter, long delta, long atMs, Dimensions dimensions, Dimensions.Scope scope) {
    for (String slice : dimensions.slices(scope)) {
      for (int resolution = 0; resolution < Buckets.NAMES.length; resolution++) {
        String key = Buckets.key(tenant, slice, resolution, Buckets.startMs(resolution, atMs));
        aggregates.put(key, Aggregate.add(aggregates.get(key), counter, delta));
      }
    }
  }

  @Override
  public void reply(long atMs, long waitMs, boolean within, Dimensions dimensions) {
    for (String slice : dimensions.slices(Dimensions.Scope.BOTH)) {
      for (int resolution = 0; resolution < Buckets.NAMES.length; resolution++) {
        String key = Buckets.key(tenant, slice, resolution, Buckets.startMs(resolution, atMs));
        aggregates.put(key, Aggregate.addReply(aggregates.get(key), waitMs, within));
      }
    }
  }

  @Override
  public void waiting(long delta, Dimensions dimensions) {
    for (String slice : dimensions.slices(Dimensions.Scope.BOTH)) {
      String key = tenant + '|' + slice;
      Long before = waiting.get(key);
      waiting.put(key, (before == null ? 0 : before) + delta);
    }
  }
}
