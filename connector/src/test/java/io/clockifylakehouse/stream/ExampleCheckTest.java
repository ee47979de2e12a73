// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExampleCheckTest {
  @Test
  void findsUnknownAndWronglyTypedValuesAtAnyDepth() {
    ExampleCheck check =
        check(
            "{id: 7, token: secret, userId: u, interval: {start: yesterday, note: x},"
                + " owner: {id: o, homes: [1]}, items: [{order: '1', colour: red}], grid: [[1.5]]}");

    assertThat(check.faults())
        .containsExactlyInAnyOrder(
            "id is no STRING: 7",
            "interval.start is no TIMESTAMP: \"yesterday\"",
            "interval.note is no field",
            "owner.homes[] is no STRING: 1",
            "items[].order is no LONG: \"1\"",
            "items[].colour is no field",
            "grid[][] is no LONG: 1.5");
    assertThat(check.missing()).containsExactly("interval.end", "interval.duration");
  }

  @Test
  void acceptsARecordThatFits() {
    ExampleCheck check =
        check(
            "{id: e, userId: null, interval: {start: '2026-01-01T00:00:00.123456789+02:00',"
                + " end: null, duration: null}, owner: null, items: [], grid: [[1], []]}");

    assertThat(check.faults()).isEmpty();
    assertThat(check.missing()).isEmpty();
  }

  private static ExampleCheck check(String example) {
    String entries = StreamFiles.ENTRIES.replace("{id: e, owner: {id: u}}", example);
    return new ExampleCheck(
        StreamFiles.catalog(List.of(StreamFiles.SPACES, StreamFiles.USERS, entries)).stream(
            "entries"));
  }
}
