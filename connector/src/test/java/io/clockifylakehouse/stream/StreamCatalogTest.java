// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockifylakehouse.error.ConnectorException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamCatalogTest {
  private static final List<String> FILES =
      List.of(StreamFiles.SPACES, StreamFiles.USERS, StreamFiles.ENTRIES, StreamFiles.ITEMS);

  @Test
  void putsParentsFirstWhateverTheOrderOfTheFiles() {
    List<String> reversed = new ArrayList<>(FILES);
    Collections.reverse(reversed);

    assertThat(StreamFiles.catalog(reversed).streams().stream().map(StreamDefinition::name))
        .containsExactly("spaces", "users", "entries", "items");
  }

  @Test
  void knowsParentsAndEmbeddedStreams() {
    StreamCatalog catalog = StreamFiles.catalog();
    StreamDefinition entries = catalog.stream("entries");

    assertThat(catalog.parent(entries)).contains(catalog.stream("users"));
    assertThat(catalog.parent(catalog.stream("items"))).contains(entries);
    assertThat(catalog.parent(catalog.stream("spaces"))).isEmpty();
    assertThat(catalog.embeddedIn(entries)).containsExactly(catalog.stream("items"));
  }

  @Test
  void readsParentIdsFromTheParentAndFromElsewhere() {
    StreamCatalog catalog = StreamFiles.catalog();
    StreamDefinition entries = catalog.stream("entries");

    assertThat(catalog.parentIds(entries, new Placeholder("users", "id")))
        .extracting(ColumnPath::toString)
        .containsExactly("users.id", "spaces.members.user_id");
    assertThat(catalog.parentIds(entries, new Placeholder("spaces", "id")))
        .extracting(ColumnPath::toString)
        .containsExactly("spaces.id");
  }

  @Test
  void offersTheNearestNameForAnUnknownStream() {
    assertThatThrownBy(() -> StreamFiles.catalog().stream("entires"))
        .isInstanceOf(ConnectorException.class)
        .hasMessage("unknown stream 'entires'; did you mean 'entries'?");
  }

  @Test
  void refusesTwoFilesForOneStream() {
    assertThatThrownBy(() -> StreamFiles.catalog(List.of(StreamFiles.SPACES, StreamFiles.SPACES)))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("'spaces' is declared twice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 | spaces.members.user_id     | space.members.user_id   | stream 'entries': parents: unknown stream 'space'; did you mean 'spaces'?
          2 | spaces.members.user_id     | spaces.members.users_id | column path 'members.users_id' of stream 'spaces': 'users_id' is no column; did you mean 'user_id'?
          2 | spaces.members.user_id     | spaces.members          | column path 'members' of stream 'spaces': ends at an object
          2 | spaces.members.user_id     | spaces                  | column path '' of stream 'spaces': '' is no column
          2 | spaces.members.user_id     | users.age               | stream 'entries': 'users.age' cannot be a parent's id: it is no text
          2 | spaces.members.user_id     | items.entry_id          | in a circle: entries -> items -> entries
          2 | /user/{users.id}/          | /user/{users.idd}/      | parents: '{users.id}' is no placeholder
          1 | /spaces/{spaces.id}/       | /spaces/{spaces.ids}/   | column path 'ids' of stream 'spaces': 'ids' is no column; did you mean 'id'?
          1 | /spaces/{spaces.id}/       | /spaces/{users.id}/     | in a circle: users -> users
          3 | stream: entries            | stream: entrys          | stream 'items': embedded.stream: unknown stream 'entrys'; did you mean 'entries'?
          3 | records: items             | records: item           | stream 'items': embedded.records: 'item' is no list of objects in 'entries'
          3 | records: items             | records: grid           | stream 'items': embedded.records: 'grid' is no list of objects in 'entries'
          3 | scope: [space_id, entry_id] | scope: [spice_id, entry_id] | stream 'items': scope: 'spice_id' is no column of 'entries'
          3 | scope: [space_id, entry_id]\\nkey: [entry_id, order] | key: [order] | stream 'items': scope: missing
          """)
  void saysWhichStreamNamesWhatIsNotThere(int file, String from, String to, String message) {
    List<String> files = new ArrayList<>(FILES);
    String before = from.translateEscapes();
    assertThat(files.get(file)).contains(before);
    files.set(file, files.get(file).replace(before, to));

    assertThatThrownBy(() -> StreamFiles.catalog(files))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesAnEmbeddingStreamWithoutId() {
    List<String> files = new ArrayList<>(FILES);
    files.set(
        2,
        StreamFiles.ENTRIES
            .replace("key: [id]", "key: [code]")
            .replace(
                "  id: {type: string, doc: Id.}\n  userId",
                "  code: {type: string, doc: C.}\n  userId"));

    assertThatThrownBy(() -> StreamFiles.catalog(files))
        .isInstanceOf(ConnectorException.class)
        .hasMessageContaining("'entries' has no column 'id' to fill 'entry_id' from");
  }

  @Test
  void refusesAFileThatIsNotCalledLikeItsStream(@TempDir Path folder) throws IOException {
    Files.createDirectory(folder.resolve("streams"));
    Files.writeString(folder.resolve("streams/space.yaml"), StreamFiles.SPACES);

    assertThatThrownBy(() -> StreamCatalog.load(folder))
        .isInstanceOf(ConnectorException.class)
        .hasMessage("streams/space.yaml: stream: 'spaces' is not what the file is called");
  }

  @Test
  void readsThePackagedFilesOutOfAJar(@TempDir Path folder) throws IOException {
    Path jar = folder.resolve("connector lib.jar");
    Path schemas = Path.of("..", "schemas");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(schemas)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
        String name = schemas.relativize(file).toString().replace('\\', '/');
        entries.putNextEntry(new ZipEntry("schemas/" + name));
        entries.write(Files.readAllBytes(file));
        entries.closeEntry();
      }
    }

    try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      assertThat(StreamCatalog.packaged(classes).streams())
          .isEqualTo(StreamCatalog.packaged().streams())
          .hasSizeGreaterThan(1);
    }
  }

  @Test
  void saysThatTheBuildLeftOutTheStreamFiles() throws IOException {
    try (URLClassLoader classes = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(() -> StreamCatalog.packaged(classes))
          .isInstanceOf(ConnectorException.class)
          .hasMessageContaining("the build left out the stream files");
    }
  }
}
