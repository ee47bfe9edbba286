package deskpulse.peer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;

/** The attributes of a canonical event that the common KPIs read. A schema is not checked: a field of another type is an error. */
public final class Event {
  private static final JsonFactory JSON = new JsonFactory();

  public String type;
  public String tenant;
  public long timeMs;
  public String contactId;
  public String queue;
  public String agentId;
  public String channel;
  public String direction;
  public String openedBy;
  public String handledBy;
  public String from;
  public String to;
  public String mode;
  public boolean isPrivate;
  public boolean automatic;

  public static Event parse(byte[] json) {
    Event event = new Event();
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "type" -> event.type = parser.getText();
          case "tenant" -> event.tenant = parser.getText();
          case "time" -> event.timeMs = Instant.parse(parser.getText()).toEpochMilli();
          case "data" -> event.readData(parser);
          default -> parser.skipChildren();
        }
      }
    } catch (IOException error) {
      throw new IllegalArgumentException("no event", error);
    }
    return event;
  }

  private void readData(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "contactId" -> contactId = parser.getText();
        case "queue" -> queue = parser.getText();
        case "agentId" -> agentId = parser.getText();
        case "channel" -> channel = parser.getText();
        case "direction" -> direction = parser.getText();
        case "openedBy" -> openedBy = parser.getText();
        case "handledBy" -> handledBy = parser.getText();
        case "from" -> from = parser.getText();
        case "to" -> to = parser.getText();
        case "mode" -> mode = parser.getText();
        case "visibility" -> isPrivate = "private".equals(parser.getText());
        case "automatic" -> automatic = parser.getBooleanValue();
        default -> parser.skipChildren();
      }
    }
  }
}
