// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.Records;
import io.clockifylakehouse.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The packaged connector as a process, against an account of so many time entries: the initial
 * load, an unchanged sync, one after the latest hundredth of the entries was edited, and a full
 * pass; with the floors beside them.
 */
final class WholeProcess {
  private static final int ENTRIES_PER_PAGE = 5_000;
  private static final int EDITED_SHARE = 100;
  private static final List<String> SYNC = List.of("sync");
  private static final List<String> FULL = List.of("sync", "--full");

  /** Requests per second that no run comes to. */
  private static final double UNTHROTTLED = 1000;

  /** It only fills the pages. */
  private static final String RENDERING = "-Xmx2g";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connector connector;
  private final List<String> load;
  private final double rate;
  private final Path directory;

  /**
   * @param load the command of the initial load, with its options
   * @param rate requests per second that the initial load may make at most
   * @param directory for warehouses and output; emptied by nobody
   */
  WholeProcess(Connector connector, List<String> load, double rate, Path directory) {
    this.connector = connector;
    this.load = load;
    this.rate = rate;
    this.directory = directory;
  }

  /** Measures one size; one JSON object for each row of the table. */
  List<ObjectNode> measure(int entries) throws IOException, InterruptedException {
    Account account =
        Account.tiny(1)
            .with("workspace_users", Math.max(10, entries / ENTRIES_PER_PAGE))
            .with("projects", 10)
            .with("time_entries", entries);
    List<ObjectNode> rows = new ArrayList<>();
    try (ClockifySimulator simulator =
            ClockifySimulator.start(account, SimulatorSettings.unlimited());
        RenderedPages pages = new RenderedPages(simulator.main())) {
      Run render =
          new Run("rendering", "render-" + entries, load, UNTHROTTLED, connector.with(RENDERING));
      run(simulator, pages, entries, render);
      Path addresses = directory.resolve("addresses-" + entries);
      Files.write(addresses, pages.entryPages());
      Child.Figures tokens = floor("tokens", addresses);
      rows.add(row(entries, "floor: tokens", tokens));
      Child.Figures parquet = floor("parquet", addresses);
      rows.add(row(entries, "floor: parquet", parquet));
      String lake = "lake-" + entries;
      rows.add(
          run(simulator, pages, entries, new Run("initial load", lake, load, rate, connector)));
      rows.add(
          run(simulator, pages, entries, new Run("unchanged", lake, SYNC, UNTHROTTLED, connector)));
      edit(simulator.world().workspaces().get(0).records("time_entries"));
      pages.forget();
      for (List<String> command : List.of(SYNC, FULL)) { // they ask for other pages
        Run again = new Run("rendering", render.lake(), command, UNTHROTTLED, render.connector());
        run(simulator, pages, entries, again);
      }
      rows.add(
          run(
              simulator,
              pages,
              entries,
              new Run("1 % edited", lake, SYNC, UNTHROTTLED, connector)));
      rows.add(
          run(simulator, pages, entries, new Run("full pass", lake, FULL, UNTHROTTLED, connector)));
      for (ObjectNode row : rows) {
        row.put("cpu_over_tokens", row.get("cpu_seconds").asDouble() / tokens.cpuSeconds());
        row.put("cpu_over_parquet", row.get("cpu_seconds").asDouble() / parquet.cpuSeconds());
      }
    }
    return rows;
  }

  /** Edits those that were made last: the service's ids begin with the second of that. */
  private static void edit(Records entries) {
    List<String> ids = entries.ids();
    ids.subList(ids.size() - ids.size() / EDITED_SHARE, ids.size())
        .forEach(id -> entries.edit(id, record -> record.put("description", "edited")));
  }

  private Child.Figures floor(String mode, Path addresses)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(List.of(connector.javaOptions().split("\\s+")));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Floor.class.getName(),
            mode,
            addresses.toString(),
            directory.resolve("floor.parquet").toString()));
    return Child.run(command, Map.of(), directory.resolve("floor.out"));
  }

  /**
   * A run of the connector.
   *
   * @param what for the table
   * @param lake name of its warehouse
   * @param command with its options
   * @param rate requests per second that it may make at most
   */
  private record Run(
      String what, String lake, List<String> command, double rate, Connector connector) {}

  private ObjectNode run(ClockifySimulator simulator, RenderedPages pages, int entries, Run run)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(run.command());
    Path warehouse = directory.resolve(run.lake());
    for (String setting :
        List.of(
            "source.base_url=" + pages.base(),
            "source.rate_limit.start=" + run.rate(),
            "source.rate_limit.max=" + run.rate(),
            "destination.catalog.warehouse=" + warehouse)) {
      arguments.addAll(List.of("--set", setting));
    }
    Path result = directory.resolve("result.json");
    arguments.addAll(List.of("--result-file", result.toString(), "--log-level", "warn"));
    long bytesBefore = bytes(warehouse);
    pages.begin();
    Child.Figures figures =
        run.connector().run(arguments, simulator.apiKey(), directory.resolve("sync.out"));
    ObjectNode row = row(entries, run.what(), figures);
    row.put("requests", pages.requests());
    row.put("wall_over_cap", figures.wallSeconds() * run.rate() / pages.requests());
    row.put("first_request_seconds", (pages.firstNanos() - figures.startNanos()) / 1e9);
    row.put("bytes_received", pages.bytesServed());
    row.put("bytes_written", bytes(warehouse) - bytesBefore);
    long read = 0;
    for (JsonNode stream : JSON.readTree(result.toFile()).get("streams")) {
      read += stream.get("rows").get("read").asLong();
    }
    row.put("rows_read", read);
    return row;
  }

  private static ObjectNode row(int entries, String what, Child.Figures figures) {
    ObjectNode row = JSON.createObjectNode();
    row.put("entries", entries);
    row.put("what", what);
    row.put("wall_seconds", figures.wallSeconds());
    row.put("cpu_seconds", figures.cpuSeconds());
    row.put("peak_bytes", figures.peakBytes());
    return row;
  }

  private static long bytes(Path warehouse) throws IOException {
    if (!Files.exists(warehouse)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(warehouse)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
