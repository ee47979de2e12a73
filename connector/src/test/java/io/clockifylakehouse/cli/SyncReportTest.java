// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockifylakehouse.destination.RowCounts;
import io.clockifylakehouse.destination.SyncStamp;
import io.clockifylakehouse.error.ErrorCode;
import io.clockifylakehouse.http.Traffic;
import io.clockifylakehouse.source.Drift;
import io.clockifylakehouse.sync.StreamResult;
import io.clockifylakehouse.sync.StreamResult.Status;
import io.clockifylakehouse.sync.SyncResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Golden files; {@code -Dgolden=write} rewrites them, and the difference is reviewed. */
class SyncReportTest {
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "io", "clockifylakehouse", "cli");
  private static final Instant START = Instant.parse("2026-11-21T08:00:00.123456Z");
  private static final Traffic TRAFFIC = new Traffic(1234, 5, 2, 3.14159, 9.4996, 0.2);
  private static final Map<String, String> NAMES =
      Map.of("w1", "Agentur Übersee\n\u001b[31m 東京 GmbH & Co. KG, Hamburg", "w2", "Small");

  private static StreamResult stream(
      String name, String workspace, Status status, String reason, RowCounts rows) {
    return new StreamResult(
        name,
        Optional.ofNullable(workspace),
        status,
        Optional.ofNullable(reason),
        Optional.ofNullable(reason).map(r -> ErrorCode.FORBIDDEN),
        rows,
        status == Status.OK
            ? new Drift(new TreeSet<>(Set.of("b", "a[].c")), Set.of("d"), 1200, 1)
            : Drift.NONE,
        status == Status.OK ? OptionalLong.of(7_000_000_000L) : OptionalLong.empty(),
        Optional.empty(),
        Duration.ofMillis(12_345));
  }

  private static SyncResult partial() {
    return new SyncResult(
        "sync",
        new SyncStamp("20261121T080000Z-abcd", START),
        START.plusSeconds(83),
        3,
        Optional.empty(),
        TRAFFIC,
        List.of(
            stream("workspaces", null, Status.UNCHANGED, null, new RowCounts(2, 0, 0, 0, 2)),
            stream(
                "time_entries_in_progress",
                "w1",
                Status.OK,
                null,
                new RowCounts(1_234_567, 1_200_000, 4_567, 89, 30_000)),
            stream("tags", "w2", Status.OK, null, new RowCounts(3, 0, 0, 1, 3)),
            stream(
                "expenses",
                "w1",
                Status.FORBIDDEN,
                "expenses{workspace_id=w1}: GET https://api.clockify.me answered 403 'Feature not"
                    + " available': the plan of this workspace does not have it",
                RowCounts.NONE)),
        NAMES);
  }

  private static SyncResult stopped() {
    String reason = "GET /user answered 401: the key is unknown";
    return new SyncResult(
        "sync",
        new SyncStamp("20261121T080000Z-abcd", START),
        START.plusMillis(450),
        77,
        Optional.of(reason),
        TRAFFIC,
        List.of(
            stream("user", null, Status.FAILED, reason, RowCounts.NONE),
            stream("tags", null, Status.SKIPPED, reason, RowCounts.NONE)),
        Map.of());
  }

  private static void assertGolden(String name, String actual) throws IOException {
    Path file = GOLDEN.resolve(name);
    if ("write".equals(System.getProperty("golden"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, actual);
    }
    assertThat(actual).isEqualTo(Files.readString(file));
  }

  private static String text(SyncResult result) {
    return new SyncReport(
            result, "/data/lakehouse/clockify/<stream>", List.of("Next: look"), Style.PLAIN)
        .text();
  }

  private static String json(SyncResult result) throws JsonProcessingException {
    return new ObjectMapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(ResultJson.of(result, "clockify"))
        + "\n";
  }

  @Test
  void aPartialRunAsText() throws IOException {
    String text = text(partial());
    assertThat(text.lines()).allMatch(line -> Display.width(line) <= Display.WIDTH);
    assertGolden("sync-partial.txt", text);
  }

  @Test
  void aStoppedRunAsText() throws IOException {
    assertGolden("sync-stopped.txt", text(stopped()));
  }

  @Test
  void aPartialRunAsJson() throws IOException {
    assertGolden("sync-partial.json", json(partial()));
  }

  @Test
  void aStoppedRunAsJson() throws IOException {
    assertGolden("sync-stopped.json", json(stopped()));
  }

  @Test
  void onlyWhatWentWellHasTheNextSteps() {
    SyncResult ok =
        new SyncResult(
            "demo",
            partial().stamp(),
            START.plusSeconds(1),
            0,
            Optional.empty(),
            TRAFFIC,
            partial().streams().subList(0, 1),
            NAMES);
    assertThat(text(ok)).contains("ok (exit 0): 2 rows in 1.0 s").endsWith("Next: look\n");
    assertThat(text(ok)).doesNotContain("CHANGES");
    assertThat(text(partial())).doesNotContain("Next: look");
  }
}
