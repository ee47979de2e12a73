// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.util.Native;
import com.github.luben.zstd.util.ZstdVersion;
import io.clockifylakehouse.iceberg.TableRows;
import io.clockifylakehouse.simulator.Account;
import io.clockifylakehouse.simulator.ClockifySimulator;
import io.clockifylakehouse.simulator.SimulatorSettings;
import io.clockifylakehouse.simulator.Truth;
import io.clockifylakehouse.simulator.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or may not be written, at the start and in the middle: real ones. */
@Timeout(300)
class FullDiskTest {
  @TempDir private Path directory;

  private ClockifySimulator simulator;

  @BeforeEach
  void startService() {
    serve(4_000);
  }

  private void serve(int entries) {
    simulator =
        ClockifySimulator.start(
            Account.tiny(41).with("time_entries", entries), SimulatorSettings.unlimited());
  }

  @AfterEach
  void stopService() {
    simulator.close();
  }

  @Test
  void aLimitOnTheSizeOfFilesFailsWhatIsLargerAndTheNextRunIsExact() throws Exception {
    assumeTrue(succeeds("bash", "-c", "ulimit -f 64"), "no ulimit -f here");
    stopService();
    serve(24_000); // more than are held in memory until they are written
    // The native library of Zstandard would unpack itself, and is larger than that.
    Path library = directory.resolve("libzstd.so");
    try (InputStream packed = Native.class.getResourceAsStream(nativeLibrary())) {
      assumeTrue(packed != null, "no Zstandard for this machine");
      Files.copy(packed, library);
    }
    Result limited =
        sync(
            List.of(
                "bash",
                "-c",
                "export JAVA_TOOL_OPTIONS=-DZstdNativePath=$0; ulimit -f 64; exec \"$@\"",
                library.toString()),
            warehouse());
    assertThat(limited.exitCode()).as(limited.err()).isEqualTo(3);
    assertThat(limited.reason("time_entries"))
        .contains("table clockify.time_entries", "File too large", "make room there");
    assertThat(limited.status("projects")).isEqualTo("ok");
    assertThat(TableRows.read(warehouse(), "time_entries")).isEmpty();
    assertThat(parquet(warehouse().resolve("clockify/time_entries"))).isEmpty();
    assertExactAfterRepair(warehouse());
  }

  @Test
  void aTableThatDoesNotFitFailsAloneAndTheNextRunIsExact() throws Exception {
    stopService();
    serve(24_000); // a megabyte; all the other tables take 1.8
    onDisk(
        "2400k",
        (full, warehouse) -> {
          assertThat(full.exitCode()).as(full.err()).isEqualTo(3);
          assertThat(full.reason("time_entries"))
              .contains("table clockify.time_entries", "No space left on device", "make room");
          assertThat(full.status("projects")).isEqualTo("ok");
          assertThat(full.status("workspaces")).isEqualTo("ok");
          assertThat(parquet(warehouse.resolve("clockify/time_entries"))).isEmpty();
        });
  }

  @Test
  void aDiskThatFillsUpLosesNothingAndTheNextRunIsExact() throws Exception {
    onDisk(
        "900k",
        (full, warehouse) -> {
          assertThat(full.exitCode()).as(full.out() + full.err()).isEqualTo(3);
          assertThat(full.json().toString() + full.err())
              .contains("No space left on device", "make room there");
          assertThat(full.reason("time_entries")).isNotEmpty();
        });
  }

  /** What is true of a run that fills its disk; the next one must be exact. */
  private interface Filled {
    void verify(Result full, Path warehouse) throws Exception;
  }

  private void onDisk(String size, Filled filled) throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()),
        "this user may not mount");
    try {
      Path warehouse = disk.resolve("lakehouse");
      filled.verify(sync(List.of(), warehouse), warehouse);
      assertThat(succeeds("mount", "-o", "remount,size=64m", disk.toString())).isTrue();
      assertExactAfterRepair(warehouse);
    } finally {
      assertThat(succeeds("umount", disk.toString())).isTrue();
    }
  }

  @Test
  void aDiskThatIsFullFromTheStartIsSaidBeforeAnyRequest() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk.toString()),
        "this user may not mount");
    try {
      int before = simulator.log().size();
      Files.write(disk.resolve("ballast"), new byte[16 << 10]);
      Result full = sync(List.of(), disk.resolve("lakehouse"));
      assertThat(full.exitCode()).as(full.err()).isEqualTo(78);
      assertThat(full.err()).contains("cannot write tables under", "No space left on device");
      assertThat(simulator.log().size()).isEqualTo(before);
    } finally {
      assertThat(succeeds("umount", disk.toString())).isTrue();
    }
  }

  @Test
  void aTableThatMayNotBeWrittenInTheMiddleIsNamedAndTheNextRunIsExact() throws Exception {
    List<String> plain = withoutPower();
    assertThat(sync(List.of(), warehouse()).exitCode()).isZero();
    for (String part : List.of("metadata", "data")) {
      Workspace workspace = simulator.world().workspaces().get(0);
      String id = workspace.records("clients").ids().get(0);
      workspace.records("clients").edit(id, client -> client.put("name", "while " + part));
      Path locked = warehouse().resolve("clockify/clients").resolve(part);
      assertThat(succeeds("chmod", "-R", "a-w", locked.toString())).isTrue();
      Set<Path> before = parquet(warehouse().resolve("clockify/clients"));
      Result refused = sync(plain, warehouse());
      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(3);
      assertThat(refused.reason("clients"))
          .contains("table clockify.clients", "let this user write there");
      assertThat(refused.status("tags")).isEqualTo("unchanged");
      assertThat(parquet(warehouse().resolve("clockify/clients"))).isEqualTo(before);
      assertThat(succeeds("chmod", "-R", "u+w", locked.toString())).isTrue();
      assertExactAfterRepair(warehouse());
    }
  }

  @Test
  void aWarehouseThatMayNotBeWrittenIsSaidBeforeAnyRequest() throws Exception {
    List<String> plain = withoutPower();
    assertThat(sync(List.of(), warehouse()).exitCode()).isZero();
    int before = simulator.log().size();
    assertThat(succeeds("chmod", "-R", "a-w", warehouse().toString())).isTrue();
    Result refused = sync(plain, warehouse());
    assertThat(succeeds("chmod", "-R", "u+w", warehouse().toString())).isTrue();
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(78);
    assertThat(refused.err()).contains("cannot write tables under", "may write");
    assertThat(simulator.log().size()).isEqualTo(before);
    assertExactAfterRepair(warehouse());
  }

  /** How to start a process that permissions count for: root's do not count by themselves. */
  private List<String> withoutPower() throws Exception {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    List<String> plain =
        List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner", "--");
    List<String> probe = new ArrayList<>(plain);
    probe.add("true");
    assumeTrue(succeeds(probe.toArray(String[]::new)), "root, and no setpriv to be less");
    return plain;
  }

  private static String nativeLibrary() {
    String machine = System.getProperty("os.arch");
    return "/linux/" + machine + "/libzstd-jni-" + ZstdVersion.VERSION + ".so";
  }

  private Path warehouse() {
    return directory.resolve("lakehouse");
  }

  /** What one process left behind. */
  private record Result(int exitCode, String out, String err) {
    JsonNode json() throws IOException {
      return new ObjectMapper().readTree(out);
    }

    JsonNode stream(String name) throws IOException {
      for (JsonNode stream : json().path("streams")) {
        if (stream.path("stream").asText().equals(name)) {
          return stream;
        }
      }
      throw new AssertionError("no " + name + " in " + out);
    }

    String status(String name) throws IOException {
      return stream(name).path("status").asText();
    }

    String reason(String name) throws IOException {
      return stream(name).path("reason").asText();
    }
  }

  private Result sync(List<String> launcher, Path warehouse) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("sync", "--output", "json"));
    arguments.addAll(CommandLineFixture.settings(simulator, warehouse));
    Process process =
        ConnectorProcess.start(
            launcher,
            ClockifyLakehouse.class,
            directory,
            Map.of("CLOCKIFY_API_KEY", simulator.apiKey()),
            arguments.toArray(String[]::new));
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    int exitCode = process.waitFor();
    return new Result(exitCode, Files.readString(directory.resolve("out")), err);
  }

  private void assertExactAfterRepair(Path warehouse) throws Exception {
    Result repaired = sync(List.of(), warehouse);
    assertThat(repaired.exitCode()).as(repaired.err()).isZero();
    for (String table : List.of("time_entries", "projects", "clients", "tags", "tasks")) {
      assertThat(ids(TableRows.read(warehouse, table)))
          .as(table)
          .isEqualTo(
              simulator.truth(table).stream()
                  .map(Truth::record)
                  .map(record -> record.path("id").asText())
                  .collect(Collectors.toSet()));
    }
    Set<Object> names = new HashSet<>();
    TableRows.read(warehouse, "clients").forEach(row -> names.add(row.get("name")));
    simulator
        .truth("clients")
        .forEach(truth -> assertThat(names).contains(truth.record().path("name").asText()));
  }

  private static Set<Object> ids(List<Map<String, Object>> rows) {
    Set<Object> ids = new HashSet<>();
    rows.forEach(row -> assertThat(ids.add(row.get("id"))).isTrue());
    return ids;
  }

  private static Set<Path> parquet(Path table) throws IOException {
    try (Stream<Path> paths = Files.walk(table)) {
      return paths.filter(p -> p.toString().endsWith(".parquet")).collect(Collectors.toSet());
    }
  }

  private static boolean succeeds(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
