// SPDX-License-Identifier: Apache-2.0
package io.clockifylakehouse.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockifylakehouse.stream.StreamCatalog;
import io.clockifylakehouse.stream.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules about the files themselves: what prose alone would let decay. */
class TidyTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path MAIN = ROOT.resolve("connector/src/main/java/io/clockifylakehouse");

  /** What a README calls by a type's name, in backticks. */
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*[A-Z][A-Za-z]*)`");

  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)[^)]*\\)");

  @Test
  void everyTypeThatAReadmeNamesExists() throws IOException {
    Set<String> types =
        javaFiles().stream()
            .map(path -> path.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    for (Path readme : readmes()) {
      Matcher matcher = TYPE.matcher(Files.readString(readme));
      while (matcher.find()) {
        assertThat(types).as("named in %s", ROOT.relativize(readme)).contains(matcher.group(1));
      }
    }
  }

  @Test
  void everyLinkOfAReadmeLeadsSomewhere() throws IOException {
    for (Path readme : readmes()) {
      Matcher matcher = LINK.matcher(Files.readString(readme));
      while (matcher.find()) {
        assertThat(readme.resolveSibling(matcher.group(1)))
            .as("linked from %s", ROOT.relativize(readme))
            .exists();
      }
    }
  }

  @Test
  void noStreamsNameStandsInTheGeneralCode() throws IOException {
    List<String> names =
        StreamCatalog.packaged().streams().stream().map(StreamDefinition::name).toList();
    for (Path path : javaFiles()) {
      Path inMain = MAIN.relativize(path);
      boolean general =
          path.startsWith(MAIN)
              && !List.of("simulator", "cli", "config", "report", "verification")
                  .contains(inMain.getName(0).toString());
      String code = general ? Files.readString(path) : "";
      for (String name : names) {
        assertThat(code).as("%s", inMain).doesNotContain("\"" + name + "\"");
      }
    }
  }

  @Test
  void everyFileNamesItsLicence() throws IOException {
    for (Path path : javaFiles()) {
      assertThat(Files.readAllLines(path).get(0))
          .as("%s", ROOT.relativize(path))
          .isEqualTo("// SPDX-License-Identifier: Apache-2.0");
    }
  }

  @Test
  void noFileIsTooLongToRead() throws IOException {
    for (Path path : javaFiles()) {
      assertThat(Files.readAllLines(path).size())
          .as("lines of %s", ROOT.relativize(path))
          .isLessThanOrEqualTo(path.startsWith(MAIN) ? 400 : 500);
    }
  }

  private static List<Path> javaFiles() throws IOException {
    try (Stream<Path> paths = Files.walk(ROOT.resolve("connector/src"))) {
      return paths.filter(path -> path.toString().endsWith(".java")).toList();
    }
  }

  private static List<Path> readmes() throws IOException {
    List<Path> readmes = new ArrayList<>();
    for (String folder : List.of(".", "config", "connector", "docker", "schemas")) {
      Path readme = ROOT.resolve(folder).resolve("README.md").normalize();
      if (Files.exists(readme)) {
        readmes.add(readme);
      }
    }
    return readmes;
  }
}
