// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clockifylakehouse.stream.Row;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is guessed from one record about the next changes nothing that is read. */
class FieldOrderTest {
  private static final List<String> FIELDS =
      List.of(
          "\"id\": \"1\"",
          "\"text\" : \"x\"",
          "\"fl\\u0061g\":true",
          "\"small\":\n7",
          "\"large\": null",
          "\"real\": 2.5",
          "\"day\": \"2026-11-22\"",
          "\"at\": \"2026-11-22T10:00:00Z\"",
          "\"mixed\": {\"text\": [1]}",
          "\"items\": [{\"amount\": 1, \"more\": 2}, {\"amount\": 3}, {\"other\": 4, \"amount\": 5}]",
          "\"numbers\": [1, 2]",
          "\"unknown\": {\"id\": 2}",
          "\"tex\": \"shorter\"",
          "\"texts\": \"longer\"",
          "\"\": \"nameless\"");
  private static final List<String> STATUS =
      List.of("\"state\": \"open\"", "\"inner\": {\"deep\": 5}", "\"else\": 1");

  private final StreamDefinition things = Fixture.catalog(RecordReaderTest.THINGS).stream("things");

  private static String record(Random random) {
    List<String> status = new ArrayList<>(STATUS);
    List<String> fields = new ArrayList<>(FIELDS);
    if (random.nextBoolean()) { // else it looks like the one before
      Collections.shuffle(status, random);
      Collections.shuffle(fields, random);
      fields.removeIf(field -> !field.startsWith("\"id\"") && random.nextInt(4) == 0);
      status.removeIf(field -> random.nextInt(4) == 0);
    }
    fields.add(random.nextInt(fields.size()), "\"status\": {" + String.join(", ", status) + "}");
    return "{" + String.join(random.nextBoolean() ? "," : " ,\n ", fields) + "}";
  }

  /** Ends each read anywhere, also within a name. */
  private static InputStream inPieces(String json, Random random) {
    return new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(40)));
      }
    };
  }

  @Test
  void meansNothing() throws IOException {
    Random random = new Random(20261122L);
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      records.add(record(random));
    }
    RecordReader reader = new RecordReader(things, List.of());
    Reading reading = new Reading("");
    List<Row> rows = new ArrayList<>();
    InputStream body = inPieces("[" + String.join(",", records) + "]", random);
    try (JsonParser parser = JsonText.parser(body)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        rows.add(reader.read(parser, Fixture.WORKSPACE, rows.size(), reading));
      }
    }
    assertThat(rows).hasSameSizeAs(records);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i))
          .as(records.get(i))
          .isEqualTo(Fixture.read(things, Fixture.WORKSPACE, records.get(i)).row());
    }
  }
}
