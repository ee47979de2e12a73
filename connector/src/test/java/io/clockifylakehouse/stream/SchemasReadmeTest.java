// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * That the table of streams in the README of schemas/ says what the files say; {@code
 * -Dregenerate=true} rewrites it.
 */
class SchemasReadmeTest {
  private static final Path README = Path.of("..", "schemas", "README.md");
  private static final String BEGIN = "<!-- streams: generated, see SchemasReadmeTest -->\n";
  private static final String END = "<!-- end of streams -->\n";

  @Test
  void listsTheStreamsAsTheirFilesDeclareThem() throws IOException {
    String text = Files.readString(README);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    assertThat(begin).isGreaterThanOrEqualTo(BEGIN.length());
    assertThat(end).isGreaterThanOrEqualTo(begin);

    String expected = text.substring(0, begin) + table() + text.substring(end);
    if (Boolean.getBoolean("regenerate")) {
      Files.writeString(README, expected);
      text = Files.readString(README);
    }

    assertThat(text).isEqualTo(expected);
  }

  private static String table() {
    StreamCatalog catalog = StreamCatalog.packaged();
    StringBuilder table =
        new StringBuilder("| stream | endpoint | parent | key | plan | rows |\n")
            .append("| --- | --- | --- | --- | --- | --- |\n");
    for (StreamDefinition stream : catalog.streams()) {
      table
          .append(
              "| `%s` | %s | %s | "
                  .formatted(stream.name(), where(stream), parent(catalog, stream)))
          .append("`%s` | ".formatted(String.join(", ", stream.key())))
          .append("%s | %s |\n".formatted(stream.plan(), stream.doc()));
    }
    return table.toString();
  }

  private static String where(StreamDefinition stream) {
    if (stream.embedded().isPresent()) {
      Embedded embedded = stream.embedded().get();
      return "`%s` of each `%s` record"
          .formatted(String.join(".", embedded.records()), embedded.stream());
    }
    Endpoint endpoint = stream.endpoint().orElseThrow();
    String host =
        endpoint.host() == Host.MAIN
            ? ""
            : " (" + endpoint.host().name().toLowerCase(Locale.ROOT) + " host)";
    return "`%s %s`%s".formatted(endpoint.method(), endpoint.path(), host);
  }

  private static String parent(StreamCatalog catalog, StreamDefinition stream) {
    return catalog.parent(stream).map(p -> "`" + p.name() + "`").orElse("");
  }
}
